"""`newsletter subscribers growth`: who joined and who left since the last issue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.dating import begin_of
from newsletter.files.workspace import Workspace
from subscribers.store.back import growth as store
from subscribers.store.back.growth import Way
from subscribers.store.file.open import Connection
from subscribers.store.register import lists

#: Nobody joined before this: what is asked for without a day is everything.
EVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Growth:
    """How one list went since *since*, when *issue* began to go out ("" where a day was named, or none did)."""

    list: str
    issue: str
    since: datetime
    readers: int
    ways: tuple[Way, ...]

    @property
    def joined(self) -> int:
        """How many came."""
        return sum(way.joined for way in self.ways)

    @property
    def left(self) -> int:
        """How many left, or were given up."""
        return sum(way.left for way in self.ways)


@click.command()
@offering.list_option("Only this list.")
@click.option("--since", metavar="DAY", default="", help="Count from this day on, and not from the last issue.")
@terminal.reporting
def growth(workspace: Workspace, list_: str, since: str, as_json: bool) -> None:
    """Tell who joined each list and who left it since its last issue began to go out, and by what.

    Who only asked to join, who has a new address and who took leaving back is in no number. Who was given up,
    because mail came back or they complained, has left.

    \b
    Examples:
      newsletter subscribers growth
      newsletter subscribers growth --list monthly --since 2025-01-01 --json
    """
    with wiring.people(workspace) as connection:
        if list_:
            lists.number(connection, list_)
        slugs = [list_] if list_ else [each.slug for each in lists.all(connection)]
        found = list(_growth(workspace, connection, slugs, since))
    if as_json:
        terminal.emit({"lists": [_document(each) for each in found]})
        return
    for each in found:
        _tell(each, workspace)


def _growth(workspace: Workspace, connection: Connection, slugs: list[str], day: str) -> Iterator[Growth]:
    begin = begin_of(day, workspace.settings.letter.timezone) if day else None
    for slug in slugs:
        issue, since = ("", begin) if begin else store.last(connection, slug) or ("", EVER)
        yield Growth(slug, issue, since, store.readers(connection, slug), store.ways(connection, slug, since))


def _document(each: Growth) -> dict[str, object]:
    return {
        "list": each.list,
        "issue": each.issue,
        "since": None if each.since == EVER else each.since,
        "readers": each.readers,
        "joined": each.joined,
        "left": each.left,
        "ways": [{"by": way.by, "joined": way.joined, "left": way.left} for way in each.ways],
    }


def _tell(each: Growth, workspace: Workspace) -> None:
    when = terminal.clock(each.since, workspace.settings.letter.timezone) if each.since != EVER else ""
    since = f" since {each.issue} ({when})" if each.issue else f" since {when}" if when else ""
    went = f"{each.joined:,} joined and {each.left:,} left{since}"
    terminal.show(f"{each.list}: {went}; {terminal.counted(each.readers, 'reader')} now.")
    if each.ways:
        terminal.table(
            ("by", "joined", "left"), ((way.by, f"{way.joined:,}", f"{way.left:,}") for way in each.ways)
        )
