"""`newsletter check`: the gate before a send, for people and for CI."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import groupby

import click

from newsletter import preflight
from newsletter.cli import rendering, terminal, wiring
from newsletter.errors import IssueError
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.gate.proof import error
from newsletter.model import Finding, Issue, Level
from newsletter.web import pictures
from subscribers import segment
from subscribers.errors import SegmentError

COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow"}


@click.command()
@click.argument("slug")
@terminal.json_option
@click.pass_context
def check(context: click.Context, slug: str, as_json: bool) -> None:
    """Find what must not be sent in the issue SLUG, in every language and for every segment.

    Each finding says where it stands and what to do. An error refuses the send, and ends this command with code
    3; a warning does neither.

    \b
    Examples:
      newsletter check 2025-06
      newsletter check 2025-06 --json
    """
    found = findings(terminal.here(context), slug)
    if as_json:
        terminal.emit({"issue": slug, "findings": [asdict(finding) for finding in found]})
    else:
        report(found)
    if any(finding.level == Level.ERROR for finding in found):
        context.exit(terminal.FINDINGS)


def findings(workspace: Workspace, slug: str) -> tuple[Finding, ...]:
    """Return what the gate finds in all variants of an issue, each thing once, errors first.

    Raise NotFoundError if there is no such issue, IssueError if its file cannot be read, TemplateError if the
    theme cannot be used.
    """
    return about(workspace, issuefiles.load(workspace, slug))


def about(workspace: Workspace, issues: Iterable[Issue]) -> tuple[Finding, ...]:
    """Return what the gate finds in these twins of one issue."""
    found: dict[str, list[Finding]] = {}
    for issue in issues:
        found.setdefault(issue.language, []).extend(_audience(workspace, issue))
        size = _sizes(workspace, issue.slug)
        try:
            for each in rendering.variants(workspace, (issue,)):
                found.setdefault(each.variant, []).extend(preflight.check(each, issue, workspace.settings, size))
        except IssueError as fault:
            code = "leftover-template" if "{{" in fault.what else "issue-not-rendered"
            found[issue.language].append(error(code, fault.where or issue.path, fault.what, fault.remedy))
    return preflight.merge(found)


def report(found: Iterable[Finding]) -> None:
    """Print findings for people: errors, then warnings, then how many there are."""
    counts = dict.fromkeys(Level, 0)
    for level, group in groupby(found, key=lambda finding: finding.level):
        for finding in group:
            counts[level] += 1
            mark = click.style(f"{level.value:<8}", fg=COLOURS[level], bold=level == Level.ERROR)
            place = click.style(terminal.plain(finding.place), bold=True)
            click.echo(f"{mark} {place}  {click.style(finding.id, dim=True)}")
            terminal.show(f"         {finding.message}")
            terminal.show(f"         → {finding.remedy}\n", hang=11)
    click.echo(summary(counts[Level.ERROR], counts[Level.WARNING]))


def summary(errors: int, warnings: int) -> str:
    """Return the last line: what the findings come to."""
    counted = f"{terminal.counted(errors, 'error')}, {terminal.counted(warnings, 'warning')}"
    if errors:
        return click.style(f"{counted}: this cannot be sent yet.", fg="red")
    return click.style(f"{counted}: ready to send.", fg="green")


def _sizes(workspace: Workspace, slug: str) -> Callable[[str], int | None]:
    """Return what tells the size of a picture beside the issue; None for what `serve` does not give readers."""

    def size(name: str) -> int | None:
        folder, _, own = name.partition("/")
        path = pictures.find(workspace.issues, slug, own) if folder == "assets" else None
        return path.stat().st_size if path else None

    return size


def _audience(workspace: Workspace, issue: Issue) -> Iterator[Finding]:
    """Yield what is wrong with whom the issue and its blocks are for, as far as no database is needed."""
    named = wiring.segments(workspace)
    for block in issue.blocks:
        if block.segment and block.segment not in named:
            place = f"{issue.path}:{block.span.start + 1}"
            what = f"a block is for the segment “{block.segment}”, and there is none; nobody would see it"
            yield error("segment-unknown", place, what, "name one of `newsletter segments list`, or add it")
    if issue.audience and issue.audience.strip() not in named:
        try:
            segment.parse(issue.audience)
        except SegmentError as fault:
            place = f"{issue.path}:{issue.lines.get('audience', 1)}"
            yield error("audience-unreadable", place, fault.what, fault.remedy or "see `newsletter segments`")
