"""Read sources into the pool, several at once. Wires fetching, files and the pool together; prints nothing."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from newsletter.cli.collect import filing
from newsletter.cli.collect.collecting import normal
from newsletter.errors import NewsletterError, NotFoundError, SourceError, TryAgainError
from newsletter.fetch import guard, picture, withdrawn
from newsletter.fetch import source as reader
from newsletter.fetch.http import BusyError, Client, Connections, GoneError
from newsletter.fetch.port import Last, Listing, Reading
from newsletter.files import articlefile, issues
from newsletter.files.pool.pool import Added, Pool, Unlisted, Visit
from newsletter.files.workspace import SETTINGS, Workspace
from newsletter.kin.identity import canonical_url
from newsletter.model import Article, RawItem, Source
from newsletter.reading import emblem
from newsletter.reading.picturefile import Shape

#: How many sources are read at once. `newsletter.fetch.http` spares the hosts that several of them share.
AT_ONCE = 8
#: The longest that one source may take, in seconds: a slow site with fifty new pages does not need more.
LONGEST = 300.0
#: So many failures in a row are bad luck; after them a source is left alone for an hour, two, four, up to a day.
BAD_LUCK = 3
FIRST_WAIT, LAST_WAIT = timedelta(hours=1), timedelta(days=1)
#: What is gone for good is asked for again after a week: some servers say so by mistake.
GONE_WAIT = timedelta(days=7)
#: So many pictures of a source are measured in a run, within so many seconds: an issue shows a few of them.
PICTURES, LOOKING = 12, 20.0
NOTHING = Added()
#: Under this name the pool remembers the picture and the words that a source puts on all of its pages.
EMBLEMS = "(emblems of {})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one source. *error* is why it could not be read; *problems* are parts of it that could not.

    *kind* is what an ``auto`` source turned out to be; before *again* a failing one is left alone. *moved* is the
    address that the source has now, if its server says that this is for good. *gone* is what it has withdrawn.
    *over* means that it is a calendar with nothing ahead. *others* are where its site speaks other languages, in
    which no source reads it yet.
    """

    source: str
    added: Added = NOTHING
    unchanged: bool = False
    error: NewsletterError | None = None
    problems: tuple[NewsletterError, ...] = ()
    kind: str = ""
    again: datetime | None = None
    moved: str = ""
    gone: tuple[Unlisted, ...] = ()
    over: bool = False
    others: tuple[str, ...] = ()


def _quietly(_: object) -> None:
    """Say nothing of how it goes on: what came of it is told by its outcomes."""


def chosen(workspace: Workspace, names: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources called *names*, all of them for none. Raise NotFoundError."""
    sources = workspace.settings.sources
    if not sources:
        remedy = f'add one to {SETTINGS}: [[source]], name = "site", url = "https://…"'
        raise NotFoundError("there are no sources", where=SETTINGS, remedy=remedy)
    known = {source.name: source for source in sources}
    for name in names:
        if name not in known:
            raise NotFoundError(
                f"no source is called “{name}”", where=SETTINGS, remedy=f"known: {', '.join(known)}"
            )
    return tuple(known[name] for name in dict.fromkeys(names)) if names else sources


async def fetch(
    workspace: Workspace,
    sources: Iterable[Source],
    now: datetime,
    *,
    begin: Callable[[str], None] = _quietly,
    done: Callable[[Outcome], None] = _quietly,
    insist: bool = False,
) -> tuple[Outcome, ...]:
    """Read *sources* into the pool; none stops another. *insist* tries those too that are left alone for now.

    *begin* hears the name of a source that is being read, *done* what came of it.
    """
    slots = asyncio.Semaphore(AT_ONCE)
    with Pool(workspace.pool) as pool:
        async with Connections() as connections:

            async def one(source: Source) -> Outcome:
                async with slots:
                    begin(source.name)
                    outcome = await _outcome(workspace, pool, connections, source, now, insist)
                done(outcome)
                return outcome

            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(source)) for source in sources]
    return tuple(task.result() for task in tasks)


async def _outcome(
    workspace: Workspace, pool: Pool, connections: Connections, source: Source, now: datetime, insist: bool
) -> Outcome:
    """Read one source; what is wrong with it is part of the outcome."""
    if source.kind == "folder":
        return _folder(workspace, pool, source, now)
    client = Client(partial(guard.pin, allow_private=source.allow_private), connections=connections)
    visit = pool.visit(source.name, repr(source))
    if visit.again and now < visit.again and not insist:
        times = "a failure" if visit.failures == 1 else f"{visit.failures} failures, the last"
        what = f"left alone after {times}: {visit.fault}"
        rest = TryAgainError(what, remedy=f"`newsletter fetch {source.name}` tries now")
        return Outcome(source.name, error=rest, again=visit.again)
    try:
        async with asyncio.timeout(LONGEST):
            reading = await _read(pool, client, source, visit, now)
        reading = _without_emblems(pool, source, reading, now)
        added = pool.add(_wanted(reading.items, source, now), now, all_of=source.name if reading.whole else "")
    except NewsletterError as error:
        return _failed(pool, source, visit, error, now)
    except TimeoutError:
        slow = TryAgainError(f"not done within {LONGEST:.0f} seconds", where=source.url, remedy="try again later")
        return _failed(pool, source, visit, slow, now)
    pool.put_pages(source.name, reading.pages)
    gone = await _withdrawn(pool, client, source, reading.listed, now)
    if added.new or added.updated:
        await _measure(pool, client, source, now)
    following = reading.next
    pool.visited(
        source.name,
        repr(source),
        Visit(following.etag, following.modified, following.url, following.kind, following.mark),
    )
    moved = "" if reading.moved == source.url else reading.moved
    return Outcome(
        source.name,
        added,
        reading.unchanged,
        problems=reading.problems,
        kind=following.kind,
        moved=moved,
        gone=gone,
        over=reading.whole and not reading.items,
        others=_untold(workspace, reading.others),
    )


def _untold(workspace: Workspace, others: Iterable[str]) -> tuple[str, ...]:
    """Return those of the addresses *others*, in other languages, that no source of a letter in several reads."""
    if len(workspace.settings.letter.languages) < 2:
        return ()
    known = {each.url.rstrip("/") for each in workspace.settings.sources}
    return tuple(one for one in others if one.rstrip("/") not in known)


async def _read(pool: Pool, client: Client, source: Source, visit: Visit, now: datetime) -> Reading:
    if "://" not in source.url:
        remedy = 'write its url as "https://…", or say kind = "folder"'
        raise SourceError(f"“{source.url}” is no web address", where=SETTINGS, remedy=remedy)
    known = visit.kind or source.kind
    pages = pool.pages(source.name) if known != "folder" and visit.url else {}
    last = Last(visit.etag, visit.modified, visit.kind, visit.url, visit.mark, pages)
    return await reader.read(source, client, last, now)


async def _withdrawn(
    pool: Pool, client: Client, source: Source, listed: Listing | None, now: datetime
) -> tuple[Unlisted, ...]:
    """Take out of the pool what *source* lists no more and shows to nobody; return it."""
    if listed is None:
        return ()
    found = pool.unlisted(source.name, filter(None, map(canonical_url, listed.urls)), listed.since)
    missing = [one for one in found if one.url.startswith("http")]
    there = await withdrawn.gone(client, [one.url for one in missing])
    gone = tuple(one for one in missing if one.url in there)
    pool.withdraw((one.key for one in gone), now)
    return gone


async def _measure(pool: Pool, client: Client, source: Source, now: datetime) -> None:
    """Look up the sizes of a source's newest pictures that nobody told; those that cannot be read stay unknown."""
    wanted = pool.unmeasured(source.name, PICTURES)
    found: dict[str, Shape] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOKING):
            found = await picture.measured(client, wanted)
    known = [(one, found.get(one.src, Shape(""))) for one in wanted]
    pool.measured((replace(one, width=each.width, height=each.height) for one, each in known), now)


def _without_emblems(pool: Pool, source: Source, reading: Reading, now: datetime) -> Reading:
    """Return what a source gave without what all of its articles have, which the pool remembers."""
    own = EMBLEMS.format(source.name)
    found, known = emblem.common(reading.items), pool.pages(own)
    if new := found - known.keys():
        pool.put_pages(own, [(src, now.isoformat()) for src in sorted(new)])
    return replace(reading, items=tuple(emblem.without(reading.items, {*known, *found})))


def _wanted(items: Iterable[RawItem], source: Source, now: datetime) -> tuple[Article, ...]:
    """Return what a source gave as articles, without those from before its time."""
    articles = normal(items, now)
    if source.since is None:
        return articles
    return tuple(one for one in articles if one.published is None or one.published >= source.since)


def _failed(pool: Pool, source: Source, visit: Visit, error: NewsletterError, now: datetime) -> Outcome:
    """Remember a failure, and when to try again if there were several or the server said when."""
    failures = visit.failures + 1
    wait = timedelta(0)
    if failures >= BAD_LUCK:
        wait = min(FIRST_WAIT * 2 ** min(failures - BAD_LUCK, 10), LAST_WAIT)
    if isinstance(error, BusyError):
        wait = max(wait, min(timedelta(seconds=error.seconds), LAST_WAIT))
    if isinstance(error, GoneError):
        wait = GONE_WAIT
    again = now + wait if wait else None
    pool.visited(source.name, repr(source), replace(visit, failures=failures, fault=error.what, again=again))
    return Outcome(source.name, error=error, again=again)


def _folder(workspace: Workspace, pool: Pool, source: Source, now: datetime) -> Outcome:
    try:
        held = articlefile.folder(workspace.root / Path(source.url).expanduser(), source, now)
    except NewsletterError as error:
        return Outcome(source.name, error=error)
    if held.problems and not any(held.documents.values()):
        return Outcome(source.name, error=held.problems[0], problems=held.problems[1:])
    documents = {
        path: _wanted(filing.aged(pool, items, now), source, now) for path, items in held.documents.items()
    }
    named, settled = filing.filed(workspace, pool, documents)
    # What stands first of several by one address counts.
    articles = {one.key: one for found in reversed(named.values()) for one in reversed(found)}
    added = pool.add(tuple(articles.values())[::-1], now, settled=settled)
    return Outcome(
        source.name, added, problems=held.problems, gone=_taken_out(workspace, pool, source, held, articles, now)
    )


def _taken_out(
    workspace: Workspace, pool: Pool, source: Source, held: articlefile.Folder, kept: Iterable[str], now: datetime
) -> tuple[Unlisted, ...]:
    """Take out of the pool what a file of a folder told that is not there any more, or not to be seen; return it.

    What readers were sent stays, and so does all where the whole folder is empty: its disk may be elsewhere.
    """
    root = workspace.root / Path(source.url).expanduser()
    if not any(held.documents.values()):
        return ()
    used, sent = issues.used(workspace), filing.begun(workspace)
    gone = tuple(
        one
        for one in pool.unlisted(source.name, kept, None)
        if articlefile.is_withdrawn(root, one.guid, held) and used.get(one.key) not in sent
    )
    pool.withdraw((one.key for one in gone), now)
    return gone
