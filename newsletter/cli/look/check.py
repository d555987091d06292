"""`newsletter check`: the gate before a send, for people and for CI."""

import sys
from collections.abc import Iterable
from dataclasses import asdict

import click

from newsletter.cli import already, offering, terminal
from newsletter.files.workspace import Workspace
from newsletter.model import Finding, Level

#: What rests on nothing that one could look up is told without it.
SAYS_NOTHING = ("", "editors' practice")

COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow"}


@click.command()
@click.argument("slug", shell_complete=offering.issues, required=False)
@click.option("--offline", is_flag=True, help="Do not try the links.")
@click.option("--no-spam", is_flag=True, help="Do not ask SpamAssassin.")
@click.option("--strict", is_flag=True, help="End with code 3 for warnings too.")
@terminal.reporting
def check(
    workspace: Workspace, slug: str | None, offline: bool, no_spam: bool, strict: bool, as_json: bool
) -> None:
    """Find what must not be sent in the issue SLUG (or the one saved last), for every language and reader.

    Each finding is a line, `place: level id: what`, and below it what to do. An error refuses the send, and ends
    this command with code 3; a warning does neither. Links are tried unless they answered lately. SpamAssassin is
    asked where it is installed. [gate] in newsletter.toml changes levels, each with a reason.

    \b
    Examples:
      newsletter check
      newsletter check 2025-06
      newsletter check 2025-06 --offline --strict
      newsletter check 2025-06 --json
    """
    from newsletter.cli.look import gating
    from newsletter.files import issues

    chosen = slug or issues.last(workspace.root)
    if not slug:
        terminal.say(f"Checking {chosen}, the issue saved last.")
    found = gating.findings(workspace, chosen, online=not offline, spam=not no_spam)
    if as_json:
        terminal.emit({"issue": chosen, "findings": [asdict(finding) for finding in found]})
    else:
        report(found, strict=strict)
        already.tell(workspace, chosen)
        off = [code for code, graded in workspace.settings.gate.levels.items() if graded.level is None]
        if off:
            terminal.say(f"Not looked for, by [gate] in newsletter.toml: {', '.join(off)}.")
    if any(strict or finding.level == Level.ERROR for finding in found):
        raise click.exceptions.Exit(terminal.FINDINGS)


def report(found: Iterable[Finding], *, strict: bool = False) -> None:
    """Print findings for people and programs: errors, then warnings, then what they come to, as `summary` says."""
    counts = dict.fromkeys(Level, 0)
    for finding in found:
        counts[finding.level] += 1
        click.echo(_line(finding))
        terminal.show(f"    → {finding.remedy}", hang=6)
        if finding.source in SAYS_NOTHING:
            click.echo()
        else:
            terminal.show(f"    {finding.source}\n", hang=4)
    click.echo(summary(counts[Level.ERROR], counts[Level.WARNING], strict=strict))


def _line(finding: Finding) -> str:
    """Return what was found and where, folded to the terminal, its place and level in colour."""
    place = terminal.plain(finding.place)
    head = f"{place}: {finding.level.value}"
    text = terminal.plain(f"{head} {finding.id}: {finding.message}")
    line = terminal.fold(text, terminal.columns(sys.stdout), hang=4)
    if not line.startswith(head):
        return line
    mark = click.style(finding.level.value, fg=COLOURS[finding.level], bold=finding.level == Level.ERROR)
    return f"{click.style(place, bold=True)}: {mark}{line[len(head) :]}"


def summary(errors: int, warnings: int, *, strict: bool = False) -> str:
    """Return the last line: what the findings come to; *strict*, that a warning counts as an error."""
    counted = f"{terminal.counted(errors, 'error')}, {terminal.counted(warnings, 'warning')}"
    if errors:
        return click.style(f"{counted}: this cannot be sent yet.", fg="red")
    if strict and warnings:
        return click.style(f"{counted}: not ready, as --strict asks for none.", fg="red")
    return click.style(f"{counted}: ready to send.", fg="green")
