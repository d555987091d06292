"""How articles are told: as lines, as a table, as documents for programs; and what may follow new ones."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta, tzinfo
from itertools import islice

from newsletter.cli import already, terminal
from newsletter.errors import cited
from newsletter.files import issues
from newsletter.files.pool.pool import Added, Revision
from newsletter.files.workspace import Workspace
from newsletter.model import Article

#: So many articles that were changed are told by their titles.
TOLD = 5
#: The names of pages of text end so.
TEXTS = (".txt", ".text")
#: What programs are told of each article in a list.
SUMMARY = (
    "key", "title", "url", "published", "language", "source", "tags", "summary", "twins", "pinned", "held",
    "hidden",
)  # fmt: skip
#: The name of a month's issue.
MONTHLY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def added_words(added: Added) -> str:
    """Return what came of adding, in words."""
    counts = ((added.new, "new"), (added.updated, "updated"), (added.unchanged, "as before"))
    return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "no articles"


def corrections(workspace: Workspace, added: Added) -> Iterator[str]:
    """Yield a line for each article that was changed and stands in an issue, at most `TOLD`."""
    # Slow to load, which a list of the pool need not wait for.
    from newsletter.cli.collect import filing

    used = issues.used(workspace) if added.reworded else {}
    standing = [(one, used[one.key]) for one in added.reworded if one.key in used]
    sent = filing.begun(workspace) if standing else frozenset()
    for one, slug in standing[:TOLD]:
        went = f"issue {slug} was sent with what it said before" if slug in sent else ""
        yield f"{cited(one.title)} was changed; {went or f'`newsletter pull {slug}` renews its issue'}"
    if more := len(standing[TOLD:]):
        yield f"and {more} more that stand in issues"


def translations(workspace: Workspace, added: Added) -> Iterator[str]:
    """Yield what to say of the translations that came of articles which were there: at most `TOLD` lines, or one.

    Told by its title is one that an issue waits for: it has the article in its place, in another language.
    """
    used = issues.used(workspace) if added.translated else {}
    waiting = [
        (one, used[of]) for one, of in added.translated if of in used and _waits(workspace, used[of], one, of)
    ]
    for one, slug in waiting[:TOLD]:
        yield f"{cited(one.title)} is a translation that issue {slug} waits for; `newsletter pull {slug}` takes it"
    if more := len(added.translated) - len(waiting[:TOLD]):
        others = "more are translations" if waiting else "are translations" if more > 1 else "is a translation"
        yield f"{more:,} {others} of what you had"


def undecided(found: Iterable[Article]) -> Iterator[str]:
    """Yield what pages of text do not tell: the titles of some, and of at most `TOLD` whether they are several."""
    from newsletter.reading.texts import undecided as texts

    pages = [one for one in found if one.source.lower().endswith(TEXTS)]
    if bare := [one for one in pages if texts.is_untitled(one.title, one.text)]:
        whose = cited(bare[0].title) if len(bare) == 1 else f"{len(bare)} of them"
        yield f"No title was found for {whose}: the first words stand for one; write another in the issue."
    unsure = ((one, many) for one in pages if (many := texts.stories(one.title, one.text)))
    for one, many in islice(unsure, TOLD):
        yield (
            f"{cited(one.title)} may be {many} stories: it has {many} titles with a paragraph each. If they are, "
            f"write News on a line of its own above the first of them in {cited(one.source)}, and add it again."
        )


def _waits(workspace: Workspace, slug: str, one: Article, of: str) -> bool:
    """Whether the issue *slug*, which nobody was sent, has the article *of* in the place of its translation."""
    # Slow to load, which a list of the pool need not wait for.
    from newsletter.cli.collect import filing

    twins, _ = issues.understood(workspace, slug)
    held = (block.src for twin in twins if twin.language == one.language for block in twin.blocks)
    return of in held and slug not in filing.begun(workspace)


def tell(found: tuple[Article, ...], zone: tzinfo, as_json: bool, nothing: str) -> None:
    """Print articles as a table or a document; where there are none, say *nothing*."""
    if as_json:
        terminal.emit(document(found))
    elif found:
        table(found, zone)
    else:
        terminal.say(nothing)


def day(one: Article, zone: tzinfo) -> str:
    """Return the day of an article, as the letter's readers live it."""
    return terminal.day(one.published, zone) if one.published else "no date"


def table(found: Iterable[Article], zone: tzinfo) -> None:
    """Print a line an article, its day on the clock of *zone*."""
    rows = ((day(one, zone), one.language or "-", one.source or "-", _noted(one)) for one in found)
    terminal.table(("published", "lang", "source", "title"), rows)


def _noted(one: Article) -> str:
    """Return an article's title with the editor's word behind it."""
    flags = [flag for flag in ("pinned", "held") if getattr(one, flag)]
    return f"{one.title} ({', '.join(flags)})" if flags else one.title


def document(found: Iterable[Article]) -> dict[str, object]:
    """Return what programs are told of articles."""
    return {"articles": [_summary(one) for one in found]}


def _summary(one: Article) -> dict[str, object]:
    return {name: getattr(one, name) for name in SUMMARY}


def whole(one: Article, before: Iterable[Revision], sources: Iterable[str], used: str | None) -> dict[str, object]:
    """Return all of an article for programs, with its earlier wordings and the issue that it stands in."""
    return _summary(one) | {
        "author": one.author,
        "image": one.image.src if one.image else None,
        "image_alt": one.image.alt if one.image else None,
        "text": one.text,
        "sources": list(sources),
        "issue": used,
        "revisions": [
            {"until": said.at.isoformat(), "title": said.title, "summary": said.summary, "text": said.text}
            for said in before
        ],
    }


def difference(before: Revision, one: Article) -> str:
    """Return the lines of an earlier wording that are no longer there."""
    now = {one.title, *one.text.split("\n")}
    gone = [line for line in (before.title, *before.text.split("\n")) if line.strip() and line not in now]
    return "\n".join(f"  {line}" for line in gone) or "  the same, without something that was added"


def next_steps(place: Workspace) -> None:
    """Name what may follow where something is new: the next month's draft, or an issue after the latest."""
    month = terminal.now().astimezone(place.settings.letter.timezone).date().replace(day=1)
    this = f"{month:%Y-%m}"
    for slug in issues.slugs(place):
        if slug >= this and MONTHLY.fullmatch(slug):
            if already.last(place, slug) is None:
                terminal.what_next((f"newsletter pull {slug} --add", "take what is new into the draft"))
                return
            month = (date.fromisoformat(f"{slug}-01") + timedelta(days=31)).replace(day=1)
    terminal.what_next((f"newsletter compose {month:%Y-%m}", "write an issue from what is new"))
