"""Show a report in the terminal: bars in colour, where the terminal has colour."""

from collections.abc import Sequence
from datetime import tzinfo

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from newsletter.cli import terminal
from newsletter.report import FEWEST, OUTCOMES, WHY, WORDS, Choice, Group, Question, Report, named, share, winner

#: Columns of a bar at most, and beside what stands before it.
BAR = 28
BESIDE = len("  readers  arrived  ")
#: Columns from which on each outcome is explained beside its bar.
WIDE = 105
#: So many links are shown.
MOST = 10
#: The colours of what becomes of a letter.
COLOURS = {
    "accepted": "green", "complained": "magenta", "bounced": "red", "soft": "yellow", "blocked": "blue",
    "refused": "red", "uncertain": "yellow", "waiting": "cyan", "suppressed": "white", "cancelled": "white",
}  # fmt: skip


def show(told: Report, zone: tzinfo) -> None:
    """Print *told*; times are on the clock of *zone*."""
    console = terminal.console()
    console.print(f"[bold]{_plain(told.subject)}[/bold]  {told.issue}, list {told.list}")
    when = ", ".join(f"{one.state} {terminal.clock(one.started, zone)}" for one in told.sends if one.started)
    console.print(f"{terminal.counted(told.audience, 'reader')}; {when}\n")
    _outcome(console, told)
    _groups(console, "By domain", told.domains)
    if len(told.languages) > 1 or told.segments:
        _groups(console, "Languages and segments", (*told.languages, *told.segments))
    if told.reasons:
        console.print("\n[bold]Why letters came back[/bold]")
        for kind, why, count in told.reasons:
            console.print(f"  {count:>7,}  {kind}: {escape(WHY.get(why, why))}")
    if told.tracked:
        _links(console, told)
    for each in told.questions:
        _question(console, each)
    if told.arms:
        _arms(console, told, zone)
    _left(console, told)


def _plain(text: str) -> str:
    return escape(terminal.plain(text))


def _outcome(console: Console, told: Report) -> None:
    table = _figures()
    width = max(1, min(BAR, console.width - len("all readers") - BESIDE))
    for name in OUTCOMES:
        if count := told.outcome[name]:
            bar = Text("█" * max(1, round(width * count / told.audience)), style=COLOURS[name])
            words = Text(WORDS[name], style="dim") if console.width >= WIDE else ""
            table.add_row(name, f"{count:,}", share(count, told.audience), bar, words)
    table.add_row("[bold]all readers[/bold]", f"[bold]{told.audience:,}[/bold]", "", "", "")
    console.print(table)


def _figures() -> Table:
    """Return a table without heads whose second and third column are figures."""
    columns = (Column(), Column(justify="right"), Column(justify="right"))
    return Table(*columns, box=None, pad_edge=False, show_header=False)


def _groups(console: Console, head: str, groups: Sequence[Group]) -> None:
    table = Table(box=None, pad_edge=False, title_justify="left", header_style="dim")
    table.add_column(head, header_style="bold")
    table.add_column("readers", justify="right")
    table.add_column("arrived", justify="right")
    table.add_column("")
    room = console.width - BESIDE - max(cell_len(text) for text in (head, *(group.name for group in groups)))
    width = max(1, min(BAR, room))
    for group in groups:
        part = group.arrived / group.readers if group.readers else 0
        full = round(width * part)
        bar = Text("█" * full, style="green") + Text("░" * (width - full), style="dim")
        name = Text(terminal.plain(group.name))
        table.add_row(name, f"{group.readers:,}", share(group.arrived, group.readers), bar)
    console.print()
    console.print(table)


def _links(console: Console, told: Report) -> None:
    console.print(f"\n[bold]What readers opened[/bold]: {terminal.counted(told.clicks, 'click')}")
    shown = told.links[:MOST]
    scans = [f"+{terminal.counted(link.scans, 'machine')}" if link.scans else "" for link in shown]
    width = max(map(len, scans), default=0)
    for link, machines in zip(shown, scans, strict=True):
        name = terminal.plain(named(link, told.links))
        line = Text.assemble(f"  {link.clicks:>7,}  ", (f"{machines:<{width}}  " if width else "", "dim"), name)
        console.print(line, no_wrap=True, overflow="ellipsis")


def _question(console: Console, one: Question) -> None:
    answers = terminal.counted(one.answered, "answer") if one.told else f"fewer than {FEWEST} answers so far"
    console.print(f"\n[bold]{_plain(one.words)}[/bold] {answers} to {terminal.counted(one.arrived, 'letter')}")
    if not one.told:
        return
    table = _figures()
    width = max(1, min(BAR, console.width // 3))
    for words, count in one.answers:
        bar = Text("█" * (max(1, round(width * count / one.answered)) if count else 0), style="green")
        table.add_row(_plain(words), f"{count:,}", share(count, one.answered), bar)
    console.print(table)


def _arms(console: Console, told: Report, zone: tzinfo) -> None:
    head = "tried by a part of the readers" if told.choice else "compared"
    console.print(f"\n[bold]Two subjects {head}[/bold]")
    for arm in told.arms:
        said = f"{arm.arrived:,} arrived"
        if told.tracked:
            rate = f"{share(arm.clicks, arm.arrived)}, between {100 * arm.low:.1f} and {100 * arm.high:.1f} %"
            said = f"{terminal.counted(arm.clicks, 'click')} of {said}: {rate}"
        terminal.show(f"  {arm.name}  {arm.subject}: {said}", hang=5)
    if told.choice:
        terminal.show(f"  {_chosen(told.choice, zone)}")
    elif told.tracked:
        better = winner(told.arms)
        verdict = f"{better.name} was opened more, beyond chance." if better else "The difference may be chance."
        terminal.show(f"  {verdict}")


def _chosen(one: Choice, zone: tzinfo) -> str:
    """Say which subject the rest got, or when that is known."""
    if one.at:
        return f"{one.words} The rest got {one.winner}, chosen {terminal.clock(one.at, zone)}."
    when = f"at {terminal.clock(one.due, zone)}" if one.due else "once these have had theirs for a while"
    return f"The rest gets the better one, which is chosen {when}."


def _left(console: Console, told: Report) -> None:
    if told.left:
        why = ", ".join(
            f"{count:,} {_plain(name) or 'without a reason'}" for name, count in told.unsubscribed.items()
        )
        console.print(f"\n{told.left:,} unsubscribed after it: {why}")
    elif told.audience:
        console.print("\nNobody unsubscribed after it.")
