"""How the pool keeps an article: each field as text that other tools can read. Knows no database."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from newsletter.model import Article, Picture

#: The fields of an article that are kept as they are.
TEXTS = ("key", "title", "url", "text", "summary", "source", "language", "author", "guid")


def row(one: Article) -> dict[str, str | int]:
    """Return an article as the pool keeps it."""
    return {name: getattr(one, name) for name in TEXTS} | {
        "published": stamp(one.published),
        "updated": stamp(one.updated),
        "image": json.dumps(asdict(one.image), ensure_ascii=False) if one.image else "",
        "tags": json.dumps(one.tags, ensure_ascii=False),
    }


def article(row: sqlite3.Row) -> Article:
    """Return the article that a row of the pool says. Raise ValueError for what no pool writes."""
    return Article(
        **{name: row[name] for name in TEXTS} | {name: bool(row[name]) for name in ("pinned", "held", "hidden")},
        published=moment(row["published"]),
        updated=moment(row["updated"]),
        image=Picture(**json.loads(row["image"])) if row["image"] else None,
        tags=tuple(json.loads(row["tags"])),
        twins=tuple(json.loads(row["twins"])) if "twins" in row.keys() else (),  # noqa: SIM118 - a row has values
    )


def digest(one: Article, kept: Mapping[str, str | int], now: datetime) -> str:
    """Return what stands for all that a source said of *one*, which is *kept* as `row` says.

    *now* is the date of an article that has none of its own.
    """
    said = {**kept, "twins": one.twins} | ({"published": ""} if one.published == now else {})
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def stamp(moment: datetime | None) -> str:
    """Return a time as text that sorts as time does; "" for none."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else ""


def moment(text: str) -> datetime | None:
    """Return the time that `stamp` wrote."""
    return datetime.fromisoformat(text) if text else None
