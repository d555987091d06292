"""The consent ledger: dated evidence, one line after the other, each chained to the one before."""

import sqlite3

from subscribers.consent import START, digest, link
from subscribers.errors import StoreError
from subscribers.model import Consent
from subscribers.store.open import moment, stamp

INSERT = """INSERT INTO consents
    (subscriber_id, list, what, at, source, wording, language, network, message_id, hash) VALUES
    (:subscriber, :list, :what, :at, :source, :wording, :language, :network, :message_id, :hash)"""


def record(connection: sqlite3.Connection, consent: Consent) -> int:
    """Append a line to the ledger and return its number. Must be inside a write transaction."""
    content = digest(consent)
    chained = link(last(connection), content)
    done = connection.execute(INSERT, row(consent, stamp(consent.at), f"{content}:{chained}"))
    return done.lastrowid or 0


def row(consent: Consent, at: str, hash: str) -> dict[str, object]:  # noqa: A002 - the column's name
    """Return the values for INSERT."""
    return {
        "subscriber": consent.subscriber,
        "list": consent.list,
        "what": consent.what,
        "at": at,
        "source": consent.source,
        "wording": consent.wording,
        "language": consent.language,
        "network": consent.network,
        "message_id": consent.message_id,
        "hash": hash,
    }


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
