"""How the pool keeps an article: each field as text that other tools can read. Knows no database."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from newsletter.model import Article, Picture


def row(one: Article) -> dict[str, str | int]:
    """Return an article as the pool keeps it."""
    return {
        "key": one.key,
        "title": one.title,
        "url": one.url,
        "text": one.text,
        "summary": one.summary,
        "source": one.source,
        "language": one.language,
        "author": one.author,
        "published": stamp(one.published),
        "updated": stamp(one.updated),
        "image": json.dumps(asdict(one.image), ensure_ascii=False) if one.image else "",
        "tags": json.dumps(one.tags, ensure_ascii=False),
        "guid": one.guid,
    }


def article(row: sqlite3.Row) -> Article:
    """Return the article that a row of the pool says. Raise ValueError for what no pool writes."""
    names = row.keys()
    return Article(
        key=row["key"],
        title=row["title"],
        url=row["url"],
        text=row["text"],
        summary=row["summary"],
        source=row["source"],
        language=row["language"],
        author=row["author"],
        published=moment(row["published"]),
        updated=moment(row["updated"]),
        image=Picture(**json.loads(row["image"])) if row["image"] else None,
        tags=tuple(json.loads(row["tags"])),
        guid=row["guid"],
        twins=tuple(json.loads(row["twins"])) if "twins" in names else (),
        pinned=bool(row["pinned"]),
        held=bool(row["held"]),
        hidden=bool(row["hidden"]),
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
