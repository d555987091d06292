"""The addresses that are never mailed again.

A suppression outlives its person: after an erasure only a keyed hash of the address is left, which recognizes the
address when it comes back and tells it to nobody.
"""

import hmac
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from subscribers.model import Suppression
from subscribers.roster import SUPPRESSED
from subscribers.store.file.open import moment, stamp

__all__ = ["PURPOSE", "SUPPRESSED", "add", "all", "among", "digest", "has", "hash_out", "remove"]

#: What the keys of the hashes are derived for: ``ring.derived(PURPOSE)``.
PURPOSE = "suppression"


def digest(canonical: str, key: bytes) -> str:
    """Return the keyed hash of an address, in hexadecimal."""
    return hmac.digest(key, canonical.encode(), "sha256").hex()


def add(connection: sqlite3.Connection, suppression: Suppression) -> bool:
    """Never mail this address again. Return False, and keep the first reason, if that is already so."""
    done = connection.execute(
        """INSERT INTO suppressions (canonical, reason, evidence, at) VALUES (:canonical, :reason, :evidence, :at)
           ON CONFLICT DO NOTHING""",
        asdict(suppression) | {"at": stamp(suppression.at)},
    )
    return done.rowcount == 1


def all(connection: sqlite3.Connection) -> Iterator[Suppression]:  # noqa: A001 - suppressions.all
    """Yield every suppression, the latest first."""
    for row in connection.execute("SELECT * FROM suppressions ORDER BY at DESC, id DESC"):
        yield Suppression(row["canonical"] or "", row["reason"], row["evidence"], moment(row["at"]))


def alone(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the addresses that are suppressed and nobody's here; what an erasure left of one has none."""
    for row in connection.execute(
        """SELECT x.canonical FROM suppressions x WHERE x.canonical IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.canonical = x.canonical) ORDER BY x.id"""
    ):
        yield str(row[0])


def remove(connection: sqlite3.Connection, canonical: str, keys: tuple[bytes, ...] = ()) -> bool:
    """Let an address be mailed again. Return False if it might be already. *keys* recognize erased addresses."""
    done = connection.execute(
        """DELETE FROM suppressions WHERE canonical = :canonical
           OR digest IN (SELECT value FROM json_each(:digests))""",
        {"canonical": canonical, "digests": json.dumps([digest(canonical, key) for key in keys])},
    )
    return done.rowcount > 0


def hash_out(connection: sqlite3.Connection, canonical: str, key: bytes, at: datetime) -> None:
    """Keep only the keyed hash of an address that is never mailed again; its reason may name it, so that goes."""
    connection.execute("DELETE FROM suppressions WHERE canonical = :canonical", {"canonical": canonical})
    connection.execute(
        """INSERT INTO suppressions (digest, reason, evidence, at) VALUES (:digest, 'erased', '', :at)
           ON CONFLICT DO NOTHING""",
        {"digest": digest(canonical, key), "at": stamp(at)},
    )


def has(connection: sqlite3.Connection, canonical: str, keys: tuple[bytes, ...] = ()) -> Suppression | None:
    """Return why this address is never mailed, or None. *keys* recognize erased addresses."""
    return among(connection, (canonical,), keys).get(canonical)


def among(
    connection: sqlite3.Connection, canonicals: Iterable[str], keys: tuple[bytes, ...] = ()
) -> dict[str, Suppression]:
    """Return the suppressions of those of the addresses that have one."""
    if not connection.execute("SELECT 1 FROM suppressions LIMIT 1").fetchone():
        return {}
    named = {name: name for name in canonicals}
    hashed: dict[str, str] = {}
    # Hashes cost; most files have nobody who was erased.
    if keys and connection.execute("SELECT 1 FROM suppressions WHERE digest IS NOT NULL LIMIT 1").fetchone():
        hashed = {digest(canonical, key): canonical for canonical in named for key in keys}
    rows = connection.execute(
        """SELECT canonical AS found, * FROM suppressions
           WHERE canonical IN (SELECT value FROM json_each(:named))
           UNION ALL
           SELECT digest AS found, * FROM suppressions WHERE digest IN (SELECT value FROM json_each(:hashed))""",
        {"named": json.dumps(list(named)), "hashed": json.dumps(list(hashed))},
    )
    names = named | hashed
    return {
        names[row["found"]]: Suppression(row["canonical"] or "", row["reason"], row["evidence"], moment(row["at"]))
        for row in rows
    }
