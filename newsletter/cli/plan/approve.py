"""`newsletter approve`: say yes to an issue as it stands, so that nothing else can be sent."""

import getpass
import os
import shutil
import subprocess

import click

from newsletter import approval
from newsletter.cli import offering, terminal, wiring
from newsletter.cli.look import freezing, gating
from newsletter.cli.plan import approving
from newsletter.cli.plan.addressing import Wanted, rule_of
from newsletter.errors import RefusedError
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.model import Level


@click.command()
@click.argument("slug", shell_complete=offering.issues)
@click.option("--by", metavar="NAME", default="", help="Who approves; without it, your name in git or here.")
@offering.list_option("The list to send to; the issue may name it.")
@offering.segment_option("Only these readers of it, as for send.")
@offering.exclude_option("Not these readers, as for send.")
@click.option("--show", is_flag=True, help="Only say whether it is approved, and whether that still holds.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def approve(
    workspace: Workspace,
    slug: str,
    by: str,
    list_: str,
    segment: str,
    exclude: tuple[str, ...],
    show: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Approve the issue SLUG as it stands: its words and pictures, the theme, the settings, and who gets it.

    The gate runs first, and an error refuses it. Any later change voids the approval, and is named. With
    approval = true in [letter], `newsletter send` sends what was approved, byte for byte, or nothing. It is kept
    in issues/SLUG/approval.toml, which no one can write by hand; delete it to take it back.

    \b
    Examples:
      newsletter approve 2025-06
      newsletter approve 2025-06 --by "Eva Lind" --yes
      newsletter approve 2025-06 --show
    """
    wanted = Wanted(slug, list_, segment, exclude)
    issues = issuefiles.load(workspace, slug)
    with wiring.people(workspace) as connection:
        rule = rule_of(workspace, connection, issues, wanted)
        contents = freezing.contents(workspace, issues, rule, rule.possible())
        parts = approving.parts(workspace, issues, rule, contents)
        now = terminal.now()
        readers = sum(rule.sizes(connection, now).values())
    if show:
        _show(workspace, slug, parts, as_json)
        return
    warnings = _gate(workspace, slug)
    name = " ".join((by or _name()).split())
    told = f"{terminal.counted(len(contents), 'variant')}, {terminal.counted(warnings, 'warning')}"
    terminal.say(f"{slug}: “{issues[0].subject}”, {told}, {terminal.counted(readers, 'reader')} as of now")
    terminal.confirm(f"Approve it as {name}?", "nothing was approved", yes)
    made = approval.Approval(slug, name, now, parts)
    approving.write(workspace, made)
    _report(workspace, made, (), as_json)


def _gate(workspace: Workspace, slug: str) -> int:
    """Return how many warnings there are. Raise RefusedError for an error."""
    found = gating.findings(workspace, slug, online=True)
    errors = [one for one in found if one.level is Level.ERROR]
    if errors:
        first = f"{errors[0].place}: {errors[0].message}"
        what = f"the gate found {terminal.counted(len(errors), 'error')}, first: {first}"
        raise RefusedError(what, where=slug, remedy=f"`newsletter check {slug}` says what to do")
    return len(found)


def _show(workspace: Workspace, slug: str, parts: dict[str, str], as_json: bool) -> None:
    found = approving.read(workspace, slug)
    changed = approval.changes(found, parts)
    _report(workspace, found, changed, as_json)
    if changed:
        terminal.say(f"To mend that, {approval.remedy(found, changed)}")
        raise click.exceptions.Exit(terminal.FINDINGS)


def _report(workspace: Workspace, made: approval.Approval, changed: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        one = {"issue": made.issue, "by": made.by, "at": made.at, "holds": not changed, "changed": changed}
        terminal.emit({"approval": one})
        return
    when = terminal.clock(made.at, workspace.settings.letter.timezone)
    terminal.show(f"{made.issue} was approved by {made.by} on {when}.")
    for each in changed:
        terminal.show(f"  void: {each}")
    if not changed and not workspace.settings.letter.approval:
        terminal.say("`send` does not ask for it yet: write approval = true in [letter] of newsletter.toml.")


def _name() -> str:
    """Return who sits here, as git or the system knows them."""
    if git := shutil.which("git"):
        done = subprocess.run([git, "config", "user.name"], capture_output=True, text=True, check=False)
        if done.stdout.strip():
            return done.stdout.strip()
    try:
        return os.environ.get("USER") or getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
