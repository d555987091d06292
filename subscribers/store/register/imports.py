"""Take many people in at once, from a file that an editor brings.

A batch is one transaction: a crash leaves whole rows, each person with subscription, topics and evidence.
"""

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from subscribers import attribute
from subscribers.model import Consent, Suppression
from subscribers.status import Standing, SubscriptionStatus
from subscribers.store.file.open import stamp, transaction, trusted
from subscribers.store.register import attributes, consents, lists, people, subscriptions, suppressions, topics
from subscribers.table.entry import Entry

#: Rows in a transaction: large enough to be fast, small enough that a sender beside it waits a moment only.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not taken in, and why; *kind* is the reason without what is special about this line."""

    line: int
    reason: str
    kind: str


@dataclass(slots=True)
class Tally:
    """What came of an import: *read* lines, each added, updated, unchanged or *refused*.

    *pending* is how many subscriptions wait to be confirmed because of it, *gone* how many lines told that
    somebody left or must not be mailed. *listen* hears of each refused line; nothing here keeps them, since a file
    of millions may have no good line.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    pending: int = 0
    gone: int = 0
    refused: int = 0
    listen: Callable[[Refused], None] = lambda refused: None

    def refuse(self, line: int, reason: str, kind: str) -> None:
        """Count a line that cannot be taken in."""
        self.read += 1
        self.refused += 1
        self.listen(Refused(line, reason, kind))


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

    *wording* is the evidence of consent; with it the people are confirmed, without it ("") they are pending,
    except those whose entry brings evidence of its own. Who left elsewhere comes as unsubscribed, and who must not
    be mailed is suppressed too. *source* names the file. *keys* recognize erased addresses. `run` sees to
    transactions.
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
        listen: Callable[[Refused], None] = lambda refused: None,
    ) -> None:
        self.connection = connection
        self.list_id = lists.number(connection, list)
        self.evidence = Consent(0, list, "import", now, source, wording)
        self.keys = keys
        self.tally = Tally(listen=listen)
        # The line that each person came from, by the person's number; 0 for none. It is four times that, and one
        # more if they are pending by it, two if confirmed. Eight bytes a person, so that millions take little.
        self._lines = array("Q")
        # The index of a million addresses is larger than SQLite's own 2 MiB: 64 MiB of cache keep most of it, and
        # pages that many batches change are written back more seldom.
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA wal_autocheckpoint = 10000")

    def take(self, entries: Sequence[tuple[int, Entry]]) -> None:
        """Take in entries with their line numbers. Must be inside a write transaction."""
        canonicals = [entry.address.canonical for _, entry in entries]
        present = self._present(canonicals)
        suppressed = suppressions.among(self.connection, canonicals, self.keys)
        batch = _Batch(self, people.highest(self.connection) + 1)
        for line, entry in entries:
            canonical = entry.address.canonical
            found = present.get(canonical)
            own = found.id if found else batch.fresh.get(canonical, 0)
            earlier, stands = divmod(self._lines[own] if own < len(self._lines) else 0, 4)
            if (stands and entry.standing in _GONE) or (stands == 2 and entry.standing is Standing.PENDING):
                # Of two lines the one counts in which somebody left, or that is in doubt, wherever it stands.
                batch.correct(own, line, entry)
            elif earlier:
                self.tally.refuse(
                    line, f"{entry.address.typed} stands in line {earlier} already", "twice in the file"
                )
            elif canonical in suppressed and entry.standing not in _GONE:
                reason = f"{entry.address.typed} is suppressed ({suppressed[canonical].reason})"
                self.tally.refuse(line, reason, "suppressed")
            elif canonical in suppressed and not found:
                batch.leave_out()
            elif found and (objection := _objection(found, entry, barred=canonical in suppressed)):
                self.tally.refuse(line, f"{entry.address.typed} {objection[0]}", objection[1])
            elif found:
                batch.renew(line, found, entry, barred=canonical in suppressed)
            else:
                batch.add(line, entry)
        batch.write()

    def remember(self, subscriber: int, line: int, status: SubscriptionStatus | None) -> None:
        """Note which line a person came from, and the *status* that it gave them; None for none."""
        if subscriber >= len(self._lines):
            self._lines.frombytes(bytes(8 * (subscriber + BATCH - len(self._lines))))
        self._lines[subscriber] = 4 * line + _STANDS.get(status, 0)

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


#: What is noted of somebody whom a line subscribed.
_STANDS: Mapping[SubscriptionStatus | None, int] = {SubscriptionStatus.PENDING: 1, SubscriptionStatus.CONFIRMED: 2}
#: What an entry says of somebody who gets no letter.
_GONE = (Standing.UNSUBSCRIBED, Standing.SUPPRESSED)


def _objection(found: _Present, entry: Entry, *, barred: bool) -> tuple[str, str] | None:
    """Return why an entry cannot stand beside what the person said here, at length and in short.

    *barred* is whether the address is suppressed here: then nobody who is gone in the file gets a letter anyway.
    """
    if found.status is SubscriptionStatus.UNSUBSCRIBED and entry.standing not in _GONE:
        return "has unsubscribed; only they can subscribe again", "unsubscribed here"
    if len(found.attributes.keys() | entry.attributes.keys()) > attribute.MOST:
        return f"would have more than {attribute.MOST} attributes", "too many attributes"
    if found.status is SubscriptionStatus.CONFIRMED and entry.standing in _GONE and not barred:
        remedy = "unsubscribe them by hand if the file is newer"
        return f"is confirmed here, and {entry.standing} in the file; {remedy}", "confirmed here"
    return None


def run(importer: Importer, batches: Iterable[Sequence[tuple[int, Entry]]], *, dry: bool = False) -> Tally:
    """Take in each of *batches* in a transaction of its own; or, if *dry*, all of them and then take it back."""
    connection = importer.connection
    # Every row that a batch points at is in the same batch or was found a moment ago.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        if not dry:
            for batch in batches:
                with transaction(connection), trusted(connection):
                    importer.take(batch)
            return importer.tally
        connection.execute("BEGIN IMMEDIATE")
        try:
            with trusted(connection):
                for batch in batches:
                    importer.take(batch)
        finally:
            connection.execute("ROLLBACK")
        return importer.tally
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _dumped(attributes: Mapping[str, attribute.Plain]) -> str:
    """Return *attributes* as they are kept; one that is said to be empty goes."""
    return attribute.dump({key: value for key, value in attributes.items() if value != ""})


class _Batch:
    """Collects the rows of one transaction, so that each table is written once."""

    def __init__(self, importer: Importer, first: int) -> None:
        self.importer = importer
        self.at = stamp(importer.evidence.at)
        self.next = first
        self.fresh: dict[str, int] = {}
        self.people: list[people.Row] = []
        self.changes: list[tuple[object, ...]] = []
        self.subscriptions: list[subscriptions.Row] = []
        self.consents: list[tuple[int, Consent]] = []
        self.topics: list[tuple[str, int]] = []
        self.names: set[str] = set()
        self.suppressed: list[Suppression] = []

    def add(self, line: int, entry: Entry) -> None:
        """Plan a new person."""
        own, self.next = self.next, self.next + 1
        self.fresh[entry.address.canonical] = own
        attributes = "{}"
        if entry.attributes:
            attributes = _dumped(entry.attributes)
            self.names.update(entry.attributes)
        who, joined = entry.address, stamp(entry.joined) if entry.joined else self.at
        self.people.append((own, who.typed, who.canonical, entry.name, entry.language, attributes, joined))
        self.importer.remember(own, line, self.subscribe(own, entry, None))
        if entry.topics:
            self.topics.extend((topic, own) for topic in entry.topics)
        self.importer.tally.read += 1
        self.importer.tally.added += 1

    def renew(self, line: int, found: _Present, entry: Entry, *, barred: bool) -> None:
        """Plan what the file says newly about somebody; what it does not say stays.

        *barred* is whether the address is suppressed here: a file that says so says nothing new.
        """
        said = {
            key: value
            for key, value in entry.attributes.items()
            if attribute.spell(found.attributes.get(key)) != attribute.spell(value)
        }
        self.names.update(said)
        name, language = entry.name or found.name, entry.language or found.language
        changed = bool(said) or (name, language) != (found.name, found.language)
        if changed:
            self.changes.append((name, language, _dumped({**found.attributes, **said}), found.id))
        topics = entry.topics - found.topics
        self.topics.extend((topic, found.id) for topic in topics)
        known = barred and entry.standing is Standing.SUPPRESSED
        status = None if known else self.subscribe(found.id, entry, found.status)
        self.importer.remember(found.id, line, status)
        tally = self.importer.tally
        tally.read += 1
        if changed or topics or status:
            tally.updated += 1
        else:
            tally.unchanged += 1

    def correct(self, own: int, line: int, entry: Entry) -> None:
        """Plan that somebody leaves, or is pending, whom an earlier line of the file subscribed."""
        self.importer.remember(own, line, self.subscribe(own, entry, None))
        self.importer.tally.read += 1
        self.importer.tally.updated += 1

    def leave_out(self) -> None:
        """Count somebody who is to get no letter, and whose address is suppressed already."""
        self.importer.tally.read += 1
        self.importer.tally.unchanged += 1

    def subscribe(self, own: int, entry: Entry, now: SubscriptionStatus | None) -> SubscriptionStatus | None:
        """Plan the subscription with its evidence, and return its status; None if it is so already."""
        status, consent = self._said(entry)
        # A confirmed subscription never becomes pending again.
        if now in (status, SubscriptionStatus.CONFIRMED):
            return None
        # What somebody still has to confirm, or left, begins today: only consent is as old as the file says.
        old = entry.joined if status is SubscriptionStatus.CONFIRMED else None
        since = stamp(old) if old else self.at
        self.subscriptions.append((self.importer.list_id, own, status.value, since))
        self.consents.append((own, consent))
        self.importer.tally.pending += status is SubscriptionStatus.PENDING
        if status is SubscriptionStatus.UNSUBSCRIBED:
            self.importer.tally.gone += 1
            if entry.standing is Standing.SUPPRESSED:
                self.suppressed.append(self._suppression(entry))
        return status

    def _said(self, entry: Entry) -> tuple[SubscriptionStatus, Consent]:
        """Return where an entry's subscription comes to stand, and the evidence for it."""
        evidence = self.importer.evidence
        if entry.standing in _GONE:
            wording = entry.evidence or f"{entry.standing} there"
            return SubscriptionStatus.UNSUBSCRIBED, replace(evidence, what="withdraw", wording=wording)
        proof = "; ".join(filter(None, (evidence.wording, entry.evidence)))
        if entry.evidence or (proof and entry.standing is not Standing.PENDING):
            wording = f"{proof}; {entry.beside}" if entry.beside else proof
            same = wording == evidence.wording
            return SubscriptionStatus.CONFIRMED, evidence if same else replace(evidence, wording=wording)
        # What the import says of all is no evidence for somebody of whom the file says other.
        return SubscriptionStatus.PENDING, replace(evidence, wording="")

    def _suppression(self, entry: Entry) -> Suppression:
        evidence = self.importer.evidence
        return Suppression(entry.address.canonical, "suppressed elsewhere", evidence.source, evidence.at)

    def write(self) -> None:
        """Write what was planned."""
        connection = self.importer.connection
        people.add_all(connection, self.people)
        connection.executemany(
            "UPDATE subscribers SET name = ?, language = ?, attributes = ? WHERE id = ?", self.changes
        )
        attributes.note(connection, sorted(self.names))
        subscriptions.put_all(connection, self.subscriptions)
        topics.add_all(connection, sorted(self.topics))
        consents.record_all(connection, self.consents)
        for suppression in self.suppressed:
            suppressions.add(connection, suppression)
