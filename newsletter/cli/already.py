"""Tell an editor who has an issue in hand that it is out, or on its way with the words that it had."""

from newsletter.cli import terminal
from newsletter.files.workspace import Workspace
from subscribers.errors import ToldError
from subscribers.model import Send
from subscribers.status import SendState


def tell(workspace: Workspace, slug: str) -> bool:
    """Say what a change of the issue *slug* cannot reach any more. Return whether all of it is out.

    Nothing is said of a draft, nor where the people's file cannot be read: whoever sends is told of that.
    """
    begun = last(workspace, slug)
    if begun is None:
        return False
    if done := begun.state is SendState.DONE:
        when = terminal.clock(begun.started, workspace.settings.letter.timezone) if begun.started else "earlier"
        terminal.say(f"{slug} went out {when}: a change reaches only who is sent it later.")
    else:
        again = f"newsletter send {slug}{' --to-new' if begun.started else ''}"
        terminal.say(
            f"Send {begun.id} of {slug} is {begun.state}, with the words that it had then: what changes since does"
            f" not go out with it. To send it changed: newsletter cancel {begun.id}, then {again}"
        )
    return done


def last(workspace: Workspace, slug: str) -> Send | None:
    """Return the latest send of an issue that was not ended, None for none."""
    if not workspace.people.exists():
        return None
    from newsletter.cli import wiring
    from subscribers.store.ledger import sends

    try:
        with wiring.people(workspace) as connection:
            found = sends.all(connection, slug)
    except ToldError:
        return None
    return next((one for one in found if one.state is not SendState.CANCELLED), None)
