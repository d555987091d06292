"""`newsletter consent`: who agreed to what, and whether it is as written."""

import click

from newsletter.cli import terminal, wiring
from newsletter.cli.group import Group
from newsletter.cli.people.person import known
from newsletter.errors import UsageError
from newsletter.files.workspace import Workspace
from subscribers.store.keeping import dossier
from subscribers.store.register import consents
from subscribers.store.register.consents import Chain

#: How a line of the ledger is shown when its person was erased, or when it says nothing there.
NOTHING = "-"


@click.group(cls=Group)
def consent() -> None:
    """Show and verify the ledger of consent: every signup, confirmation, import, change and withdrawal.

    \b
    Examples:
      newsletter consent verify
      newsletter consent show anna@example.org
    """


@consent.command()
@click.option("--link", metavar="LINK", default="", help="A last link that you noted: it must still be there.")
@terminal.reporting
def verify(workspace: Workspace, link: str, as_json: bool) -> None:
    """Check that every line of the ledger is as it was written, and that none was put in or taken out.

    Note the last link that it prints, outside of this machine: with --link it tells later whether lines were cut
    off the end. Ends with code 1 at the first line that was tampered with.

    \b
    Examples:
      newsletter consent verify
      newsletter consent verify --link 5f0c2a...
    """
    if link and (len(link) != 64 or not set(link) <= set("0123456789abcdef")):
        raise UsageError("--link is no link", remedy="give the 64 hexadecimal digits that this command printed")
    with wiring.people(workspace) as connection:
        found = consents.verify(connection, link)
    if as_json:
        terminal.emit({"lines": found.lines, "erased": found.erased, "last": found.last, "sound": True})
    else:
        terminal.show(_sound(found))


@consent.command()
@click.argument("email", metavar="ADDRESS")
@terminal.reporting
def show(workspace: Workspace, email: str, as_json: bool) -> None:
    """Show what somebody agreed to and took back, with the evidence.

    \b
    Examples:
      newsletter consent show anna@example.org
    """
    zone = workspace.settings.letter.timezone
    with wiring.people(workspace) as connection:
        person = known(connection, email)
        if as_json:
            lines = [dossier.line(each) for each in consents.of(connection, person.id)]
            terminal.emit({"email": person.address.typed, "consents": lines})
            return
        rows = [
            (
                terminal.clock(each.at, zone),
                each.what,
                each.list or NOTHING,
                each.source or NOTHING,
                each.wording or NOTHING,
                each.network or NOTHING,
            )
            for each in consents.of(connection, person.id)
        ]
    terminal.table(("when", "what", "list", "by", "words", "network"), rows)


def _sound(found: Chain) -> str:
    erased = (
        f"; of {found.erased:,} the person was erased, so only their place was checked" if found.erased else ""
    )
    lines = terminal.counted(found.lines, "line")
    return f"{lines} of consent, each as it was written{erased}.\nLast link: {found.last}"
