"""Make and refresh issues: what `newsletter.cli.compose` does behind its commands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from newsletter import issue, pick, score
from newsletter.errors import RefusedError
from newsletter.files import issues, sealed, words
from newsletter.files.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.issuefile import addition, draft, refresh, seal
from newsletter.model import Article, Issue, Left, Pick, Section


@dataclass(frozen=True, slots=True)
class Picked:
    """A line of the report: an article in the issue, and why. *section* is the section's name or kind."""

    key: str
    title: str
    language: str
    section: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What compose or pull did: the files that were *written*, and the fate of every article."""

    written: tuple[str, ...]
    picked: tuple[Picked, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Which articles may be picked: dated from *since* to before *until*, None for no limit."""

    since: datetime | None = None
    until: datetime | None = None


def compose(workspace: Workspace, slug: str, span: Span, now: datetime, *, anew: bool = False) -> Outcome:
    """Pick articles and write the issue *slug*, with a twin for each further language that has articles.

    Writes nothing if nothing was picked. Raise RefusedError if the issue exists, unless *anew*; the file that
    is replaced then stays beside it as ``issue.md~``.
    """
    main = issues.path_of(workspace, slug)
    if (existing := issues.files(main.parent)) and not anew:
        remedy = f"refresh it with `newsletter pull {slug}`, or write it anew with --force"
        raise RefusedError("this issue exists", where=issues.shown(workspace, existing[0]), remedy=remedy)
    used = issues.used(workspace, besides=slug)
    articles = pooled(workspace)
    picked: list[Picked] = []
    lefts: dict[str, Left] = {}
    texts: dict[Path, Issue] = {}
    for language, own in _by_language(workspace, articles).items():
        sections = _sections(workspace, language)
        picks, rest = _pick(workspace, own, sections, used, span, now)
        lefts |= {left.article.key: left for left in rest}
        picked += (_picked(one, language) for one in picks)
        if picks:
            path = issues.path_of(workspace, slug, language) if texts else main
            texts[path] = _new(workspace, picks, slug, language)
    # The default language comes last: once issue.md is there, the issue is whole.
    for path, made in reversed(texts.items()):
        _write_new(workspace, path, made)
    left = tuple(lefts[one.key] for one in articles if one.key in lefts)
    return Outcome(tuple(issues.shown(workspace, path) for path in texts), tuple(picked), left)


def pull(workspace: Workspace, slug: str, now: datetime, *, add: bool = False) -> Outcome:
    """Refresh the issue *slug* in each of its languages; with *add*, fill its sections with what is new.

    Raise NotFoundError if there is no such issue, IssueError if it cannot be understood.
    """
    used = issues.used(workspace, besides=slug)
    outcomes = [_pull_one(workspace, one, now, used, add=add) for one in issues.load(workspace, slug)]
    return Outcome(
        tuple(name for outcome in outcomes for name in outcome.written),
        tuple(picked for outcome in outcomes for picked in outcome.picked),
        tuple(left for outcome in outcomes for left in outcome.left),
    )


def pooled(workspace: Workspace) -> list[Article]:
    """Return every article of the pool, the hidden ones last."""
    with Pool(workspace.pool) as pool:
        return [*pool.articles(), *pool.articles(hidden=True)]


def _by_language(workspace: Workspace, articles: Iterable[Article]) -> dict[str, list[Article]]:
    """Return the articles that each language of the letter chooses from.

    The default one also looks at those whose language is unknown or no language of the letter, to say so.
    """
    languages = workspace.settings.letter.languages
    own: dict[str, list[Article]] = {language: [] for language in languages}
    for article in articles:
        base = article.language.partition("-")[0]
        near = [code for code in languages if base and code.partition("-")[0] == base]
        chosen = article.language if article.language in near else (near or [languages[0]])[0]
        own[chosen].append(article)
    return own


def _sections(workspace: Workspace, language: str) -> tuple[Section, ...]:
    """Return the letter's sections, their names in *language* where the word list has them."""
    say = words.load(workspace.templates, language).gettext
    sections = workspace.settings.sections or pick.SECTIONS
    return tuple(replace(one, name=say(one.name)) if one.name else one for one in sections)


def _pick(
    workspace: Workspace,
    articles: Sequence[Article],
    sections: Sequence[Section],
    used: Mapping[str, str],
    span: Span,
    now: datetime,
    present: Mapping[Section, int] = MappingProxyType({}),
) -> tuple[tuple[Pick, ...], tuple[Left, ...]]:
    settings = workspace.settings
    return pick.pick(
        articles,
        sections,
        used=used,
        now=now,
        languages=settings.letter.languages,
        since=span.since,
        until=span.until,
        present=present,
        weights={source.name: source.weight for source in settings.sources},
    )


def _new(workspace: Workspace, picks: Sequence[Pick], slug: str, language: str) -> Issue:
    lists = workspace.settings.lists
    return draft.issue(
        picks,
        slug=slug,
        language=language,
        letter=workspace.settings.letter.name,
        mailing_list=lists[0].slug if lists else "",
        say=words.load(workspace.templates, language).gettext,
    )


def _write_new(workspace: Workspace, path: Path, made: Issue) -> None:
    """Write a new issue, its seals first, and keep what stood in its place."""
    if path.exists():
        issues.write(path.with_name(f"{path.name}~"), issues.read(workspace, path))
    sealed.keep(path, seal.seals(made.blocks))
    said = workspace.settings.letter.language if path.name == issues.MAIN else made.language
    issues.write(path, issue.write(made, said=said))


def _picked(one: Pick, language: str) -> Picked:
    article = one.article
    return Picked(article.key, article.title, language, pick.label(one.section), one.score, one.reason)


def _pull_one(workspace: Workspace, one: Issue, now: datetime, used: Mapping[str, str], *, add: bool) -> Outcome:
    """Refresh one file of an issue."""
    path = workspace.root / one.path
    everything = pooled(workspace)
    articles = _by_language(workspace, everything)[one.language]
    by_key = {article.key: article for article in everything}
    read_on = words.load(workspace.templates, one.language).gettext("Read on")
    before = sealed.load(path)
    done = refresh.refresh(one, before, by_key.get, read_on)
    standing = [note.key for note in done.notes]
    out = refresh.removed(one, before)
    new, lefts = _what_is_new(workspace, one, [a for a in articles if a.key not in standing], out, used, now)
    text, marks = done.text, dict(done.seals)
    for wish in new if add else ():
        text = addition.add(_parsed(workspace, one, text), wish, read_on)
        marks |= seal.seals(draft.blocks(wish.article, wish.section.block, read_on))
    if text != one.source:
        sealed.keep(path, marks)
        issues.write(path, text)
    scale = score.scale(articles, workspace.settings.sections, now, {})
    picked = [_standing(note, by_key.get(note.key), scale, one.language) for note in done.notes]
    if add:
        picked += (_picked(wish, one.language) for wish in new)
    else:
        lefts = (*(_could_be(wish) for wish in new), *lefts)
    return Outcome((one.path,) if text != one.source else (), tuple(picked), lefts)


def _what_is_new(
    workspace: Workspace,
    one: Issue,
    articles: Sequence[Article],
    removed: frozenset[str],
    used: Mapping[str, str],
    now: datetime,
) -> tuple[tuple[Pick, ...], tuple[Left, ...]]:
    """Return what could go into the room that is left in an issue's sections, and why the rest does not."""
    sections = _sections(workspace, one.language)
    present = {section: addition.count(one, section) for section in sections}
    open_ = [article for article in articles if article.key not in removed]
    picks, lefts = _pick(workspace, open_, sections, used, Span(), now, present)
    taken_out = [Left(article, "left: you took it out") for article in articles if article.key in removed]
    return picks, (*taken_out, *lefts)


def _parsed(workspace: Workspace, one: Issue, text: str) -> Issue:
    zone = workspace.settings.letter.timezone
    return issue.parse(text, slug=one.slug, language=one.language, path=one.path, zone=zone)


def _standing(note: refresh.Note, article: Article | None, scale: score.Scale, language: str) -> Picked:
    own = score.total(score.parts(article, scale, lead=note.kind == "lead")) if article else 0.0
    return Picked(note.key, note.title, language, note.kind, own, note.reason)


def _could_be(wish: Pick) -> Left:
    return Left(wish.article, f"left: new, --add puts it into {pick.label(wish.section)} ({wish.score:.2f})")
