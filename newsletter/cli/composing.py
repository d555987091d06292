"""Make an issue: what `newsletter compose` does, and what `serve` does when an issue is due. Prints nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from newsletter import issue, pick
from newsletter.cli.desk import Desk
from newsletter.cli.wishing import Asked, Beyond
from newsletter.errors import RefusedError
from newsletter.files import issues, words, written
from newsletter.files.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.issuefile import draft
from newsletter.issuefile import written as writing
from newsletter.issuefile.frame import Frame
from newsletter.model import Issue, Left, Pick


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
    those that could have been looked at, *beyond* those that are too old for it.
    """

    written: tuple[str, ...]
    picked: tuple[Picked, ...]
    left: tuple[Left, ...]
    clashes: tuple[Clash, ...] = ()
    exists: bool = False
    files: tuple[str, ...] = ()
    beyond: Beyond = field(default_factory=Beyond)

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
        frames = {language: issues.frame(workspace, language) for language in desk.languages(picks)}
        texts = {code: _new(desk, picks, code, send_at, framed=frames[code] is not None) for code in frames}
    if texts and not anew and (there := issues.files(workspace.issue(asked.slug))):
        remedy = f"refresh it with `newsletter pull {asked.slug}`"
        raise RefusedError("this issue exists", where=issues.shown(workspace, there[0]), remedy=remedy)
    main = next(iter(texts), "")
    paths = {code: issues.path_of(workspace, asked.slug, "" if code == main else code) for code in texts}
    # The default language comes last: once issue.md is there, the issue is whole.
    for language, made in reversed(texts.items()):
        _write_new(workspace, paths[language], made, frames[language])
    names = tuple(issues.shown(workspace, path) for path in paths.values())
    return Outcome(names, tuple(map(picked, picks)), left, beyond=desk.beyond)


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


def _new(desk: Desk, picks: Sequence[Pick], language: str, send_at: datetime | None, *, framed: bool) -> Issue:
    settings = desk.workspace.settings
    return draft.issue(
        tuple(desk.pieces(picks, language)),
        slug=desk.slug,
        language=language,
        letter=settings.letter.name,
        mailing_list=settings.lists[0].slug if settings.lists else "",
        say=words.load(desk.workspace.templates, language).gettext,
        send_at=send_at,
        events=desk.events(language),
        greet=not framed,
    )


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
