"""Be the only one that sends, over a ledger that knows everything that was sent, and that no crash left open."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

from newsletter.cli import terminal
from newsletter.cli.send import standing
from newsletter.errors import RefusedError
from newsletter.files import watermark
from newsletter.files.workspace import Workspace
from newsletter.send import standing as recovering
from newsletter.send.lock import hold, holder
from subscribers.errors import LockedError
from subscribers.model import DeliveryState
from subscribers.store.file.open import Connection, transaction
from subscribers.store.file.trouble import refuse_full
from subscribers.store.keeping import restore
from subscribers.store.ledger import census, sends

#: A clock before this program was written is wrong, and would make every date of a letter wrong with it.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def alone(workspace: Workspace, connection: Connection, who: str) -> Iterator[None]:
    """Hold the sender's lock during the block, and note how far sending has come when it ends.

    *who* is the command. Raise LockedError, which says who has it, StoreError for a full disk, and RefusedError
    for a wrong clock, and for a ledger that is older than what was sent: a backup that was put back would send
    again to those whom it does not know of.
    """
    refuse_full(workspace.people)
    with hold(workspace.lock, who, terminal.now().astimezone(workspace.settings.letter.timezone)):
        restore.tidy(workspace.people)
        refuse_clock(terminal.now())
        refuse_older(workspace, connection)
        try:
            yield
        finally:
            watermark.write(workspace.watermark, sends.progress(connection))


@contextmanager
def serving(workspace: Workspace) -> Iterator[None]:
    """Be the only `serve` of the workspace during the block. Raise LockedError if one runs."""
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(workspace.serving, "newsletter serve", terminal.now()))
        except LockedError:
            what = f"{holder(workspace.serving) or '`newsletter serve`'} runs already here"
            raise LockedError(what, where=str(workspace.serving), remedy="end it first") from None
        restore.tidy(workspace.people)
        yield


def recover(workspace: Workspace, connection: Connection, who: str) -> None:
    """Settle what a sender that was killed left behind, and say so; one that is at work does that itself.

    *who* is the command, which is about to ask of whom nobody knows, or who was not sent it yet.
    """
    counts = census.counts(connection)
    if not (counts[DeliveryState.CLAIMED] or counts[DeliveryState.COMMITTING]):
        return
    with suppress(LockedError), hold(workspace.lock, who, terminal.now()):
        with transaction(connection):
            left = recovering.recover(connection, terminal.now(), workspace.settings.hours.day)
        if words := standing.interrupted(left):
            terminal.say(words)


def refuse_clock(now: datetime) -> None:
    """Raise RefusedError if *now* cannot be: every letter would carry its date, and servers refuse an old one."""
    if now < EARLIEST:
        remedy = "set it: what is sent carries its date, and links and waits depend on it"
        raise RefusedError(f"the clock says {now:%Y-%m-%d}", remedy=remedy)


def refuse_older(workspace: Workspace, connection: Connection) -> None:
    """Raise RefusedError for a ledger that knows less than what was sent, with what to do first."""
    if sends.progress(connection) >= watermark.read(workspace.watermark):
        return
    what = "the database is older than what was sent from here, as a backup is that was put back"
    mark = workspace.watermark.relative_to(workspace.root)
    remedy = (
        "settle what it does not know: `newsletter resolve --from-log FILE` by the mail server's log, or "
        f"`newsletter cancel` what was finished; if that is not enough, delete {mark}, and send"
    )
    raise RefusedError(what, where=str(workspace.people), remedy=remedy)
