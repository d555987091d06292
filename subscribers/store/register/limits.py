"""How often something may happen: to an address, from a network, in all.

Kept in SQLite, so that a restart forgets nothing. Each thing that is limited is a bucket, and ``hits`` counts by
the minute how often it happened. A bucket's name is a keyed hash, so that no address stands there.
"""

import hmac
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from subscribers.store.file.rows import insert, select
from subscribers.token import CONFIRM_FOR

#: What the key of the buckets' names is derived for: ``ring.derive(PURPOSE)``.
PURPOSE = "limits"

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)

#: How long hits are kept: as long as the longest limit looks back.
KEPT = timedelta(days=365)


class Limit(NamedTuple):
    """At most *most* times *within* this time, which is counted in whole minutes."""

    most: int
    within: timedelta


#: Mails about a subscription to one address. Nobody's inbox is flooded because a stranger typed their address, and
#: hardly anybody kept out by it: who gets no fourth mail within the fortnight has three whose links work.
ADDRESS = (Limit(1, _DAY), Limit(3, CONFIRM_FOR), Limit(12, KEPT))

#: Mails and new people that one network (/24 or /48) may cause: a lecture hall behind one address fits.
NETWORK = (Limit(100, timedelta(hours=1)), Limit(500, _DAY))

#: Mails and new people that all networks may cause: above a good day's signups with a million readers.
OVERALL = (Limit(5_000, timedelta(hours=1)),)

#: What lies further ahead than this, in minutes, was counted by a clock that was wrong: it would hold for so long.
AHEAD = 60

#: The bucket of all who ask for mail, whatever comes of it. It has no limit: it is there so that whoever asks
#: causes something to be written, and the answer to everybody waits for the disk.
ASKED = "asked"


def bucket(key: bytes, kind: str, name: str = "") -> str:
    """Return the name of the bucket for *name* (an address, a network) of this *kind*."""
    return f"{kind}:{hmac.digest(key, name.encode(), 'sha256').hex()[:32]}"


def mailbox(key: bytes, canonical: str) -> str:
    """Return the name of the bucket of whoever reads what is sent to an address.

    A plus tag does not count, nor do Gmail's dots. For everything but limits an address is what its owner typed.
    """
    local, _, domain = canonical.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return bucket(key, "address", f"{local}@{domain}")


class Tally:
    """What happened lately in some buckets, and what happens now. Must live inside one write transaction."""

    def __init__(
        self, connection: sqlite3.Connection, limits: Mapping[str, tuple[Limit, ...]], now: datetime
    ) -> None:
        """Look up the buckets of *limits*, each with what holds for it."""
        self._connection = connection
        self._limits = limits
        latest = _minute(now)
        since = {bucket: latest - _longest(each) for bucket, each in limits.items()}
        self._minutes: dict[str, dict[int, int]] = {}
        for bucket, minute, count in select(
            connection,
            "h.bucket, h.minute, h.count",
            "json_each(:since) j JOIN hits h ON h.bucket = j.key AND h.minute > j.value",
            since=json.dumps(since),
        ):
            if minute <= latest + AHEAD:
                self._minutes.setdefault(bucket, {})[minute] = count
        self._fresh: dict[tuple[str, int], int] = {}

    def allows(self, bucket: str, now: datetime) -> bool:
        """Whether it may happen once more."""
        if bucket not in self._minutes:
            return True
        latest, minutes = _minute(now), self._minutes[bucket].items()
        for most, within in self._limits[bucket]:
            since = latest - within // _MINUTE
            if sum([count for minute, count in minutes if minute > since]) >= most:
                return False
        return True

    def hit(self, buckets: Iterable[str], now: datetime) -> None:
        """Note that it happens, in each of *buckets*, which need not be among those that were looked up."""
        minute = _minute(now)
        for bucket in buckets:
            self._fresh[bucket, minute] = self._fresh.get((bucket, minute), 0) + 1
            minutes = self._minutes.setdefault(bucket, {})
            minutes[minute] = minutes.get(minute, 0) + 1

    def write(self) -> None:
        """Write down what was noted."""
        insert(
            self._connection,
            """INSERT INTO hits (bucket, minute, count) VALUES {(?, ?, ?)}
               ON CONFLICT (bucket, minute) DO UPDATE SET count = count + excluded.count""",
            [(*key, count) for key, count in self._fresh.items()],
        )
        self._fresh.clear()


def clear(connection: sqlite3.Connection, bucket: str) -> None:
    """Begin anew, as for an address whose owner answered."""
    connection.execute("DELETE FROM hits WHERE bucket = :bucket", {"bucket": bucket})


def forget(connection: sqlite3.Connection, now: datetime) -> int:
    """Remove what no limit looks at any more, and return how many rows."""
    done = connection.execute("DELETE FROM hits WHERE minute < :before", {"before": _minute(now - KEPT)})
    return done.rowcount


@lru_cache
def _longest(limits: tuple[Limit, ...]) -> int:
    """Return how many minutes the limits look back."""
    return max(limit.within for limit in limits) // _MINUTE


def _minute(moment: datetime) -> int:
    """Return the minute since 1970 in which *moment* lies."""
    return int(moment.timestamp()) // 60
