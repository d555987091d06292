"""How the pool keeps an article: each field as text that other tools can read. Knows no database."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Protocol

from newsletter.model import Article, Picture


class Row(Protocol):
    """What SQLite gives: fields by name."""

    def __getitem__(self, name: str, /) -> Any:
        """Return one field."""
        ...


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


def article(row: Row) -> Article:
    """Return the article that a row of the pool says. Raise ValueError for what no pool writes."""
    return Article(
        key=row["key"],
        title=row["title"],
        url=row["url"],
        text=row["text"],
        summary=row["summary"],
        source=row["source"],
        language=row["language"],
        author=row["author"],
        published=_moment(row["published"]),
        updated=_moment(row["updated"]),
        image=Picture(**json.loads(row["image"])) if row["image"] else None,
        tags=tuple(json.loads(row["tags"])),
        guid=row["guid"],
        hidden=bool(row["hidden"]),
    )


def stamp(moment: datetime | None) -> str:
    """Return a time as text that sorts as time does; "" for none."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else ""


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
