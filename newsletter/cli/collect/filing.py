"""Say which piece each article of a file is: a known one, corrected, or another. Wires the pool and the issues.

Once readers were sent what stood in a file or under a title, what stands there and says something else is another
piece. The issues remember what was sent, so that a pool that is made anew comes to the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from newsletter import article
from newsletter.cli import wiring
from newsletter.errors import IssueError
from newsletter.files import articlefile, issues, written
from newsletter.files.pool.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.kin import likeness, namesake
from newsletter.kin.namesake import Known
from newsletter.model import Article, RawItem
from subscribers.status import SendState
from subscribers.store.ledger import sends

#: What was sent of each article: the blocks that were written of it, by its key.
Sent = Mapping[str, tuple[str, ...]]
#: For so long a day without a year in a file that is written on is the one after the file was first seen.
YEAR = timedelta(days=300)
#: The lines of a block that its article's text has not: its first and last, and the title.
_AROUND = re.compile(r"^(?::::|## ).*$", re.MULTILINE)


def filed(
    workspace: Workspace, pool: Pool, documents: Mapping[Path, Sequence[Article]]
) -> tuple[dict[Path, tuple[Article, ...]], frozenset[str]]:
    """Return the articles of *documents* by the keys that they go by, and which of those keys say all.

    The others are of articles that a guid identifies, too, such as a feed's in a file.
    """
    once: dict[tuple[str, str, str], tuple[Path, Article]] = {}
    for path, articles in documents.items():
        for one in articles:
            # The same words under the same title are the same piece, whatever file has them.
            once.setdefault((one.key, one.language, one.text), (path, one))
    paths, found = [path for path, _ in once.values()], [one for _, one in once.values()]
    own = {place for place, one in enumerate(found) if PurePath(one.guid).name in {"", paths[place].name}}
    sent = _sent(workspace, pool)
    known: dict[int, tuple[Known, ...]] = {}
    taken = set(sent)
    for place in own:
        names = pool.namesakes(found[place])
        taken.update(name for name, _ in names)
        if found[place].key.startswith("text:") or not any(name == found[place].key for name, _ in names):
            known[place] = (*_known(found[place], names, sent), *_remembered(found[place].key, names, sent))
    named = namesake.named(found, known, taken)
    settled = frozenset(named[place].key for place in own)
    held: dict[Path, list[Article]] = {path: [] for path in documents}
    for path, one in zip(paths, named, strict=True):
        held[path].append(one)
    return articlefile.paired(held), settled


def _known(one: Article, names: Sequence[tuple[str, Article]], sent: Sent) -> tuple[Known, ...]:
    """Return the pieces of the pool that *one* may be."""
    others = {other.key: other for _, other in names}
    return tuple(
        Known(
            key,
            (other.text, *sent.get(key, ())),
            other.language,
            sent=key in sent,
            file=(other.source, other.guid) == (one.source, one.guid),
        )
        for key, other in others.items()
    )


def _remembered(key: str, names: Sequence[tuple[str, Article]], sent: Sent) -> tuple[Known, ...]:
    """Return the pieces by the key *key*, or that key with a number, that only issues remember."""
    there = {each for name, other in names for each in (name, other.key)}
    numbered = re.compile(rf"{re.escape(key)}(?:-\d+)?")
    own = (each for each in sent if each not in there and numbered.fullmatch(each))
    return tuple(Known(each, sent[each], sent=True) for each in own)


def aged(pool: Pool, items: Iterable[RawItem], now: datetime) -> Iterator[RawItem]:
    """Yield *items*; one without a date that says mostly what it said before is as old as it was then.

    Read anew, a day without a year that has passed meanwhile would be no event any more, or one of next year.
    """
    for item in items:
        one = article.normalize(item, now)
        known = () if item.published or item.updated else [other for _, other in pool.namesakes(one)]
        told = any(other.text == one.text for other in known)
        own = () if told else (other for other in known if other.guid == one.guid)
        yield next((old for other in own if (old := _as_old(item, other, now))), item)


def _as_old(item: RawItem, other: Article, now: datetime) -> RawItem | None:
    """Return *item* with the date of *other*, None if it is another piece, or its days may be a year later."""
    old = replace(item, published=other.published)
    said = article.normalize(old, now).text
    recent = other.published is not None and now - other.published < YEAR
    alike = recent and namesake.shared(said, other.text) >= likeness.TEXT
    return old if said == other.text or alike else None


def begun(workspace: Workspace) -> frozenset[str]:
    """Return the issues that readers have, or are about to get."""
    if not workspace.people.exists():
        return frozenset()
    with wiring.people(workspace) as connection:
        return frozenset(one.issue for one in sends.all(connection) if one.state is not SendState.CANCELLED)


def _sent(workspace: Workspace, pool: Pool) -> Sent:
    """Return what readers were sent, or are about to be, of each article."""
    told: dict[str, tuple[str, ...]] = {}
    for slug in begun(workspace).intersection(issues.slugs(workspace)):
        told |= dict.fromkeys(issues.sources(workspace, slug), ())
        for path in issues.files(workspace.issue(slug)):
            with suppress(IssueError):
                found = written.load(path)
                told |= {
                    key: tuple(_AROUND.sub("", text) for text in found[key]) for key in told.keys() & found.keys()
                }
    return told | {key: told[name] for name, key in pool.names(told).items()}
