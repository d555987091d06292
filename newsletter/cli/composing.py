"""Make an issue: what `newsletter compose` does, and what `serve` does when an issue is due. Prints nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsletter import issue, pick
from newsletter.cli import wishing
from newsletter.cli.wishing import Asked
from newsletter.errors import NotFoundError, RefusedError
from newsletter.files import issues, words, written
from newsletter.files.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.issuefile import calendar, draft
from newsletter.issuefile import written as writing
from newsletter.issuefile.draft import Piece
from newsletter.model import Article, Candidate, Events, Issue, Left, Pick
from newsletter.wish import Wish


@dataclass(frozen=True, slots=True)
class Picked:
    """A line of the report: an article in the issue, and why. *section* is the section's name or kind.

    *parts* is what the score is made of, *twins* the keys of the same piece in other languages.
    """

    key: str
    title: str
    language: str
    section: str
    score: float
    reason: str
    parts: Mapping[str, float]
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """A place where both the editor and an article changed the same: what stays, and what the article says now."""

    file: str
    title: str
    yours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What compose or pull did: the files that were *written*, and the fate of every article.

    *exists* tells that the issue was there already, *files* which it is: compose then only proposes.
    """

    written: tuple[str, ...]
    picked: tuple[Picked, ...]
    left: tuple[Left, ...]
    clashes: tuple[Clash, ...] = ()
    exists: bool = False
    files: tuple[str, ...] = ()


def compose(workspace: Workspace, asked: Asked, *, anew: bool = False, send_at: datetime | None = None) -> Outcome:
    """Pick articles and write the issue, a twin for each language that has articles of its own.

    Writes nothing if nothing was picked. Raise RefusedError if there is such an issue, unless *anew*: what stood
    in its place then stays beside it as ``issue.md~``.
    """
    with Pool(workspace.pool) as pool:
        wish, candidates = wishing.wish(workspace, pool, asked)
        picks, left = pick.pick(candidates, wish)
        texts = {
            language: _new(workspace, pool, picks, wish, asked.slug, language, send_at, candidates)
            for language in languages(picks, wish)
        }
    if texts and not anew and (there := issues.files(workspace.issue(asked.slug))):
        remedy = f"refresh it with `newsletter pull {asked.slug}`"
        raise RefusedError("this issue exists", where=issues.shown(workspace, there[0]), remedy=remedy)
    main = next(iter(texts), "")
    paths = {code: issues.path_of(workspace, asked.slug, "" if code == main else code) for code in texts}
    # The default language comes last: once issue.md is there, the issue is whole.
    for language, made in reversed(texts.items()):
        _write_new(workspace, paths[language], made)
    names = tuple(issues.shown(workspace, path) for path in paths.values())
    return Outcome(names, tuple(map(picked, picks)), left)


def languages(picks: Sequence[Pick], wish: Wish) -> list[str]:
    """Return the letter's languages in which at least one of *picks* is written."""
    places = {wish.place(one.language) for found in picks for one in (found.article, *found.twins)}
    return [code for place, code in enumerate(wish.languages) if place in places]


def pieces(workspace: Workspace, pool: Pool, picks: Sequence[Pick], wish: Wish, language: str) -> Iterator[Piece]:
    """Yield what stands of *picks* in the issue in *language*: the text in it, or one that is marked."""
    say = words.load(workspace.templates, language).gettext
    place = wish.languages.index(language)
    for one in picks:
        texts = {wish.place(each.language): each for each in reversed((one.article, *one.twins))}
        text = texts.get(place) or (one.article if wish.marked else None)
        if text:
            name = say(one.section.name) if one.section.name else ""
            yield Piece(pool.get(text.key), one.section.block, name)


def events(
    workspace: Workspace, pool: Pool, candidates: Sequence[Candidate], wish: Wish, language: str
) -> Events | None:
    """Return what is coming up: what articles in *language* tell, and those that are not in it at all."""
    place = wish.languages.index(language)
    spoken = {one.key: wish.place(one.language) for one in candidates}
    telling = [
        pool.get(one.key)
        for one in candidates
        if one.eventful and not (one.hidden or one.held) and _is_for(spoken, one, place, wish)
    ]
    return calendar.gather(telling, wish.now, workspace.settings.letter.timezone)


def _is_for(spoken: Mapping[str, int], one: Candidate, place: int, wish: Wish) -> bool:
    own = spoken[one.key]
    translated = any(spoken.get(twin) == place for twin in one.twins)
    return own == place or (own >= 0 and wish.marked and not translated)


def find(pool: Pool, key: str) -> Article | None:
    """Return an article of the pool, None if it is not there."""
    try:
        return pool.get(key)
    except NotFoundError:
        return None


def picked(one: Pick) -> Picked:
    """Return the line of the report for a pick."""
    article, twins = one.article, tuple(twin.key for twin in one.twins)
    section = pick.label(one.section)
    return Picked(article.key, article.title, article.language, section, one.score, one.reason, one.parts, twins)


def _new(
    workspace: Workspace,
    pool: Pool,
    picks: Sequence[Pick],
    wish: Wish,
    slug: str,
    language: str,
    send_at: datetime | None,
    candidates: Sequence[Candidate],
) -> Issue:
    lists = workspace.settings.lists
    return draft.issue(
        tuple(pieces(workspace, pool, picks, wish, language)),
        slug=slug,
        language=language,
        letter=workspace.settings.letter.name,
        mailing_list=lists[0].slug if lists else "",
        say=words.load(workspace.templates, language).gettext,
        send_at=send_at,
        events=events(workspace, pool, candidates, wish, language),
    )


def _write_new(workspace: Workspace, path: Path, made: Issue) -> None:
    """Write a new issue, what is known as written first, and keep what stood in its place."""
    if path.exists():
        issues.write(_spare(path), issues.read(workspace, path))
    written.keep(path, writing.of(made.blocks))
    said = workspace.settings.letter.language if path.name == issues.MAIN else made.language
    issues.write(path, issue.write(made, said=said))


def _spare(path: Path) -> Path:
    """Return a name beside *path* that is free: ``issue.md~``, then ``issue.md~2``."""
    names = (path.with_name(f"{path.name}~{number if number > 1 else ''}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())
