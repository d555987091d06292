"""`newsletter suppressions`: who is never mailed again, what proves it, and how to take one back."""

import click

from newsletter.cli import terminal, wiring
from newsletter.cli.group import Group
from newsletter.errors import NotFoundError, cited
from newsletter.files.workspace import Workspace
from subscribers import address
from subscribers.store.file.open import transaction
from subscribers.store.keeping.dossier import barred
from subscribers.store.register import suppressions as store


@click.group(cls=Group, alone="list")
def suppressions() -> None:
    """List the addresses that are never mailed again, and take one back. Without a command, list them.

    \b
    Examples:
      newsletter suppressions list
      newsletter suppressions remove anna@example.org
    """


@suppressions.command("list")
@click.option(
    "--reason", default="", metavar="WORD", help="Only those of one reason, such as bounce or complaint."
)
@terminal.reporting
def list_suppressions(workspace: Workspace, reason: str, as_json: bool) -> None:
    """List who is never mailed again, since when, why, and what proves it. The latest stand first.

    \b
    Examples:
      newsletter suppressions list
      newsletter suppressions list --reason complaint --json
    """
    with wiring.people(workspace) as connection:
        found = [each for each in store.all(connection) if reason in ("", each.reason)]
    if as_json:
        terminal.emit({"suppressions": [{"email": each.canonical or None, **barred(each)} for each in found]})
        return
    if not found:
        terminal.show(
            "Nobody is suppressed." if not reason else f"Nobody is suppressed for the reason {cited(reason)}."
        )
        return
    zone = workspace.settings.letter.timezone
    terminal.table(
        ("address", "since", "reason", "evidence"),
        (
            (each.canonical or "(erased)", terminal.day(each.at, zone), each.reason, each.evidence)
            for each in found
        ),
    )


@suppressions.command("remove")
@click.argument("email", metavar="ADDRESS")
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def remove(workspace: Workspace, email: str, yes: bool, as_json: bool) -> None:
    """Let an address be mailed again: somebody mended it, or it was a mistake.

    It gets letters again only where its owner is still confirmed; whoever left a list stays gone. Who was erased
    is known by a hash only: without it they may sign up again, if they ask for that.

    \b
    Examples:
      newsletter suppressions remove anna@example.org
    """
    found = address.asked(email)
    with wiring.people(workspace) as connection:
        keys = wiring.ring(workspace).derived(store.PURPOSE)
        known = store.has(connection, found.canonical, keys)
        if known is None:
            remedy = "`newsletter suppressions list` shows them"
            raise NotFoundError(f"{found.typed} is not suppressed", remedy=remedy)
        evidence = f" ({known.evidence})" if known.evidence else ""
        terminal.confirm(f"{found.typed}: {known.reason}{evidence}. Mail it again?", "nothing was changed", yes)
        with transaction(connection):
            store.remove(connection, found.canonical, keys)
    if as_json:
        terminal.emit({"email": found.canonical, "suppressed": False})
    else:
        terminal.show(f"{found.typed} may be mailed again.")
