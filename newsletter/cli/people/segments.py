"""`newsletter segments`: filters over the people, by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.group import Group
from newsletter.errors import NotFoundError, UsageError
from newsletter.files import segments as segmentfile
from newsletter.files.workspace import Workspace
from subscribers import roster, segment
from subscribers.errors import SegmentError
from subscribers.expression import All, Expression, IsSet, Not, names
from subscribers.model import Segment
from subscribers.store.file.open import Connection
from subscribers.store.register import attributes, people
from subscribers.store.register import lists as storelists

#: So many readers of a segment are shown with --explain.
READERS = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """A segment and how many people are in it; None if its expression cannot be read, for the *fault*."""

    segment: Segment
    count: int | None
    fault: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """Who is in a segment: how many, how many have nothing where it asks (*without*), some, and the SQL behind."""

    count: int
    without: Mapping[str, int]
    readers: Sequence[Mapping[str, str]]
    sql: str
    values: Mapping[str, object]
    plan: Sequence[str]


@click.group(cls=Group, alone="list")
def segments() -> None:
    """Show, count and add segments: filters over the people. Without a command, list them.

    \b
    Examples:
      newsletter segments list
      newsletter segments add students "'student' in topics or occupation = 'student'"
    """


@segments.command("list")
@terminal.reporting
def list_segments(workspace: Workspace, as_json: bool) -> None:
    """List the named segments with how many people are in each.

    \b
    Examples:
      newsletter segments list
    """
    with wiring.people(workspace) as connection:
        found = [_count(workspace, connection, each) for each in wiring.segments(workspace).values()]
    if as_json:
        documents = [
            {
                "segment": one.segment.name,
                "expression": one.segment.expression,
                "count": one.count,
                "fault": one.fault,
            }
            for one in found
        ]
        terminal.emit({"segments": documents})
        return
    rows = ((one.segment.name, "?" if one.count is None else one.count, one.segment.expression) for one in found)
    terminal.table(("segment", "people", "expression"), rows)
    for one in found:
        if one.fault:
            terminal.say(f"Warning: {one.segment.where}: {one.fault}; {one.remedy}")


def _count(workspace: Workspace, connection: Connection, named: Segment) -> Counted:
    try:
        return Counted(named, _people(workspace, connection, named.name))
    except SegmentError as error:
        return Counted(named, None, error.what, error.remedy)


def _people(workspace: Workspace, connection: Connection, text: str) -> int:
    tree = wiring.expression(workspace, connection, text)
    return people.count(connection, roster.members("", tree, now=terminal.now()))


@segments.command()
@click.argument("name", metavar="NAME_OR_EXPRESSION", shell_complete=offering.segments)
@click.option("--explain", "explains", is_flag=True, help="Show who is in it too, how many, and the SQL behind.")
@terminal.reporting
def show(workspace: Workspace, name: str, explains: bool, as_json: bool) -> None:
    """Show what a segment says; with --explain its count, ten of its readers and its SQL.

    \b
    Examples:
      newsletter segments show business
      newsletter segments show business --explain
      newsletter segments show "city = 'Huddinge' and joined within 30 days" --explain
    """
    named = wiring.segments(workspace)
    if not explains and not re.fullmatch(r"[\w-]+", name):
        raise UsageError("an expression has no name to look up", remedy="add --explain to see who is in it")
    if name not in named and not explains:
        listed = ", ".join(named) or "none yet"
        raise NotFoundError(f"there is no segment “{name}”", remedy=f"known segments: {listed}")
    found = named.get(name, Segment("", name))
    explained = _explained(workspace, name) if explains else None
    if as_json:
        document = {"segment": name, "expression": found.expression, "where": found.where}
        terminal.emit(document | (asdict(explained) if explained else {}))
        return
    terminal.show(f'{found.name} = "{found.expression}"' if found.name else found.expression)
    if explained:
        _tell(explained)


def _explained(workspace: Workspace, text: str) -> Explained:
    with wiring.people(workspace) as connection:
        tree = wiring.expression(workspace, connection, text)
        where = roster.members("", tree, now=terminal.now())
        readers = [
            {"email": each.address.typed, "name": each.name, "language": each.language}
            for each in people.select(connection, where, READERS)
        ]
        return Explained(
            people.count(connection, where),
            _without(connection, tree),
            readers,
            f"SELECT s.id FROM subscribers s WHERE {where.sql}",  # noqa: S608 - shown, never run
            dict(where.values),
            people.plan(connection, where),
        )


def _without(connection: Connection, tree: Expression) -> dict[str, int]:
    """Return how many of those in a segment have nothing where it asks, by what it asks for."""
    unset = {
        name: attributes.place(connection, All((tree, Not(IsSet(name)))))
        for name in sorted(names(tree) - {"email", "joined"})
    }
    counts = {
        name: people.count(connection, roster.members("", each, now=terminal.now()))
        for name, each in unset.items()
    }
    return {name: count for name, count in counts.items() if count}


def _tell(told: Explained) -> None:
    count, readers = terminal.counted(told.count, "reader"), told.readers
    shown = f", the first {len(readers)}:" if len(readers) < told.count else ":"
    terminal.show(f"\n{count}{shown if readers else '.'}")
    if readers:
        terminal.table(("address", "name", "language"), (each.values() for each in readers))
    for name, number in told.without.items():
        terminal.show(f"\n{number:,} of them {'has' if number == 1 else 'have'} no {name}.")
    terminal.show(f"\nSQL:\n{told.sql}\n\nIts values:")
    terminal.table(("", ""), ((f":{key}", repr(value)) for key, value in told.values.items()))
    terminal.show("\nHow SQLite goes about it:")
    for step in told.plan:
        terminal.show(f"  {step}")


@segments.command()
@click.argument("segment", shell_complete=offering.segments, metavar="NAME_OR_EXPRESSION")
@terminal.reporting
def count(workspace: Workspace, segment: str, as_json: bool) -> None:
    """Count who is in a segment, whatever they subscribe to.

    \b
    Examples:
      newsletter segments count business
      newsletter segments count "language = 'sv' and not received '2025-05'"
    """
    with wiring.people(workspace) as connection:
        found = _people(workspace, connection, segment)
    if as_json:
        terminal.emit({"segment": segment, "count": found})
    else:
        terminal.show(f"{found}")


@segments.command()
@click.argument("name")
@click.argument("expression")
@terminal.reporting
def add(workspace: Workspace, name: str, expression: str, as_json: bool) -> None:
    """Give an expression a name, in subscribers/segments.toml.

    \b
    Examples:
      newsletter segments add students "'student' in topics"
    """
    with wiring.people(workspace) as connection:
        segment.parse(expression, None, frozenset(each.slug for each in storelists.all(connection)))
        segmentfile.add(workspace.segments, name, expression)
        counted = _count(workspace, connection, wiring.segments(workspace)[name])
    if counted.fault:
        terminal.say(f"Note: {counted.fault}, so far; {counted.remedy}")
    if as_json:
        terminal.emit({"segment": name, "expression": expression, "count": counted.count})
    else:
        terminal.show(f"{name}: {counted.count or 0:,} {'person' if counted.count == 1 else 'people'}.")
