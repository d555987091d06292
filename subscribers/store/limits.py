"""How often something may happen: to an address, from a network, in all.

Kept in SQLite, so that a restart forgets nothing. Each thing that is limited is a bucket, and ``hits`` counts by
the minute how often it happened. A bucket's name is a keyed hash, so that no address stands there.
"""

import hmac
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

#: What the key of the buckets' names is derived for: ``ring.derive(PURPOSE)``.
PURPOSE = "limits"

_DAY = timedelta(days=1)

#: How long hits are kept: as long as the longest limit looks back.
KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most *count* times *within* this time."""

    count: int
    within: timedelta


#: Mails about a subscription to one address. Nobody's inbox is flooded because a stranger typed their address.
ADDRESS = (Limit(1, _DAY), Limit(3, KEPT))

#: Mails that one network (/24 or /48) may cause: a lecture hall behind one address fits, a flood does not.
NETWORK = (Limit(100, timedelta(hours=1)), Limit(500, _DAY))

#: Mails that all networks may cause: above a good day's signups for a letter with a million readers.
OVERALL = (Limit(5_000, timedelta(hours=1)),)


@lru_cache(maxsize=4096)
def bucket(key: bytes, kind: str, name: str = "") -> str:
    """Return the name of the bucket for *name* (an address, a network) of this *kind*."""
    return f"{kind}:{hmac.digest(key, name.encode(), 'sha256').hex()[:32]}"


def allowed(connection: sqlite3.Connection, bucket: str, limits: tuple[Limit, ...], now: datetime) -> bool:
    """Whether it may happen once more."""
    oldest = max(limit.within for limit in limits)
    rows = connection.execute(
        "SELECT minute, count FROM hits WHERE bucket = :bucket AND minute > :since",
        {"bucket": bucket, "since": _minute(now - oldest)},
    ).fetchall()
    return all(
        sum(row["count"] for row in rows if row["minute"] > _minute(now - limit.within)) < limit.count
        for limit in limits
    )


def hit(connection: sqlite3.Connection, buckets: Iterable[str], now: datetime) -> None:
    """Note that it happened, in each of *buckets*."""
    connection.executemany(
        """INSERT INTO hits (bucket, minute, count) VALUES (?, ?, 1)
           ON CONFLICT (bucket, minute) DO UPDATE SET count = count + 1""",
        [(bucket, _minute(now)) for bucket in buckets],
    )


def clear(connection: sqlite3.Connection, bucket: str) -> None:
    """Begin anew, as for an address whose owner answered."""
    connection.execute("DELETE FROM hits WHERE bucket = :bucket", {"bucket": bucket})


def forget(connection: sqlite3.Connection, now: datetime) -> int:
    """Remove what no limit looks at any more, and return how many rows."""
    done = connection.execute("DELETE FROM hits WHERE minute < :before", {"before": _minute(now - KEPT)})
    return done.rowcount


def _minute(moment: datetime) -> int:
    """Return the minute since 1970 in which *moment* lies."""
    return int(moment.timestamp()) // 60
