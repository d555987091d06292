"""The consent ledger: dated evidence, one line after the other, each chained to the one before."""

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from subscribers.consent import START, digests, link, sealed
from subscribers.errors import StoreError
from subscribers.model import Consent
from subscribers.store.file.open import moment, stamp
from subscribers.store.file.rows import insert

_INSERT = """INSERT INTO consents
    (subscriber_id, list, what, at, source, wording, language, network, message_id, hash, seal, salt) VALUES
    {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}"""


def record(connection: sqlite3.Connection, consent: Consent) -> None:
    """Append a line to the ledger. Must be inside a write transaction."""
    record_all(connection, [(consent.subscriber, consent)])


def record_all(connection: sqlite3.Connection, consents: Iterable[tuple[int, Consent]]) -> None:
    """Append a line for each pair of a subscriber and what they said, whoever that names."""
    insert(connection, _INSERT, [*_lines(last(connection), consents)])


def _lines(before: str, consents: Iterable[tuple[int, Consent]]) -> Iterator[tuple[object, ...]]:
    known: Consent | None = None
    salts = _salts()
    for subscriber, consent in consents:
        # An import says the same of a million people: what is the same is worked out once.
        if consent is not known:
            known = consent
            # Once both network and salt are gone, nobody can find the network by trying all that there are.
            salt = next(salts) if consent.network else ""
            seal = sealed(consent.network, salt) if salt else ""
            digest_of = digests(consent, seal)
            said = (consent.list, consent.what, stamp(consent.at), consent.source, consent.wording)
            circumstances = (consent.language, consent.network, consent.message_id)
        content = digest_of(subscriber)
        before = link(before, content)
        yield (subscriber, *said, *circumstances, f"{content}:{before}", seal, salt)


def _salts() -> Iterator[str]:
    """Yield as many secrets as are asked for; the system is asked for many at once."""
    while True:
        drawn = secrets.token_hex(16 * 32)
        yield from (drawn[place : place + 32] for place in range(0, len(drawn), 32))


def last(connection: sqlite3.Connection) -> str:
    """Return the link that the next line is chained to."""
    found = connection.execute("SELECT hash FROM consents ORDER BY id DESC LIMIT 1").fetchone()
    return str(found["hash"]).rpartition(":")[2] if found else START


def of(connection: sqlite3.Connection, subscriber: int) -> tuple[Consent, ...]:
    """Return what one person agreed to and took back, in order."""
    rows = connection.execute("SELECT * FROM consents WHERE subscriber_id = :id ORDER BY id", {"id": subscriber})
    return tuple(_consent(found) for found in rows)


def forget(connection: sqlite3.Connection, subscriber: int) -> None:
    """Blank what an erased person's lines say. Their hashes stay, and so does the chain.

    The person must be marked as erased before: the ledger refuses every other change.
    """
    connection.execute(
        """UPDATE consents SET source = '', wording = '', language = '', network = '', message_id = '', salt = ''
           WHERE subscriber_id = :id""",
        {"id": subscriber},
    )


def forget_networks(connection: sqlite3.Connection, before: datetime) -> int:
    """Blank the network addresses of lines older than *before*; return how many. The chain stays checkable."""
    done = connection.execute(
        "UPDATE consents SET network = '', salt = '' WHERE network <> '' AND seal <> '' AND at < :before",
        {"before": stamp(before)},
    )
    return done.rowcount


@dataclass(frozen=True, slots=True)
class Chain:
    """A ledger that was found to be sound: so many *lines*, so many of them *erased*, and the *last* link."""

    lines: int
    last: str
    erased: int


def verify(connection: sqlite3.Connection, known: str = "") -> Chain:
    """Check every line. Raise StoreError at the first that was tampered with.

    *known* is a link that was noted earlier; it must still be in the chain, or lines were cut off its end. The
    content of an erased person's lines is gone and cannot be checked; their place in the chain is.
    """
    before = START
    lines = erased = 0
    whole = _Checker()
    met = known in ("", START)
    rows = connection.execute(
        """SELECT c.*, s.status FROM consents c LEFT JOIN subscribers s ON s.id = c.subscriber_id ORDER BY c.id"""
    )
    for found in rows:
        content, _, chained = str(found["hash"]).partition(":")
        gone = found["status"] == "erased"
        if not (gone or whole(found, content)) or chained != link(before, content):
            what = f"line {found['id']} of the consent ledger is not as it was written"
            raise StoreError(what, where="consents", remedy="compare it with a backup")
        before = chained
        lines, erased, met = lines + 1, erased + gone, met or chained == known
    if not met:
        what = f"the ledger no longer holds the link {known[:16]}: lines at its end are missing"
        raise StoreError(what, where="consents", remedy="compare it with a backup")
    return Chain(lines, before, erased)


class _Checker:
    """Tells whether a line says what its hash was made of; its network may be gone by now.

    An import says the same of a million people, so what was worked out for a line is kept for the next.
    """

    def __init__(self) -> None:
        self._said: tuple[str, ...] = ()
        self._digest: Callable[[int], str] = str

    def __call__(self, found: sqlite3.Row, content: str) -> bool:
        network, seal = found["network"], found["seal"]
        if network and seal and sealed(network, found["salt"]) != seal:
            return False
        said = (*(found[column] for column in _SAID), seal)
        if said != self._said:
            self._said, self._digest = said, digests(_consent(found), seal)
        return self._digest(found["subscriber_id"]) == content


#: What a line says, as the columns of the ledger and the fields of `Consent` are called.
_SAID = ("list", "what", "at", "source", "wording", "language", "network", "message_id")


def _consent(found: sqlite3.Row) -> Consent:
    said = {name: found[name] for name in _SAID}
    return Consent(found["subscriber_id"], **said | {"at": moment(found["at"])})
