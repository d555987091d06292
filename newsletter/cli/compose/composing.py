"""Make an issue: what `newsletter compose` does, and what `serve` does when an issue is due. Prints nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from newsletter import issue, pick
from newsletter.cli.compose.desk import Desk
from newsletter.cli.compose.wishing import Asked, Beyond
from newsletter.errors import RefusedError
from newsletter.files import issues, written
from newsletter.files.looks import words
from newsletter.files.pool.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.issuefile import calendar, draft
from newsletter.issuefile.draft import Piece
from newsletter.issuefile.frame import Frame
from newsletter.issuefile.refreshing import written as writing
from newsletter.model import Events, Issue, Left, Pick
from newsletter.picking import eligible

#: A new issue in one language, and what stands around its articles.
Draft = tuple[Issue, Frame | None]
#: What a blank issue shows to whoever has never written one.
EXAMPLE = """<!-- Readers do not get these lines. A story is written so:

::: story
## Its title
![What the picture shows](assets/picture.jpg)
Its text.

[The words on its button](https://…)
:::
-->"""


@dataclass(frozen=True, slots=True)
class Picked:
    """A line of the report: an article in the issue, and why. *section* is the section's name or kind.

    *parts* is what the score is made of, *twins* the keys of the same piece in other languages, *languages* all
    that it is in.
    """

    key: str
    title: str
    language: str
    section: str
    score: float
    reason: str
    parts: Mapping[str, float]
    twins: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


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

    *exists* tells that the issue was there already, *files* which it is: compose then only proposes. *left* are
    those that could have been looked at, *beyond* those that are too old for it. *coming* counts the events that
    were listed at its end.
    """

    written: tuple[str, ...]
    picked: tuple[Picked, ...]
    left: tuple[Left, ...]
    clashes: tuple[Clash, ...] = ()
    exists: bool = False
    files: tuple[str, ...] = ()
    beyond: Beyond = field(default_factory=Beyond)
    coming: int = 0

    def all_left(self) -> Iterator[Left]:
        """Yield everything that was left, what is too old last."""
        yield from self.left
        yield from self.beyond

    def count_left(self) -> int:
        """Return how many articles were left."""
        return len(self.left) + self.beyond.count


def compose(workspace: Workspace, asked: Asked, *, anew: bool = False, send_at: datetime | None = None) -> Outcome:
    """Pick articles and write the issue, a twin for each language that has articles of its own.

    Writes nothing if nothing was picked. Raise RefusedError if there is such an issue, unless *anew*: what stood
    in its place then stays beside it as ``issue.md~``.
    """
    with Pool(workspace.pool) as pool:
        desk = Desk.open(workspace, pool, asked)
        picks, left = pick.pick(desk.candidates, desk.wish)
        eventful = all(eligible.is_line(one.article) for one in picks)
        if eventful and picks and (told := desk.told()):
            # Of nothing but events only those make an issue that no earlier one listed.
            picks, left = pick.pick(desk.candidates, replace(desk.wish, used={**desk.wish.used, **told}))
        drafts = {code: _from(desk, picks, code, send_at) for code in desk.languages(picks)}
    names = _write(workspace, asked.slug, drafts, anew=anew)
    lines = tuple(replace(picked(one), section="events") if eventful else picked(one) for one in picks)
    coming = max((calendar.count(made.blocks) for made, _ in drafts.values()), default=0)
    return Outcome(names, lines, left, beyond=desk.beyond, coming=coming)


def blank(workspace: Workspace, asked: Asked, *, anew: bool) -> Outcome:
    """Write the issue without articles, in the first language and in each that has a frame. Raise as `compose`."""
    spoken = workspace.settings.letter.languages
    frames = {code: issues.frame(workspace, code) for code in spoken}
    drafts = {
        code: _new(workspace, asked.slug, (), code, frame)
        for code, frame in frames.items()
        if frame or code == spoken[0]
    }
    made, frame = drafts[spoken[0]]
    drafts[spoken[0]] = (made, frame or Frame("", EXAMPLE))
    return Outcome(_write(workspace, asked.slug, drafts, anew=anew), (), ())


def picked(one: Pick) -> Picked:
    """Return the line of the report for a pick."""
    article, section = one.article, pick.label(one.section)
    return Picked(
        article.key,
        article.title,
        article.language,
        section,
        one.score,
        one.reason,
        one.parts,
        tuple(twin.key for twin in one.twins),
        tuple(each.language for each in (article, *one.twins)),
    )


def _from(desk: Desk, picks: Sequence[Pick], language: str, send_at: datetime | None) -> Draft:
    frame, pieces = issues.frame(desk.workspace, language), tuple(desk.pieces(picks, language))
    return _new(desk.workspace, desk.slug, pieces, language, frame, send_at, desk.events(language))


def _new(
    workspace: Workspace,
    slug: str,
    pieces: Sequence[Piece],
    language: str,
    frame: Frame | None,
    send_at: datetime | None = None,
    events: Events | None = None,
) -> Draft:
    settings = workspace.settings
    made = draft.issue(
        pieces,
        slug=slug,
        language=language,
        letter=settings.letter.to(language).name,
        mailing_list=settings.lists[0].slug if settings.lists else "",
        say=words.load(workspace.templates, language).gettext,
        send_at=send_at,
        events=events,
        greet=frame is None,
    )
    return made, frame.filled(draft.gaps(pieces, slug, language)) if frame else None


def _write(workspace: Workspace, slug: str, drafts: dict[str, Draft], *, anew: bool) -> tuple[str, ...]:
    """Write the twins of a new issue, by their languages, and return their names. Raise RefusedError."""
    if drafts and not anew and (there := issues.files(workspace.issue(slug))):
        remedy = f"refresh it with `newsletter pull {slug}`"
        raise RefusedError("this issue exists", where=issues.shown(workspace, there[0]), remedy=remedy)
    main = next(iter(drafts), "")
    paths = {code: issues.path_of(workspace, slug, "" if code == main else code) for code in drafts}
    # The default language comes last: once issue.md is there, the issue is whole.
    for language, (made, frame) in reversed(drafts.items()):
        _write_new(workspace, paths[language], made, frame)
    return tuple(issues.shown(workspace, path) for path in paths.values())


def _write_new(workspace: Workspace, path: Path, made: Issue, frame: Frame | None) -> None:
    """Write a new issue within its frame, what is known as written first, and keep what stood in its place."""
    if path.exists():
        issues.write(_spare(path), issues.read(workspace, path))
    written.keep(path, writing.of(made.blocks))
    said = workspace.settings.letter.language if path.name == issues.MAIN else made.language
    issues.write(path, issue.write(made, said=said, frame=frame))


def _spare(path: Path) -> Path:
    """Return a name beside *path* that is free: ``issue.md~``, then ``issue.md~2``."""
    names = (path.with_name(f"{path.name}~{number if number > 1 else ''}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())
