"""The consent ledger: dated evidence, one line after the other, each chained to the one before."""

import sqlite3
from collections.abc import Iterable, Iterator

from subscribers.consent import START, digest, digests, link
from subscribers.errors import StoreError
from subscribers.model import Consent
from subscribers.store.open import moment, stamp

_INSERT = """INSERT INTO consents
    (subscriber_id, list, what, at, source, wording, language, network, message_id, hash) VALUES
    (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def record(connection: sqlite3.Connection, consent: Consent) -> int:
    """Append a line to the ledger and return its number. Must be inside a write transaction."""
    return record_for(connection, consent, [consent.subscriber])


def record_for(connection: sqlite3.Connection, consent: Consent, subscribers: Iterable[int]) -> int:
    """Append a line that says *consent* for each of *subscribers*; return the number of the last line."""
    connection.executemany(_INSERT, _lines(last(connection), consent, subscribers))
    row = connection.execute("SELECT max(id) FROM consents").fetchone()
    return int(row[0] or 0)


def _lines(before: str, consent: Consent, subscribers: Iterable[int]) -> Iterator[tuple[object, ...]]:
    said = (consent.list, consent.what, stamp(consent.at), consent.source, consent.wording)
    circumstances = (consent.language, consent.network, consent.message_id)
    digest_of = digests(consent)
    for subscriber in subscribers:
        content = digest_of(subscriber)
        before = link(before, content)
        yield (subscriber, *said, *circumstances, f"{content}:{before}")


def last(connection: sqlite3.Connection) -> str:
    """Return the link that the next line is chained to."""
    found = connection.execute("SELECT hash FROM consents ORDER BY id DESC LIMIT 1").fetchone()
    return str(found["hash"]).rpartition(":")[2] if found else START


def of(connection: sqlite3.Connection, subscriber: int) -> tuple[Consent, ...]:
    """Return what one person agreed to and took back, in order."""
    rows = connection.execute("SELECT * FROM consents WHERE subscriber_id = :id ORDER BY id", {"id": subscriber})
    return tuple(_consent(found) for found in rows)


def forget(connection: sqlite3.Connection, subscriber: int) -> None:
    """Blank what an erased person's lines say. Their hashes stay, and so does the chain."""
    connection.execute(
        """UPDATE consents SET source = '', wording = '', language = '', network = '', message_id = ''
           WHERE subscriber_id = :id""",
        {"id": subscriber},
    )


def verify(connection: sqlite3.Connection) -> int:
    """Check every line and return how many there are. Raise StoreError at the first that was tampered with.

    The content of an erased person's lines is gone and cannot be checked; their place in the chain is.
    """
    before = START
    count = 0
    rows = connection.execute(
        """SELECT c.*, s.status FROM consents c LEFT JOIN subscribers s ON s.id = c.subscriber_id ORDER BY c.id"""
    )
    for found in rows:
        content, _, chained = str(found["hash"]).partition(":")
        whole = found["status"] == "erased" or digest(_consent(found)) == content
        if not whole or chained != link(before, content):
            what = f"line {found['id']} of the consent ledger is not as it was written"
            raise StoreError(what, where="consents", remedy="compare it with a backup")
        before = chained
        count += 1
    return count


def _consent(found: sqlite3.Row) -> Consent:
    return Consent(
        subscriber=found["subscriber_id"],
        list=found["list"],
        what=found["what"],
        at=moment(found["at"]),
        source=found["source"],
        wording=found["wording"],
        language=found["language"],
        network=found["network"],
        message_id=found["message_id"],
    )
