"""`newsletter report`: what came of an issue, in the terminal, as a page, for programs and for spreadsheets."""

import csv
import sys
from contextlib import closing
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import terminal, wiring
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from newsletter.report import Group, Report

#: Columns of a bar in the terminal.
BAR = 28
#: Columns from which on each outcome is explained beside its bar.
WIDE = 105
#: Links shown in the terminal.
MOST = 10
#: What begins a formula in a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: The colours of what becomes of a letter.
COLOURS = {
    "accepted": "green", "complained": "magenta", "bounced": "red", "soft": "yellow", "blocked": "blue",
    "refused": "red", "uncertain": "yellow", "waiting": "cyan", "suppressed": "white", "cancelled": "white",
}  # fmt: skip


@click.command()
@click.argument("slug", required=False, default="", metavar="[SLUG]")
@click.option("--all", "everything", is_flag=True, help="Compare all issues that were sent, a line each.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write one page to FILE.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets.")
@terminal.json_option
@click.pass_context
def report(
    context: click.Context, slug: str, everything: bool, page: Path | None, as_csv: bool, as_json: bool
) -> None:
    """Show what came of an issue: whom it reached, what came back, what readers opened, who left.

    Every reader of the audience is in exactly one outcome. The page holds everything in one file that can be sent
    around; it names nobody. Clicks are there if [tracking] counts them.

    \b
    Examples:
      newsletter report 2025-06
      newsletter report 2025-06 --html report.html
      newsletter report --all --csv
    """
    if bool(slug) is everything:
        raise UsageError("name an issue, or say --all", remedy="newsletter report 2025-06")
    if page and everything:
        raise UsageError("a page is about one issue", remedy="leave out --all")
    from newsletter.cli import reckoning
    from newsletter.report import document, rows
    from subscribers.store import figures

    workspace = terminal.here(context)
    with closing(wiring.people(workspace)) as connection:
        names = figures.issues(connection) if everything else [slug]
        told = [reckoning.report(workspace, connection, name, terminal.now()) for name in names]
        if page:
            page.write_text(reckoning.page(workspace, connection, told[0]), encoding="utf-8")
            terminal.say(f"Wrote {page}.")
    if as_csv:
        _csv([row for one in told for row in rows(one)])
    elif as_json:
        terminal.emit({"issues": reckoning.comparison(told)} if everything else document(told[0]))
    elif everything:
        _compare(told)
    elif not page:
        _show(told[0], workspace.settings.letter.timezone)


def _csv(rows: list[tuple[str, str, str, int]]) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(("issue", "about", "figure", "value"))
    for issue, about, figure, value in rows:
        safe = f"'{about}" if about.startswith(FORMULA) else about
        out.writerow((issue, safe, figure, value))


def _compare(told: "list[Report]") -> None:
    from newsletter.report import share

    if not told:
        terminal.show("Nothing was sent yet.")
        return
    terminal.table(
        ("issue", "readers", "arrived", "came back", "complaints", "left", "clicks", "per letter"),
        (
            (
                one.issue,
                f"{one.audience:,}",
                share(one.outcome["accepted"], one.audience),
                f"{sum(one.outcome[name] for name in ('bounced', 'soft', 'blocked', 'refused')):,}",
                f"{one.outcome['complained']:,}",
                f"{one.left:,}",
                f"{one.clicks:,}" if one.tracked else "-",
                share(one.clicks, one.outcome["accepted"]) if one.tracked else "-",
            )
            for one in told
        ),
    )


def _show(told: "Report", zone: tzinfo) -> None:
    """Show one report with rich: bars in colour where the terminal has colour."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    from newsletter.report import OUTCOMES, WORDS, share, winner

    console = Console(highlight=False)
    console.print(f"[bold]{escape(terminal.plain(told.subject))}[/bold]  {told.issue}, list {told.list}")
    when = ", ".join(f"{one.state} {terminal.clock(one.started, zone)}" for one in told.sends if one.started)
    console.print(f"{told.audience:,} readers; {when}\n")
    outcome = Table(box=None, pad_edge=False, show_header=False)
    for name in OUTCOMES:
        if count := told.outcome[name]:
            bar = Text("█" * max(1, round(BAR * count / told.audience)), style=COLOURS[name])
            words = Text(WORDS[name], style="dim") if console.width >= WIDE else ""
            outcome.add_row(name, f"{count:,}", share(count, told.audience), bar, words)
    outcome.add_row("[bold]all readers[/bold]", f"[bold]{told.audience:,}[/bold]", "", "", "")
    for column in (1, 2):
        outcome.columns[column].justify = "right"
    console.print(outcome)
    _groups(console, "By domain", told.domains)
    if len(told.languages) > 1 or told.segments:
        _groups(console, "Languages and segments", (*told.languages, *told.segments))
    if told.reasons:
        console.print("\n[bold]Why letters came back[/bold]")
        for kind, why, count in told.reasons:
            console.print(f"  {count:>7,}  {kind}: {escape(why)}")
    if told.tracked:
        console.print(f"\n[bold]What readers opened[/bold]: {told.clicks:,} clicks")
        for link in told.links[:MOST]:
            scans = f"  [dim](+{link.scans:,} machines)[/dim]" if link.scans else ""
            console.print(f"  {link.clicks:>7,}  {escape(terminal.plain(link.label or link.url))}{scans}")
    for arm in told.arms:
        span = f"{100 * arm.low:.1f} to {100 * arm.high:.1f} %"
        console.print(
            f"  {arm.name}  {escape(terminal.plain(arm.subject))}: {share(arm.clicks, arm.arrived)}, {span}"
        )
    if told.arms and told.tracked:
        better = winner(told.arms)
        verdict = f"{better.name} was opened more, beyond chance." if better else "The difference may be chance."
        console.print(f"  {verdict}")
    if told.left:
        why = ", ".join(f"{count:,} {name or 'without a reason'}" for name, count in told.unsubscribed.items())
        console.print(f"\n{told.left:,} unsubscribed after it: {why}")
    elif told.audience:
        console.print("\nNobody unsubscribed after it.")


def _groups(console: object, head: str, groups: "tuple[Group, ...]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from newsletter.report import share

    assert isinstance(console, Console)
    shown = Table(box=None, pad_edge=False, title_justify="left", header_style="dim")
    shown.add_column(head, header_style="bold")
    shown.add_column("readers", justify="right")
    shown.add_column("arrived", justify="right")
    shown.add_column("")
    for group in groups:
        part = group.outcome["accepted"] / group.readers if group.readers else 0
        full = round(BAR * part)
        bar = Text("█" * full, style="green") + Text("░" * (BAR - full), style="dim")
        name = Text(terminal.plain(group.name))
        shown.add_row(name, f"{group.readers:,}", share(group.outcome["accepted"], group.readers), bar)
    console.print()
    console.print(shown)
