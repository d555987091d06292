"""`newsletter segments`: filters over the people, by name."""

from contextlib import closing
from dataclasses import dataclass

import click

from newsletter.cli import terminal, wiring
from newsletter.errors import NotFoundError
from newsletter.files import segments as segmentfile
from newsletter.files.workspace import Workspace
from subscribers import roster, segment
from subscribers.errors import SegmentError
from subscribers.model import Segment
from subscribers.store import lists as storelists
from subscribers.store import people
from subscribers.store.open import Connection


@dataclass(frozen=True, slots=True)
class Counted:
    """A segment and how many people are in it; None if its expression cannot be read, for the *fault*."""

    segment: Segment
    count: int | None
    fault: str = ""


@click.group()
def segments() -> None:
    """Show, count and add segments: filters over the people.

    \b
    Examples:
      newsletter segments list
      newsletter segments add students "'student' in topics or occupation = 'student'"
    """


@segments.command("list")
@terminal.json_option
@click.pass_context
def list_segments(context: click.Context, as_json: bool) -> None:
    """List the named segments with how many people are in each.

    \b
    Examples:
      newsletter segments list
    """
    workspace = terminal.here(context)
    with closing(wiring.people(workspace)) as connection:
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
            terminal.say(f"Warning: {one.segment.where}: {one.fault}")


def _count(workspace: Workspace, connection: Connection, named: Segment) -> Counted:
    try:
        return Counted(named, _people(workspace, connection, named.name))
    except SegmentError as error:
        return Counted(named, None, error.what)


def _people(workspace: Workspace, connection: Connection, text: str) -> int:
    tree = wiring.expression(workspace, connection, text)
    return people.count(connection, roster.members("", tree, now=terminal.now()))


@segments.command()
@click.argument("name")
@terminal.json_option
@click.pass_context
def show(context: click.Context, name: str, as_json: bool) -> None:
    """Show what a segment says.

    \b
    Examples:
      newsletter segments show business
    """
    named = wiring.segments(terminal.here(context))
    if name not in named:
        listed = ", ".join(named) or "none yet"
        raise NotFoundError(f"there is no segment “{name}”", remedy=f"known segments: {listed}")
    if as_json:
        terminal.emit({"segment": name, "expression": named[name].expression, "where": named[name].where})
    else:
        terminal.show(f'{name} = "{named[name].expression}"')


@segments.command()
@click.argument("segment", metavar="NAME_OR_EXPRESSION")
@terminal.json_option
@click.pass_context
def count(context: click.Context, segment: str, as_json: bool) -> None:
    """Count who is in a segment, whatever they subscribe to.

    \b
    Examples:
      newsletter segments count business
      newsletter segments count "language = 'sv' and not received '2025-05'"
    """
    workspace = terminal.here(context)
    with closing(wiring.people(workspace)) as connection:
        found = _people(workspace, connection, segment)
    if as_json:
        terminal.emit({"segment": segment, "count": found})
    else:
        terminal.show(f"{found}")


@segments.command()
@click.argument("name")
@click.argument("expression")
@terminal.json_option
@click.pass_context
def add(context: click.Context, name: str, expression: str, as_json: bool) -> None:
    """Give an expression a name, in subscribers/segments.toml.

    \b
    Examples:
      newsletter segments add students "'student' in topics"
    """
    workspace = terminal.here(context)
    with closing(wiring.people(workspace)) as connection:
        segment.parse(expression, None, frozenset(each.slug for each in storelists.all(connection)))
        segmentfile.add(workspace.segments, name, expression)
        counted = _count(workspace, connection, wiring.segments(workspace)[name])
    if counted.fault:
        terminal.say(f"Note: {counted.fault}, so far.")
    if as_json:
        terminal.emit({"segment": name, "expression": expression, "count": counted.count})
    else:
        terminal.show(f"{name}: {counted.count or 0:,} {'person' if counted.count == 1 else 'people'}.")
