"""`newsletter fetch`: read the sources into the pool."""

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli import offering, terminal
from newsletter.errors import cited
from newsletter.files.workspace import Workspace

if TYPE_CHECKING:
    from newsletter.cli.collect.fetching import Outcome


@click.command()
@click.argument("source", shell_complete=offering.sources, nargs=-1)
@terminal.reporting
def fetch(workspace: Workspace, source: tuple[str, ...], as_json: bool) -> None:
    """Read the sources of newsletter.toml into the pool: all of them, or the ones named SOURCE.

    Only what is new or changed is transferred. One source that fails keeps no other from being read; only if all
    fail does the command end with code 1. One that keeps failing is left alone for a while, unless it is named.

    \b
    Examples:
      newsletter fetch
      newsletter fetch site --json
    """
    import asyncio

    from newsletter.cli.collect import fetching, listing

    sources = fetching.chosen(workspace, source)
    view = View(workspace)
    outcomes = asyncio.run(
        fetching.fetch(workspace, sources, terminal.now(), begin=view.begin, done=view.done, insist=bool(source))
    )
    if as_json:
        terminal.emit({"sources": [_outcome(outcome) for outcome in outcomes]})
    elif any(outcome.added.new for outcome in outcomes):
        listing.next_steps(workspace)
    if all(outcome.error for outcome in outcomes):
        raise click.exceptions.Exit(1)


class View:
    """Says what came of each source; on a terminal also, on one line that goes again, which are being read."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.reading: list[str] = []
        self.live = sys.stderr.isatty()

    def begin(self, source: str) -> None:
        """Show that *source* is being read."""
        self.reading.append(source)
        self._draw()

    def done(self, outcome: "Outcome") -> None:
        """Say on one line what came of a source, and what is wrong with it."""
        from newsletter.cli.collect import listing
        from newsletter.files import issues

        self.reading.remove(outcome.source)
        self._wipe()
        if outcome.error:
            terminal.say(f"{outcome.source}: {outcome.error}")
        elif outcome.unchanged:
            terminal.say(f"{outcome.source}: nothing new since last time")
        elif outcome.over:
            terminal.say(f"{outcome.source}: no event ahead")
        else:
            terminal.say(f"{outcome.source}: {listing.added_words(outcome.added)}")
        used = issues.used(self.workspace) if outcome.gone else {}
        for one in outcome.gone:
            there = f"; it stands in issue {used[one.key]}" if one.key in used else ""
            terminal.say(f"  {cited(one.title)} was withdrawn: its source shows it no more{there}")
        for correction in listing.corrections(self.workspace, outcome.added):
            terminal.say(f"  {correction}")
        for translation in listing.translations(self.workspace, outcome.added):
            terminal.say(f"  {translation}")
        if outcome.moved:
            terminal.say(f'  it has moved for good: write url = "{outcome.moved}" in newsletter.toml')
        for other in outcome.others:
            terminal.say(f"  it speaks another language at {other}: give that a [[source]] of its own")
        for problem in outcome.problems:
            terminal.say(f"  {problem}")
        self._draw()

    def _draw(self) -> None:
        if self.live and self.reading:
            self._wipe()
            width = max(terminal.columns(sys.stderr) - 1, 0)
            words = terminal.plain(f"reading {', '.join(self.reading)} …")[:width]
            click.echo(f"\r{words}", nl=False, err=True)

    def _wipe(self) -> None:
        if self.live:
            click.echo("\r\x1b[K", nl=False, err=True)


def _outcome(outcome: "Outcome") -> dict[str, object]:
    return {
        "source": outcome.source,
        "kind": outcome.kind,
        "new": outcome.added.new,
        "updated": outcome.added.updated,
        "unchanged": outcome.added.unchanged,
        "translated": [{"key": one.key, "title": one.title, "of": of} for one, of in outcome.added.translated],
        "gone": [{"key": one.key, "title": one.title} for one in outcome.gone],
        "error": str(outcome.error) if outcome.error else None,
        "hint": outcome.error.remedy if outcome.error else None,
        "moved": outcome.moved or None,
        "others": list(outcome.others),
        "again": outcome.again.isoformat() if outcome.again else None,
        "problems": [str(problem) for problem in outcome.problems],
    }
