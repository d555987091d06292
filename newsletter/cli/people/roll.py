"""`newsletter subscribers list, count, export`: many people at a time."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import TextIO

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.people.incoming import progress
from newsletter.cli.people.person import known
from newsletter.cli.place import NewFile
from newsletter.errors import UsageError
from newsletter.files import private
from newsletter.files.workspace import Workspace
from subscribers import address, attribute, roster
from subscribers.expression import Expression
from subscribers.model import Subscriber, SubscriptionStatus, Where
from subscribers.status import Standing
from subscribers.store.file.open import Connection
from subscribers.store.keeping import dossier
from subscribers.store.register import attributes, people, subscriptions, suppressions
from subscribers.store.register import lists as storelists
from subscribers.table.formula import harmless

#: What counts as somebody's status when no list is named: the first of these that they have anywhere.
BEST = (SubscriptionStatus.CONFIRMED, SubscriptionStatus.PENDING, SubscriptionStatus.UNSUBSCRIBED)


#: So many people are written at a time.
CHUNK = 1000


@click.command("list")
@offering.list_option("Only those with a subscription to this list.")
@offering.segment_option("Only those in this segment: a name or an expression.")
@click.option("--find", metavar="TEXT", default="", help="Only those with each of these words in address or name.")
@click.option("--limit", type=click.IntRange(min=1), help="Show so many; 50 if you say nothing, all with --json.")
@terminal.reporting
def list_people(
    workspace: Workspace, list_: str, segment: str, find: str, limit: int | None, as_json: bool
) -> None:
    """List the people, in the order in which they came. Who is suppressed gets no mail, whatever the list.

    \b
    Examples:
      newsletter subscribers list --list monthly
      newsletter subscribers list --find "anna holm"
      newsletter subscribers list --segment "joined within 30 days and language = 'sv'" --json
    """
    with wiring.people(workspace) as connection:
        where = _where(workspace, connection, list_, segment, find=find)
        most = limit or (-1 if as_json else 50)

        def total(shown: int) -> int:
            # A million people are looked through once where that tells how many there are.
            return people.count(connection, where) if shown == most else shown

        found = _with_status(connection, people.select(connection, where, most), list_)
        if as_json:
            documents = (
                {"email": each.address.typed, "name": each.name, "language": each.language, "status": known_as}
                for each, known_as in found
            )
            terminal.emit_each("subscribers", documents, lambda shown: {"count": total(shown)})
            return
        rows = list(found)
        counted = total(len(rows))
    if not rows:
        terminal.say("Nobody fits; leave out an option." if list_ or segment or find else "Nobody is known yet.")
        return
    head = ("address", "name", "language", "status")
    terminal.table(head, ((each.address.typed, each.name, each.language, known_as) for each, known_as in rows))
    if counted > len(rows):
        terminal.say(f"{len(rows):,} of {counted:,}; --limit shows more.")


def _where(workspace: Workspace, connection: Connection, list_: str, segment: str, *, find: str = "") -> Where:
    """Return who is in a list and a segment, and has each word of *find* in the address or name."""
    return roster.members(list_, _tree(workspace, connection, list_, segment), now=terminal.now(), find=find)


def _tree(workspace: Workspace, connection: Connection, list_: str, segment: str) -> Expression | None:
    """Return what a segment says, None for none. Raise UnknownError for a list that is not there."""
    if list_:
        storelists.number(connection, list_)
    return wiring.expression(workspace, connection, segment) if segment else None


def _with_status(
    connection: Connection, everybody: Iterator[Subscriber], list_: str
) -> Iterator[tuple[Subscriber, str]]:
    """Yield each person with the status in a list, or the best of all; "none" without a subscription."""
    for chunk in _chunks(connection, everybody):
        for person, have, barred in chunk:
            said = dict(have)
            known_as = (
                said.get(list_, "none") if list_ else next((one for one in BEST if one in said.values()), "none")
            )
            yield person, Standing.SUPPRESSED if barred else known_as


def _chunks(
    connection: Connection, everybody: Iterator[Subscriber]
) -> Iterator[list[tuple[Subscriber, Sequence[tuple[str, str]], bool]]]:
    """Yield people, some at a time, with their subscriptions (list, status), and whether they are barred."""
    while chunk := list(islice(everybody, CHUNK)):
        have = subscriptions.of_many(connection, (person.id for person in chunk))
        barred = suppressions.among(connection, (person.address.canonical for person in chunk))
        yield [(person, have.get(person.id, ()), person.address.canonical in barred) for person in chunk]


@click.command()
@offering.list_option("Count who would get a letter to this list.")
@offering.segment_option("Only those in this segment: a name or an expression.")
@terminal.reporting
def count(workspace: Workspace, list_: str, segment: str, as_json: bool) -> None:
    """Count people: everybody who is known, or with --list who would get a letter now.

    \b
    Examples:
      newsletter subscribers count
      newsletter subscribers count --list monthly --segment business
    """
    with wiring.people(workspace) as connection:
        tree = _tree(workspace, connection, list_, segment)
        counted = roster.audience if list_ else roster.members
        found = people.count(connection, counted(list_, tree, now=terminal.now()))
    if as_json:
        terminal.emit({"list": list_, "segment": segment, "count": found})
    else:
        terminal.show(f"{found}")


@click.command()
@click.argument("email", metavar="[ADDRESS]", default="")
@offering.list_option("Only those with a subscription to this list.")
@click.option("--out", type=NewFile(), metavar="FILE", help="Write a file.")
@click.pass_context
def export(context: click.Context, email: str, list_: str, out: Path | None) -> None:
    """Write everybody as CSV, or everything about one person as JSON.

    The CSV can be imported again: it changes nothing. A cell that a spreadsheet would run as a formula has an
    apostrophe in front.

    \b
    Examples:
      newsletter subscribers export --list monthly --out readers.csv
      newsletter subscribers export anna@example.org
    """
    if email and list_:
        raise UsageError("an address and --list do not go together", remedy="name one of them")
    workspace = terminal.here(context)
    with (
        wiring.people(workspace) as connection,
        private.writing(out) if out else nullcontext(sys.stdout) as file,
    ):
        if email:
            file.write(json.dumps(_known(workspace, connection, email), ensure_ascii=False, indent=2) + "\n")
        else:
            where = _where(workspace, connection, list_, "")
            with progress(people.count(connection, where) if out else 0, "Exporting") as advance:
                write(connection, where, file, advance, whole=not list_)
    if out:
        terminal.say(f"Wrote {out} (readable by you only).")


def _known(workspace: Workspace, connection: Connection, email: str) -> dict[str, object]:
    """Return everything about the person with this address, or why it is barred if nobody has it.

    Raise UnknownError if nothing is known of it.
    """
    found = address.asked(email)
    keys = wiring.ring(workspace).derived(suppressions.PURPOSE)
    suppression = suppressions.has(connection, found.canonical, keys)
    if suppression and not people.by_address(connection, found.canonical):
        return {"email": found.typed, "suppressed": dossier.barred(suppression)}
    return dossier.document(connection, known(connection, email), suppression)


def write(
    connection: Connection, where: Where, file: TextIO, advance: Callable[[int], None], *, whole: bool
) -> None:
    """Write the people for whom *where* holds as CSV that an import takes back.

    *advance* hears how many are written. *whole* adds the addresses that are suppressed and nobody's: elsewhere,
    too, they must never be mailed.
    """
    names = sorted(attributes.known(connection))
    writer = csv.writer(file)
    writer.writerow(["email", "name", "language", "topics", "subscriptions", "joined", *names])
    written = 0
    for chunk in _chunks(connection, people.select(connection, where)):
        for person, have, barred in chunk:
            said = [f"{slug}: {status}" for slug, status in have]
            if barred:
                said.append(Standing.SUPPRESSED)
            cells = [
                person.address.typed,
                person.name,
                person.language,
                "; ".join(sorted(person.topics)),
                "; ".join(said),
                f"{person.joined:%Y-%m-%d}",
                *(attribute.spell(person.attributes.get(name)) for name in names),
            ]
            writer.writerow(map(harmless, cells))
        advance(written := written + len(chunk))
    for canonical in suppressions.alone(connection) if whole else ():
        writer.writerow(map(harmless, (canonical, "", "", "", Standing.SUPPRESSED, "", *("" for _ in names))))
