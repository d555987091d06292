"""Put one more pick into an issue that is there already: at the end of its section."""

from newsletter.issuefile import calendar, draft
from newsletter.issuefile.blocks import blocktext
from newsletter.issuefile.draft import Piece
from newsletter.issuefile.splice import Change, apply
from newsletter.issuefile.yaml import ENDS
from newsletter.model import Block, Brief, Events, Issue, Lead, Prose, Section, Story


def add(issue: Issue, piece: Piece, read_on: str) -> str:
    """Return the text of *issue* with the blocks of *piece*, and its section's heading if that is missing."""
    section = Section(piece.name, piece.kind)
    area = _area(issue, section)
    text = "\n\n".join(blocktext.write(one) for one in blocks(issue, piece, read_on))
    if section.name and not area:
        text = f"{blocktext.write(draft.heading(section.name))}\n\n{text}"
    first = next((one for one in area if not isinstance(one, Prose)), None)
    if section.block == "lead" and first and not _last(area, section):
        return apply(issue.source, [Change(first.span.start, first.span.start, f"{text}\n")])
    # Behind the last article: what closes an issue stands after all of them.
    told = [one for one in area if one.src and one.src != calendar.KEY] or area
    after = _last(area, section) or (told[-1] if told else None)
    ending = next((one for one in issue.blocks if one.src == calendar.KEY), None)
    if ending and (not after or after is ending):
        return apply(issue.source, [Change(ending.span.start, ending.span.start, f"{text}\n")])
    row = after.span.end if after else len(ENDS.split(issue.source.rstrip()))
    return apply(issue.source, [Change(row, row, f"\n{text}")])


def add_events(issue: Issue, events: Events) -> str:
    """Return the text of *issue* with *events* at its end."""
    row = len(ENDS.split(issue.source.rstrip()))
    return apply(issue.source, [Change(row, row, f"\n{blocktext.fenced(events)}")])


def blocks(issue: Issue, piece: Piece, read_on: str) -> tuple[Block, ...]:
    """Return the blocks that `add` writes for *piece*."""
    return draft.blocks(piece.article, piece.kind, read_on, issue.language)


def count(issue: Issue, section: Section) -> int:
    """Return how many articles stand in *section*."""
    return sum(_is_kind(one, section) for one in _area(issue, section))


def _area(issue: Issue, section: Section) -> list[Block]:
    """Return the blocks under the section's heading; for one without a name, those before any heading."""
    places = [place for place, one in enumerate(issue.blocks) if _headings(one)]
    if not section.name:
        end = next((place for place in places if place), len(issue.blocks))
        return list(issue.blocks[:end])
    wanted = draft.heading(section.name).text
    start = next((place for place in places if wanted in _headings(issue.blocks[place])), None)
    if start is None:
        return []
    end = next((place for place in places if place > start), len(issue.blocks))
    return list(issue.blocks[start:end])


def _headings(one: Block) -> list[str]:
    """Return the headings of sections in *one*; those inside of an article are not."""
    if not isinstance(one, Prose) or one.src:
        return []
    return [row.strip() for row in one.text.split("\n") if row.startswith("## ")]


def _last(area: list[Block], section: Section) -> Block | None:
    """Return the last block of the last article of the section's kind in *area*."""
    last: Block | None = None
    for one in area:
        if _is_kind(one, section) or (last and one.src and one.src == last.src):
            last = one
    return last


def _is_kind(one: Block, section: Section) -> bool:
    return isinstance(one, Lead | Story | Brief) and blocktext.kind(one) == section.block
