"""Tell the editor at once when too much comes back by our own fault, or when many complain."""

from collections.abc import Callable, Mapping

from newsletter.cli import wiring
from newsletter.cli.send import following, sending
from newsletter.errors import NewsletterError
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import NAMES


async def alert(
    workspace: Workspace, say: Callable[[str], None], words: str, document: Mapping[str, object]
) -> None:
    """Tell it in the ways that the settings name. What fails is told to the operator, and harms nothing."""
    wanted = workspace.settings.feedback
    if not (wanted.notify or wanted.webhook or wanted.command):
        return
    try:
        courier = sending.courier(workspace, connections=1)
    except NewsletterError as error:
        say(f"The editor was not told: {error}")
        return
    try:
        key = wiring.ring(workspace).derive(NAMES)
        subject = f"{document.get('issue', '')} needs you: too much comes back"
        await following.tell(workspace, courier, key, (subject, f"{words}.\n"), document, say)
    finally:
        await courier.close()
