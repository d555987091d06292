"""`newsletter report`: what came of an issue, in the terminal, as a page, for programs and for spreadsheets."""

import csv
import sys
from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.place import NewFile
from newsletter.errors import UsageError, naming
from newsletter.files.workspace import Workspace

if TYPE_CHECKING:
    from newsletter.report import Report


@click.command()
@click.argument("slug", shell_complete=offering.sent, required=False, default="", metavar="[SLUG]")
@click.option("--all", "everything", is_flag=True, help="Compare all issues that were sent, a line each.")
@click.option("--html", "page", type=NewFile(), help="Write one page to FILE.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets.")
@terminal.reporting
def report(
    workspace: Workspace, slug: str, everything: bool, page: Path | None, as_csv: bool, as_json: bool
) -> None:
    """Show what came of an issue: whom it reached, what came back, what readers opened and answered, who left.

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
    from newsletter.cli.back import reckoning
    from newsletter.results.reported import document, rows
    from subscribers.store.back import figures

    with wiring.people(workspace) as connection:
        names = figures.issues(connection) if everything else [slug]
        now = terminal.now()
        told = [reckoning.report(workspace, connection, name, now, asked=not everything) for name in names]
        if page:
            made = reckoning.page(workspace, connection, told[0])
            with naming(page):
                page.write_text(made, encoding="utf-8")
            terminal.say(f"Wrote {page}.")
    if as_csv and everything:
        _csv([one.values() for one in reckoning.comparison(told)], list(reckoning.COMPARED))
    elif as_csv:
        _csv(rows(told[0]), ["issue", "about", "figure", "value"])
    elif as_json:
        terminal.emit({"issues": reckoning.comparison(told)} if everything else document(told[0]))
    elif everything:
        _compare(told, workspace.settings.letter.timezone)
    elif not page:
        from newsletter.cli.back.showing import show

        show(told[0], workspace.settings.letter.timezone)


def _csv(rows: Iterable[Iterable[object]], head: list[str]) -> None:
    from subscribers.table.formula import harmless

    out = csv.writer(sys.stdout)
    out.writerow(head)
    for row in rows:
        out.writerow(harmless(value) if isinstance(value, str) else value for value in row)


def _compare(told: "list[Report]", zone: tzinfo) -> None:
    from newsletter.report import share

    if not told:
        terminal.show("Nothing was sent yet.")
        return
    terminal.table(
        ("issue", "sent", "readers", "arrived", "came back", "complaints", "left", "clicks", "per letter"),
        (
            (
                one.issue,
                f"{one.sends[0].started.astimezone(zone):%Y-%m-%d}" if one.sends[0].started else "",
                f"{one.audience:,}",
                f"{one.arrived:,} so far" if one.outcome["waiting"] else share(one.arrived, one.audience),
                f"{sum(one.outcome[name] for name in ('bounced', 'soft', 'blocked', 'refused')):,}",
                f"{one.outcome['complained']:,}",
                f"{one.left:,}",
                f"{one.clicks:,}" if one.tracked else "-",
                share(one.clicks, one.arrived) if one.tracked else "-",
            )
            for one in told
        ),
    )
