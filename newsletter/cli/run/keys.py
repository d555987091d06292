"""`newsletter keys`: the secrets that links, bounce addresses and hashes are made with."""

import click

from newsletter.cli import terminal
from newsletter.cli.group import Group
from newsletter.files import keyring
from newsletter.files.keyring import Key
from newsletter.files.workspace import Workspace
from subscribers.token import key_id


@click.group(cls=Group, alone="list")
def keys() -> None:
    """List and rotate the keys that readers' links are signed with. Without a command, list them.

    \b
    Examples:
      newsletter keys list
      newsletter keys rotate
    """


@keys.command("list")
@terminal.reporting
def list_keys(workspace: Workspace, as_json: bool) -> None:
    """List the keys, newest first: the first one signs, all of them verify. Shows no secret.

    \b
    Examples:
      newsletter keys list
    """
    _tell(keyring.load(workspace.keys), as_json)


@keys.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def rotate(workspace: Workspace, yes: bool, as_json: bool) -> None:
    """Make a new key, which signs from now on. The old ones stay: links in mails that were sent go on working.

    Afterwards let `newsletter serve` read it, by SIGHUP or a new start, and copy subscribers/secret.key to where
    you keep its copy.

    \b
    Examples:
      newsletter keys rotate
      newsletter keys rotate --yes --json
    """
    keyring.load(workspace.keys)
    terminal.confirm("Make a new key, and keep the old ones for what they signed?", "nothing was changed", yes)
    made = keyring.rotate(workspace.keys, terminal.now().date())
    _tell(made, as_json)
    terminal.say(
        "Let a running `newsletter serve` read it, by SIGHUP or a new start, and make a new copy of "
        "subscribers/secret.key."
    )


def _tell(found: tuple[Key, ...], as_json: bool) -> None:
    uses = ["signs and verifies", *["verifies"] * (len(found) - 1)]
    if as_json:
        documents = [
            {"key": key_id(key.secret), "since": key.since, "signs": number == 0}
            for number, key in enumerate(found)
        ]
        terminal.emit({"keys": documents})
        return
    rows = ((key_id(key.secret), key.since or "-", use) for key, use in zip(found, uses, strict=True))
    terminal.table(("key", "since", "use"), rows)
