"""`newsletter lists`: what people can subscribe to."""

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.group import Group
from newsletter.files.workspace import Workspace
from subscribers import roster
from subscribers.model import MailingList, SubscriptionStatus
from subscribers.store.register import lists as store
from subscribers.store.register import people


@click.group(cls=Group, alone="list")
def lists() -> None:
    """Show, count and add what people can subscribe to. Without a command, all lists with how many are in each.

    \b
    Examples:
      newsletter lists
      newsletter lists add weekly --title "The week"
    """


@lists.command("list")
@terminal.reporting
def list_lists(workspace: Workspace, as_json: bool) -> None:
    """List all, with how many people are in each.

    \b
    Examples:
      newsletter lists list --json
    """
    _show(workspace, "", as_json)


@lists.command()
@click.argument("slug", metavar="L", shell_complete=offering.lists)
@terminal.reporting
def show(workspace: Workspace, slug: str, as_json: bool) -> None:
    """Show the list L alone, with how many people are in it.

    \b
    Examples:
      newsletter lists show monthly
    """
    _show(workspace, slug, as_json)


@lists.command()
@click.argument("slug", metavar="L", shell_complete=offering.lists)
@terminal.reporting
def count(workspace: Workspace, slug: str, as_json: bool) -> None:
    """Count who would get a letter to the list L now: its confirmed readers, without who is suppressed or paused.

    \b
    Examples:
      newsletter lists count monthly
    """
    with wiring.people(workspace) as connection:
        store.number(connection, slug)
        found = people.count(connection, roster.audience(slug, now=terminal.now()))
    if as_json:
        terminal.emit({"list": slug, "count": found})
    else:
        terminal.show(f"{found}")


@lists.command()
@click.argument("slug", metavar="L")
@click.option("--title", metavar="TEXT", required=True, help="What readers see.")
@click.option(
    "--opt-in",
    type=click.Choice(["double", "single"]),
    default="double",
    show_default=True,
    help="Whether who signs up must confirm by mail.",
)
@terminal.reporting
def add(workspace: Workspace, slug: str, title: str, opt_in: str, as_json: bool) -> None:
    """Add the list L to newsletter.toml: lower-case letters, digits and hyphens.

    \b
    Examples:
      newsletter lists add weekly --title "The week"
    """
    from newsletter.files import lists as listfile

    listfile.add(workspace, slug, title, opt_in)
    if as_json:
        _show(Workspace(workspace.root), slug, as_json)
        return
    terminal.say(
        f"Added {slug} to newsletter.toml. A running `newsletter serve` offers it after SIGHUP or a new start."
    )


def _show(workspace: Workspace, slug: str, as_json: bool) -> None:
    """Show one list, or all if *slug* is ""."""
    with wiring.people(workspace) as connection:
        if slug:
            store.number(connection, slug)
        counts = store.counts(connection)
        found = [each for each in store.all(connection) if slug in ("", each.slug)]
    if as_json:
        terminal.emit({"lists": [{**_document(each), **counts[each.slug]} for each in found]})
        return
    rows = ((*_document(each).values(), *(f"{n:,}" for n in counts[each.slug].values())) for each in found)
    terminal.table(("list", "title", "opt-in", *SubscriptionStatus), rows)


def _document(each: MailingList) -> dict[str, str]:
    return {"list": each.slug, "title": each.title, "opt_in": each.opt_in}
