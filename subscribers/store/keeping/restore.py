"""Put a copy back in the place of the people's file, without who left since, and with what was sent since.

Who left is found by their address: of the file that is replaced nothing else may be readable.
"""

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from glob import escape
from pathlib import Path

from subscribers.errors import BusyError, StoreError, TakenError
from subscribers.model import Address, Consent
from subscribers.status import SendState, SubscriptionStatus
from subscribers.store.back import links
from subscribers.store.file.open import Connection, connect, moment, stamp, transaction
from subscribers.store.file.trouble import told
from subscribers.store.keeping import carry, upkeep
from subscribers.store.keeping.carry import Sent
from subscribers.store.ledger import sends
from subscribers.store.register import lists, moves, people, subscriptions
from subscribers.store.register.suppressions import digest

#: What stands in the ledger of consent as the source of a departure, or of a move, that was carried over.
SOURCE = "put back without who left"

#: So many numbers are given to nobody where it cannot be read which ones were: more than a letter gains in a year.
_UNKNOWN = 1_000_000

#: What to do about a copy that is none, by SQLite's name for what is wrong with it.
_REMEDIES = {
    "SQLITE_NOTADB": "name a file that `backup` wrote; unpack and decrypt it first",
    "SQLITE_CORRUPT": "it is damaged, or not all of it is here: try an older copy",
}

#: What stands after the name of a file that was replaced, before the time of that.
UNTIL = "-until-"

#: SQLite keeps parts of a file in files with these ends beside it.
_SIDES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Departures:
    """How many were in the copy and left since: by their word, because mail must not reach them, and erased.

    *moved* have a new address since, and get letters there. *unread* is why the file that was replaced could not
    tell, "" if it did.
    """

    unsubscribed: int = 0
    suppressed: int = 0
    erased: int = 0
    moved: int = 0
    unread: str = ""


#: What is asked of the file that is replaced. Without the first three answers it is not known who left.
_ASKED = {
    # Who moved from which address to which.
    "moved": """SELECT o.canonical, h.email, h.canonical FROM subscribers h
        JOIN subscribers o ON o.id = h.moved_from
        WHERE h.status = 'active' AND o.status = 'active' AND NOT EXISTS (
            SELECT 1 FROM subscriptions u WHERE u.subscriber_id = o.id AND u.status = 'confirmed')
        ORDER BY h.id""",
    # Who left which list, and when.
    "left": """SELECT s.canonical, l.slug, u.since FROM subscriptions u
        JOIN subscribers s ON s.id = u.subscriber_id JOIN lists l ON l.id = u.list_id
        WHERE u.status = 'unsubscribed' AND s.status = 'active'""",
    # Who is never mailed again.
    "barred": "SELECT canonical, digest, reason, evidence, at FROM suppressions ORDER BY id",
    # Who stands in a list as before an import that was taken back, and since when they wait there, if they do.
    "unmade": """SELECT s.canonical, c.list, coalesce(u.since, '') FROM consents c
        JOIN subscribers s ON s.id = c.subscriber_id AND s.status = 'active' JOIN lists l ON l.slug = c.list
        LEFT JOIN subscriptions u ON u.list_id = l.id AND u.subscriber_id = s.id
        WHERE c.what = 'withdraw' AND coalesce(u.status, 'pending') = 'pending' AND NOT EXISTS (SELECT 1
            FROM consents n WHERE n.subscriber_id = c.subscriber_id AND n.list = c.list AND n.id > c.id)""",
    # Whose line of the ledger says nothing any more: their number, and the line.
    "forgotten": """SELECT s.id, c.id, c.hash FROM subscribers s JOIN consents c ON c.id =
        (SELECT min(id) FROM consents WHERE subscriber_id = s.id) WHERE s.status = 'erased'""",
    # Who wants few letters, or none for now.
    "wished": """SELECT frequency, paused, canonical FROM subscribers
        WHERE status = 'active' AND (frequency <> 'every' OR paused <> '')""",
    # Who agrees that we see what they open.
    "agreed": "SELECT s.canonical FROM watched w JOIN subscribers s ON s.id = w.subscriber_id",
}
_NEEDED = 3

#: Why a send is paused that a sender would go on with.
HELD = "a copy was put back, and nobody knows whether it went on since the copy was made"

#: Why a file knows nothing in which there never was anybody.
_UNUSED = "nobody was ever in it"


@dataclass(frozen=True, slots=True)
class _Last:
    """What the file that is replaced answers to what is `_ASKED`, *said* row by row; nothing, if it is unread.

    *highest* is the highest number that it gave to somebody, None if that cannot be known. *unread* is why all
    that is not known, *unsent* why it is not known what was sent.
    """

    said: Mapping[str, Sequence[sqlite3.Row]] = field(default_factory=lambda: dict.fromkeys(_ASKED, ()))
    highest: int | None = None
    unread: str = ""
    unsent: str = ""


def restore(copy: Path, place: Path, aside: Path, keys: Sequence[bytes], now: datetime) -> tuple[Departures, Sent]:
    """Put *copy* at *place*, and what lies there at *aside*; what that knows of who left, and was sent, is kept.

    *keys* recognize who was erased; without any, everybody in the copy comes back. *copy* stays as it is. All
    of it is done, or nothing is changed at *place*. Raise StoreError for a copy that is none or is damaged,
    TakenError if *aside* exists, BusyError if another program has the file at *place* open.
    """
    if aside.exists():
        raise TakenError("this file exists", where=str(aside), remedy="move it away; nothing was changed")
    fresh = _fresh(place)
    try:
        tidy(place)
        _draw(copy, fresh)
        last = _last(place)
        done = _carry(last, fresh, place, tuple(keys), now)
        _swap(fresh, place, aside)
    except (sqlite3.Error, OSError) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        remedy = _REMEDIES.get(
            getattr(error, "sqlite_errorname", ""), "make room on the disk, or try an older copy"
        )
        raise StoreError(
            f"this cannot be put back: {what}", where=str(copy), remedy=f"{remedy}; nothing was changed"
        ) from None
    finally:
        tidy(place)
    return done


def tidy(place: Path) -> None:
    """Remove what a `restore` to *place* that was killed left: it holds people whom nobody would erase there.

    For whoever knows that no other one is at work. Raise OSError.
    """
    fresh = _fresh(place)
    for path in (fresh, *_beside(fresh), *_again(place)):
        path.unlink(missing_ok=True)


def _again(place: Path) -> list[Path]:
    """Return the other names of the file at *place* itself, under which it was about to be kept."""
    kept = place.parent.glob(f"{escape(place.stem)}{UNTIL}*")
    return [path for path in kept if place.exists() and path.samefile(place)]


def _fresh(place: Path) -> Path:
    return place.with_name(f"{place.name}.partial")


def _draw(copy: Path, fresh: Path) -> None:
    """Write what *copy* holds to *fresh* (mode 0600), in today's schema. Raise StoreError."""
    if not copy.is_file():
        raise StoreError("there is no such file", where=str(copy), remedy="name a file that `backup` wrote")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(fresh)) as target,
    ):
        known = source.execute("SELECT 1 FROM sqlite_master WHERE name = 'consents'").fetchone()
        if not known:
            raise StoreError(
                "no people are in this file", where=str(copy), remedy="name a file that `backup` wrote"
            )
        source.backup(target)
    try:
        with closing(connect(fresh)) as connection:
            faults = upkeep.faults(connection)
    except StoreError as error:
        faults = (error.what,)
    if faults:
        raise StoreError(faults[0], where=str(copy), remedy="try an older copy; nothing was changed")


def _last(place: Path) -> _Last:
    """Read who left by the file at *place*, which is one plain file afterwards. Raise BusyError."""
    if not (place.exists() and place.stat().st_size):
        why = "it is empty" if place.exists() else "it is missing"
        return _Last(unread=why, unsent=why)
    try:
        with closing(connect(place)) as connection:
            connection.execute("PRAGMA busy_timeout = 1000")
            # Only who is alone with a file may do this; its log is in it then.
            connection.execute("PRAGMA journal_mode = DELETE")
            highest = people.highest(connection)
            if not highest:
                # On another machine any command makes such a file: it is not the one that was lost.
                return _Last(unread=_UNUSED, unsent=_UNUSED)
            return _Last(_said(connection), highest, unsent=carry.fault(connection))
    except (sqlite3.Error, StoreError) as error:
        fault = error if isinstance(error, StoreError) else told(error, str(place))
        if isinstance(fault, BusyError):
            what, remedy = "another program has this file open", "end it, then run the same command again"
            raise BusyError(what, where=str(place), remedy=remedy) from None
        why = fault.what if fault else str(error)
        return _Last(unread=why, unsent=why)


def _said(connection: Connection) -> Mapping[str, Sequence[sqlite3.Row]]:
    """Ask what is `_ASKED`. What is not needed, and cannot be read, is nothing. Raise sqlite3.Error."""
    said: dict[str, Sequence[sqlite3.Row]] = {}
    for name, sql in _ASKED.items():
        try:
            said[name] = connection.execute(sql).fetchall()
        except sqlite3.DatabaseError:
            if len(said) < _NEEDED:
                raise
            said[name] = ()
    return said


def _carry(
    last: _Last, fresh: Path, place: Path, keys: tuple[bytes, ...], now: datetime
) -> tuple[Departures, Sent]:
    """Take those out of the file at *fresh* of whom *last* says that they left; without *keys* nobody.

    What was sent by the file at *place* is known there, too, and *fresh* is one plain file afterwards.
    """
    with closing(connect(fresh)) as connection:
        with carry.beside(connection, None if last.unsent else place) as sound, transaction(connection):
            _reserve(connection, last.highest, now)
            done = _depart(connection, last, keys, now) if keys else Departures(unread=last.unread)
            if last.unsent:
                sent = Sent(unread=last.unsent, held=_hold(connection, now))
            else:
                sent = carry.take(connection, sound)
        if done.erased:
            connection.execute("VACUUM")
        # A full disk ends this with an error; SQLite would only leave the log beside a file that it closes.
        connection.execute("PRAGMA journal_mode = DELETE")
    return done, sent


def _hold(connection: Connection, now: datetime) -> tuple[int, ...]:
    """Pause what a sender would go on with by itself: it may have gone out since the copy was made."""
    begun = [
        each.id
        for each in sends.all(connection)
        if each.state is SendState.SENDING
        or (each.state is SendState.SCHEDULED and (each.due is None or each.due <= now))
    ]
    for each in begun:
        sends.move(connection, each, SendState.PAUSED, now, HELD)
    return tuple(begun)


def _reserve(connection: Connection, highest: int | None, now: datetime) -> None:
    """Let nobody get a number up to *highest*: whoever had it has links that would act for somebody else."""
    known = people.highest(connection)
    number = known + _UNKNOWN if highest is None else highest
    if number > known:
        connection.execute(
            """INSERT INTO subscribers (id, email, canonical, status, joined)
               VALUES (:id, '', 'erased:' || :id, 'erased', :now)""",
            {"id": number, "now": stamp(now)},
        )


def _depart(connection: Connection, last: _Last, keys: tuple[bytes, ...], now: datetime) -> Departures:
    said = last.said
    moved = sum(_move(connection, row, keys, now) for row in said["moved"])
    unsubscribed = sum(_leave(connection, *row) for row in said["left"])
    unsubscribed += sum(_unmake(connection, row, now) for row in said["unmade"])
    erased = _erase(connection, {row["digest"] for row in said["barred"] if row["digest"]}, keys, now)
    erased += sum(_forget(connection, row, now) for row in said["forgotten"])
    suppressed = sum(_bar(connection, row) for row in said["barred"])
    connection.executemany("UPDATE subscribers SET frequency = ?, paused = ? WHERE canonical = ?", said["wished"])
    if not last.unread:
        _unwatch(connection, [row[0] for row in said["agreed"]], now)
    return Departures(unsubscribed, suppressed, erased, moved, last.unread)


def _move(connection: Connection, row: sqlite3.Row, keys: tuple[bytes, ...], now: datetime) -> bool:
    """Write to the row's new address where the copy writes to its old one. Return whether it does, and may."""
    old, typed, canonical = row
    person = people.by_address(connection, old)
    if not person:
        return False
    with suppress(TakenError):
        new = Address(typed, canonical)
        moves.move(connection, person, new, reason=SOURCE, source=SOURCE, keys=keys, now=now)
        return True
    return False


def _leave(connection: Connection, canonical: str, slug: str, since: str) -> int:
    person = people.by_address(connection, canonical)
    if not person:
        return 0
    consent = Consent(person.id, slug, "withdraw", moment(since), SOURCE, "")
    return len(subscriptions.withdraw(connection, consent))


def _unmake(connection: Connection, row: sqlite3.Row, now: datetime) -> bool:
    """Take the row's person out of its list, if they are in it: an import was taken back. Return whether so."""
    canonical, slug, since = row
    person = people.by_address(connection, canonical)
    if not person or subscriptions.status(connection, person.id, slug) is not SubscriptionStatus.CONFIRMED:
        return False
    consent = Consent(person.id, slug, "withdraw", now, SOURCE, "")
    subscriptions.unmake(connection, lists.number(connection, slug), consent, since)
    return True


def _bar(connection: Connection, row: sqlite3.Row) -> int:
    """Suppress the row's address here too; return 1 if somebody here has it."""
    done = connection.execute(
        """INSERT INTO suppressions (canonical, digest, reason, evidence, at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING""",
        tuple(row),
    )
    return int(done.rowcount == 1 and people.by_address(connection, row["canonical"] or "") is not None)


def _erase(connection: Connection, digests: set[str], keys: tuple[bytes, ...], now: datetime) -> int:
    """Erase everybody whose address has one of *digests* by one of *keys*; return how many."""
    if not digests:
        return 0
    rows = connection.execute("SELECT id, canonical FROM subscribers WHERE status = 'active'").fetchall()
    gone = [row["id"] for row in rows if any(digest(row["canonical"], key) in digests for key in keys)]
    for subscriber in gone:
        people.erase(connection, subscriber, keys, now)
    return len(gone)


def _forget(connection: Connection, row: sqlite3.Row, now: datetime) -> bool:
    """Forget who has the row's number, if its line of the ledger is theirs. Return whether it is."""
    subscriber, line, hashed = row
    same = connection.execute(
        """SELECT 1 FROM consents c JOIN subscribers s ON s.id = c.subscriber_id
           WHERE c.id = :line AND c.hash = :hash AND s.id = :id AND s.status = 'active'""",
        {"line": line, "hash": hashed, "id": subscriber},
    ).fetchone()
    if same:
        people.forget(connection, subscriber, now)
    return same is not None


def _unwatch(connection: Connection, agreed: list[str], now: datetime) -> None:
    """Take note of who does not agree any more that we see what they open: whoever is not among *agreed*."""
    rows = connection.execute(
        """SELECT w.subscriber_id FROM watched w JOIN subscribers s ON s.id = w.subscriber_id
           WHERE s.canonical NOT IN (SELECT value FROM json_each(:agreed))""",
        {"agreed": json.dumps(agreed)},
    ).fetchall()
    for row in rows:
        links.watch(connection, row[0], False, now)


def _swap(fresh: Path, place: Path, aside: Path) -> None:
    """Move what lies at *place* to *aside* with its log, and *fresh* to *place*; the disk has it before."""
    descriptor = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if place.exists():
        # A name more, so that there is no moment without a file here.
        os.link(place, aside)
    for path, kept in zip(_beside(place), _beside(aside), strict=True):
        with suppress(FileNotFoundError):
            path.rename(kept)
    fresh.replace(place)


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + end) for end in _SIDES)
