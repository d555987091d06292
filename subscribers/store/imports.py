"""Take many people in at once, from a file that an editor brings.

A batch is one transaction: a crash leaves whole rows, each person with subscription, topics and evidence.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from subscribers import attribute
from subscribers.columns import Entry
from subscribers.model import Consent
from subscribers.status import SubscriptionStatus
from subscribers.store import consents, lists, suppressions
from subscribers.store.open import stamp, transaction

#: Rows in a transaction: large enough to be fast, small enough that a sender beside it waits a moment only.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not taken in, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Tally:
    """What came of an import: *read* lines, each added, updated, unchanged or refused.

    *pending* is how many subscriptions wait to be confirmed because of it.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    pending: int = 0
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        """Count a line that cannot be taken in."""
        self.read += 1
        self.refused.append(Refused(line, reason))


@dataclass(frozen=True, slots=True)
class _Present:
    """Somebody who is there already; *status* is that of the subscription to the list, or None."""

    id: int
    name: str
    language: str
    attributes: dict[str, attribute.Plain]
    topics: frozenset[str]
    status: SubscriptionStatus | None


class Importer:
    """Takes batches of entries into one list.

    *wording* is the evidence of consent; with it the people are confirmed, without it ("") they are pending.
    *source* names the file. *keys* recognize erased addresses. `run` sees to transactions.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        list: str,  # noqa: A002 - the word for it
        *,
        wording: str,
        source: str,
        keys: tuple[bytes, ...],
        now: datetime,
    ) -> None:
        self.connection = connection
        self.list = list
        self.list_id = lists.number(connection, list)
        self.status = SubscriptionStatus.CONFIRMED if wording else SubscriptionStatus.PENDING
        self.wording = wording
        self.source = source
        self.keys = keys
        self.now = now
        self.tally = Tally()
        # The line that each person came from, by the person's number; 0 for none. Eight bytes a person, so that
        # the memory of an import of millions stays flat.
        self._lines = array("Q")
        # The index of a million addresses is larger than SQLite's own 2 MiB: 64 MiB of cache keep most of it.
        connection.execute("PRAGMA cache_size = -65536")

    def take(self, entries: Sequence[tuple[int, Entry]]) -> None:
        """Take in entries with their line numbers. Must be inside a write transaction."""
        canonicals = [entry.address.canonical for _, entry in entries]
        present = self._present(canonicals)
        suppressed = suppressions.among(self.connection, canonicals, self.keys)
        batch = _Batch(self, self._highest("subscribers") + 1)
        for line, entry in entries:
            canonical = entry.address.canonical
            found = present.get(canonical)
            earlier = self._line(found.id) if found else batch.fresh.get(canonical, 0)
            if canonical in suppressed:
                self.tally.refuse(line, f"{entry.address.typed} is suppressed ({suppressed[canonical].reason})")
            elif earlier:
                self.tally.refuse(line, f"{entry.address.typed} stands in line {earlier} already")
            elif found and found.status is SubscriptionStatus.UNSUBSCRIBED:
                self.tally.refuse(line, f"{entry.address.typed} has unsubscribed; only they can subscribe again")
            elif found:
                batch.renew(line, found, entry)
            else:
                batch.add(line, entry)
        batch.write()

    def remember(self, subscriber: int, line: int) -> None:
        """Note which line a person came from."""
        if subscriber >= len(self._lines):
            self._lines.frombytes(bytes(8 * (subscriber + BATCH - len(self._lines))))
        self._lines[subscriber] = line

    def _line(self, subscriber: int) -> int:
        return self._lines[subscriber] if subscriber < len(self._lines) else 0

    def _highest(self, table: str) -> int:
        """Return the highest number in a table of ours."""
        row = self.connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608
        return int(row[0])

    def _present(self, canonicals: Iterable[str]) -> dict[str, _Present]:
        rows = self.connection.execute(
            """SELECT s.id, s.canonical, s.name, s.language, s.attributes, u.status,
                      (SELECT json_group_array(t.topic) FROM topics t WHERE t.subscriber_id = s.id) AS topics
               FROM subscribers s LEFT JOIN subscriptions u ON u.list_id = :list AND u.subscriber_id = s.id
               WHERE s.canonical IN (SELECT value FROM json_each(:canonicals))""",
            {"list": self.list_id, "canonicals": json.dumps([*canonicals])},
        )
        return {
            row["canonical"]: _Present(
                row["id"],
                row["name"],
                row["language"],
                json.loads(row["attributes"]),
                frozenset(json.loads(row["topics"])),
                SubscriptionStatus(row["status"]) if row["status"] else None,
            )
            for row in rows
        }


def run(importer: Importer, batches: Iterable[Sequence[tuple[int, Entry]]], *, dry: bool = False) -> Tally:
    """Take in each of *batches* in a transaction of its own; or, if *dry*, all of them and then take it back."""
    if not dry:
        for batch in batches:
            with transaction(importer.connection):
                importer.take(batch)
        return importer.tally
    importer.connection.execute("BEGIN IMMEDIATE")
    try:
        for batch in batches:
            importer.take(batch)
    finally:
        importer.connection.execute("ROLLBACK")
    return importer.tally


class _Batch:
    """Collects the rows of one transaction, so that each table is written once."""

    def __init__(self, importer: Importer, first: int) -> None:
        self.importer = importer
        self.at = stamp(importer.now)
        self.next = first
        self.fresh: dict[str, int] = {}
        self.people: list[tuple[object, ...]] = []
        self.changes: list[tuple[object, ...]] = []
        self.subscribed: list[int] = []
        self.topics: list[tuple[str, int]] = []

    def add(self, line: int, entry: Entry) -> None:
        """Plan a new person."""
        own, self.next = self.next, self.next + 1
        self.fresh[entry.address.canonical] = line
        self.importer.remember(own, line)
        attributes = attribute.dump(entry.attributes) if entry.attributes else "{}"
        who = entry.address
        self.people.append((own, who.typed, who.canonical, entry.name, entry.language, attributes, self.at))
        self.subscribed.append(own)
        self.topics.extend((topic, own) for topic in sorted(entry.topics))
        self.importer.tally.read += 1
        self.importer.tally.added += 1

    def renew(self, line: int, found: _Present, entry: Entry) -> None:
        """Plan what the file says newly about somebody; what it does not say stays."""
        self.importer.remember(found.id, line)
        said = {
            key: text
            for key, text in entry.attributes.items()
            if attribute.spell(found.attributes.get(key)) != text
        }
        name, language = entry.name or found.name, entry.language or found.language
        changed = bool(said) or (name, language) != (found.name, found.language)
        if changed:
            self.changes.append((name, language, attribute.dump({**found.attributes, **said}), found.id))
        topics = sorted(entry.topics - found.topics)
        self.topics.extend((topic, found.id) for topic in topics)
        # A confirmed subscription never becomes pending again.
        subscribes = found.status not in (self.importer.status, SubscriptionStatus.CONFIRMED)
        if subscribes:
            self.subscribed.append(found.id)
        tally = self.importer.tally
        tally.read += 1
        if changed or topics or subscribes:
            tally.updated += 1
        else:
            tally.unchanged += 1

    def write(self) -> None:
        """Write what was planned."""
        importer = self.importer
        execute = importer.connection.executemany
        execute(
            """INSERT INTO subscribers (id, email, canonical, name, language, attributes, status, joined)
               VALUES (?, ?, ?, ?, ?, ?, 'active', ?)""",
            self.people,
        )
        execute("UPDATE subscribers SET name = ?, language = ?, attributes = ? WHERE id = ?", self.changes)
        execute(
            """INSERT INTO subscriptions (list_id, subscriber_id, status, since) VALUES (?, ?, ?, ?)
               ON CONFLICT (list_id, subscriber_id)
               DO UPDATE SET status = excluded.status, since = excluded.since""",
            [(importer.list_id, own, importer.status.value, self.at) for own in self.subscribed],
        )
        execute("INSERT INTO topics (topic, subscriber_id) VALUES (?, ?)", sorted(self.topics))
        evidence = Consent(0, importer.list, "import", importer.now, importer.source, importer.wording)
        consents.record_for(importer.connection, evidence, self.subscribed)
        if importer.status is SubscriptionStatus.PENDING:
            importer.tally.pending += len(self.subscribed)
