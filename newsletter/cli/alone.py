"""Be the only one that sends, over a ledger that knows everything that was sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from newsletter.cli import terminal
from newsletter.errors import RefusedError
from newsletter.files import watermark
from newsletter.files.workspace import Workspace
from newsletter.send.lock import hold
from subscribers.store import sends
from subscribers.store.open import Connection


@contextmanager
def alone(workspace: Workspace, connection: Connection, who: str) -> Iterator[None]:
    """Hold the sender's lock during the block, and note how far sending has come when it ends.

    *who* is the command. Raise LockedError, which says who has it, and RefusedError for a ledger that is older
    than what was sent: a backup that was put back would send again to those whom it does not know of.
    """
    with hold(workspace.lock, who, terminal.now()):
        if sends.progress(connection) < watermark.read(workspace.watermark):
            raise _older(workspace)
        try:
            yield
        finally:
            note(workspace, connection)


def note(workspace: Workspace, connection: Connection) -> None:
    """Note how far sending has come. To be called while the lock is held."""
    watermark.write(workspace.watermark, sends.progress(connection))


def _older(workspace: Workspace) -> RefusedError:
    what = "the database is older than what was sent from here, as a backup is that was put back"
    mark = workspace.watermark.relative_to(workspace.root)
    remedy = (
        "settle what it does not know: `newsletter cancel` what was finished, or `newsletter resolve` by the mail "
        f"server's log; then delete {mark}, and send"
    )
    return RefusedError(what, where=str(workspace.people), remedy=remedy)
