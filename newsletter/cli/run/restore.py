"""`newsletter restore`: a copy that `backup` wrote takes the place of the people's file."""

from dataclasses import asdict
from itertools import count
from pathlib import Path

import click

from newsletter.cli import terminal, wiring
from newsletter.cli.send import alone
from newsletter.errors import NotFoundError, RefusedError
from newsletter.files.workspace import Workspace
from newsletter.send.lock import hold
from subscribers.store.keeping import restore as store
from subscribers.store.keeping.carry import Sent
from subscribers.store.keeping.restore import Departures
from subscribers.store.register import suppressions


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as-it-is", is_flag=True, help="Bring back those, too, who left since the copy was made.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def restore(workspace: Workspace, file: Path, as_it_is: bool, yes: bool, as_json: bool) -> None:
    """Put FILE, a copy that `backup` wrote, in the place of the people's file, which is kept beside it.

    Who unsubscribed, complained, bounced or was erased since the copy was made stays out, and what was sent since
    is sent to nobody twice, as long as the file that is replaced can be read. End `newsletter serve` first.

    \b
    Examples:
      newsletter restore /backup/readers-2025-06-12.db
      newsletter restore /backup/readers-2025-06-12.db --as-it-is
    """
    now = terminal.now()
    if not file.is_file():
        raise NotFoundError("there is no such file", where=str(file), remedy="name a file that `backup` wrote")
    kept = _free(workspace.people.with_stem(f"subscribers{store.UNTIL}{now:%Y-%m-%dT%H%M%SZ}"))
    keys = () if as_it_is else wiring.ring(workspace).derived(suppressions.PURPOSE)
    with alone.serving(workspace), hold(workspace.lock, "newsletter restore", now):
        terminal.confirm(f"Put back {file}, in the place of {workspace.people}?", "nothing was changed", yes)
        stood = workspace.people.exists()
        left, sent = store.restore(file, workspace.people, kept, keys, now)
        older = _older(workspace)
    if as_json:
        put = {"restored": str(file), "kept": str(kept) if stood else None}
        terminal.emit(put | {"left": asdict(left), "sent": asdict(sent), "older": older})
        return
    _tell(file, kept if stood else None, left, as_it_is)
    _tell_sent(sent)
    if older:
        terminal.say(f"Nothing can be sent yet: {older}.")


def _free(path: Path) -> Path:
    """Return *path*, or one with a number where something lies there already."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return path if not path.exists() else next(one for one in numbered if not one.exists())


def _older(workspace: Workspace) -> str:
    """Return what is to be done before anything is sent, "" if the copy knows of all that was sent."""
    with wiring.people(workspace) as connection:
        try:
            alone.refuse_older(workspace, connection)
        except RefusedError as error:
            return f"{error.what}; {error.remedy}"
    return ""


def _tell(file: Path, kept: Path | None, done: Departures, as_it_is: bool) -> None:
    terminal.show(f"{file} is in place.")
    if kept:
        terminal.say(f"What was there before is kept: {kept}. Delete it when nothing of it is needed any more.")
    if done.unread:
        why = f"The file before it tells nothing ({done.unread})"
        terminal.say(f"{why}: who left since the copy was made is in it again.")
    elif as_it_is:
        terminal.say("Who left since the copy was made is in it again, as you said.")
    elif any((done.unsubscribed, done.suppressed, done.erased)):
        left = f"{done.unsubscribed:,} unsubscribed, {done.suppressed:,} suppressed, {done.erased:,} erased"
        terminal.say(f"Who left since the copy was made stays out: {left}.")
    if done.moved:
        terminal.say(f"{done.moved:,} with a new address since then get letters there.")
    if done.erased:
        terminal.say(f"{file} still knows who was erased: replace it.")


def _tell_sent(sent: Sent) -> None:
    log = "by the mail server's log: see `newsletter docs operate`"
    if sent.unread:
        what = f"What was sent since the copy was made cannot be known ({sent.unread})"
        terminal.say(f"{what}: before an issue of that time is sent again, leave out who got it, {log}.")
    for each in sent.held:
        terminal.say(
            f"Send {each} would go on by itself, so it is paused until you have looked: "
            f"`newsletter cancel {each}` if it went out, `newsletter resume {each}` if nobody has it."
        )
    if sent.letters:
        went = f"{terminal.counted(sent.letters, 'letter')} went out since the copy was made"
        terminal.say(f"{went}, as is known now: nobody is sent one of them again.")
    if sent.unknown:
        what = f"{terminal.counted(sent.unknown, 'letter')} went out that did not go out by the copy"
        terminal.say(f"{what}: before their issue is sent again, leave out who got it, {log}.")
