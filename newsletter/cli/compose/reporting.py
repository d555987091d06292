"""Tell what compose and pull did: each article in the issue or not, with its reason."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain, islice, takewhile
from operator import eq
from typing import TYPE_CHECKING

from newsletter.cli import terminal
from newsletter.cli.compose.composing import Outcome, Picked
from newsletter.model import Left
from newsletter.picking import eligible
from newsletter.picking.score import NAMES

if TYPE_CHECKING:
    from rich.text import Text

#: So many articles that were left are shown without --explain, and with it; the rest is counted by its reasons.
SHOWN, EXPLAINED = 8, 200
#: So wide is a terminal, in characters, that has room for a column for each part of a score.
ROOM = 120
#: So many words that two texts have in common are shown on each side of where they part.
BESIDE = 4
#: How the reason of an article begins that a pull could add.
NEW = "left: new, "
#: And how that of one which an earlier issue had.
USED = "left: in issue "
#: How the list of what is coming up is called: by its kind of block.
LISTED = "events"


def document(slug: str, outcome: Outcome) -> dict[str, object]:
    """Return the report for programs."""
    left = [
        {"key": one.article.key, "title": one.article.title, "reason": one.reason} for one in outcome.all_left()
    ]
    return {
        "issue": slug,
        "exists": outcome.exists,
        "written": list(outcome.written),
        "picked": [asdict(one) for one in outcome.picked],
        "left": left,
        "conflicts": [asdict(one) for one in outcome.clashes],
    }


def could_be(outcome: Outcome) -> Sequence[Left]:
    """Return what could still go into an issue that exists."""
    return [one for one in outcome.left if one.reason.startswith(NEW)]


def show(outcome: Outcome, *, explain: bool) -> None:
    """Print what is in the issue and what is not, each with its reason."""
    if explain:
        _table(outcome)
        return
    several = len({language for one in outcome.picked for language in one.languages}) > 1
    rows = [(_place(one, several=several), one.title, _why(one.reason)) for one in outcome.picked]
    if outcome.coming and not outcome.exists and any(one.section != LISTED for one in outcome.picked):
        rows.append((LISTED, f"{terminal.counted(outcome.coming, 'event')} of what is coming up, in one list", ""))
    widest = max((len(where) for where, _, _ in rows), default=0)
    for where, title, why in rows:
        terminal.show(f"{where:<{widest}}  {title}", hang=widest + 2)
        if why:
            terminal.show(f"{'':<{widest}}  {why}")
    there = [one for one in outcome.left if not (outcome.coming and _is_listed(one))]
    # What an earlier issue had is known; what could be news comes before it.
    left = sorted(there, key=lambda one: (not one.reason.startswith(NEW), one.reason.startswith(USED)))
    count = len(left) + outcome.beyond.count
    if outcome.picked and count:
        terminal.show("")
    for other in islice(chain(left, outcome.beyond), SHOWN):
        terminal.show(f"left  {other.article.title}", hang=6)
        terminal.show(f"      {_why(other.reason)}")
    if count > SHOWN:
        terminal.say(f"… and {count - SHOWN:,} more; --explain shows them.")


def _is_listed(one: Left) -> bool:
    """Whether what was left is no more than an event, which stands in the issue's list of them."""
    out = one.reason in {"left: hidden", "left: held"} or one.reason.startswith(NEW)
    return eligible.is_line(one.article) and not out


def clashes(outcome: Outcome) -> None:
    """Tell where the editor's words stay though the article changed there too."""
    for one in outcome.clashes:
        terminal.say(f"\n{one.file}: “{one.title}” changed where you rewrote it; yours stays.")
        yours, theirs = apart(one.yours, one.theirs)
        terminal.say(f"  yours   {yours or '(taken out)'}", hang=10)
        terminal.say(f"  theirs  {theirs or '(taken out)'}", hang=10)


def apart(yours: str, theirs: str) -> tuple[str, str]:
    """Return two texts without what both begin and end with, but for the words `BESIDE` what differs."""
    ours, others = yours.split(" "), theirs.split(" ")
    begin = _shared(ours, others)
    end = _shared(ours[begin:][::-1], others[begin:][::-1])
    first = max(0, begin - BESIDE)

    def part(words: list[str]) -> str:
        last = len(words) - max(0, end - BESIDE)
        return " ".join(["…"] * bool(first) + words[first:last] + ["…"] * (last < len(words)))

    return part(ours), part(others)


def _shared(ours: Sequence[str], others: Sequence[str]) -> int:
    """Return how many words both begin with."""
    return sum(1 for _ in takewhile(bool, map(eq, ours, others)))


def _table(outcome: Outcome) -> None:
    """Print a table of every article, with what its score is made of."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    width = terminal.columns(sys.stdout)
    named = [name for name in NAMES if any(name in one.parts for one in outcome.picked)]
    # In a narrow terminal the parts are told in words: figures that are cut off say nothing.
    names = named if not 0 < width < ROOM else []
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Place", min_width=5, overflow="fold")
    table.add_column("Article", min_width=8, ratio=2, overflow="fold")
    for name in ("score", *names) if any(one.parts for one in outcome.picked) else ():
        table.add_column(name.capitalize(), justify="right", no_wrap=True)
    scored = len(table.columns) > 2
    table.add_column("Why", min_width=8, ratio=2, overflow="fold")
    several = len({language for one in outcome.picked for language in one.languages}) > 1
    for one in outcome.picked:
        numbers = [f"{one.score:.2f}", *(_number(one.parts.get(name)) for name in names)] if scored else []
        why = one.reason
        if why.startswith("picked: "):
            why = "picked" if names else f"picked: {why.partition(' = ')[2]}"
        table.add_row(*_row(_place(one, several=several), one.title, *numbers, why))
    all_left = outcome.all_left()
    for left in islice(all_left, EXPLAINED):
        blanks = ("",) * (len(names) + 1) if scored else ()
        table.add_row(*_row("left", left.article.title, *blanks, _why(left.reason)))
    terminal.console(terminal.WIDE).print(table)
    rest = Counter(one.reason.partition(",")[0] for one in all_left)
    for reason, count in rest.most_common():
        terminal.show(f"… {count:,} more {reason}")


def _row(*values: str) -> "list[Text]":
    """Return *values* as they are: a stranger's title is no markup."""
    from rich.text import Text

    return [Text(terminal.plain(value)) for value in values]


def _number(value: float | None) -> str:
    return f"{value:.2f}" if value else "·"


def _place(one: Picked, *, several: bool) -> str:
    return f"{one.section} ({', '.join(one.languages)})" if several and any(one.languages) else one.section


def _why(reason: str) -> str:
    """Return a reason without what stands beside it already."""
    bare = reason.removeprefix("left: ")
    return bare.partition(", ")[2] if bare.startswith("picked: ") else bare
