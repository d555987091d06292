"""Write to the editor: what the program did on its own, and what it waits for."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import make_msgid

from newsletter import render
from newsletter.cli.send import sending
from newsletter.cli.terminal import now
from newsletter.errors import TryAgainError
from newsletter.files.looks import themes
from newsletter.files.workspace import Workspace
from newsletter.message import single
from newsletter.model import Message, Stage
from newsletter.send.courier import nothing

#: The program speaks English, on the terminal and to the editor.
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Word:
    """A mail to the editor: a *heading* (and subject), *paragraphs*, and commands with their purpose."""

    heading: str
    paragraphs: Sequence[str]
    steps: Sequence[tuple[str, str]] = ()


def message(workspace: Workspace, word: Word) -> Message:
    """Return the mail. Raise TemplateError or ValueError."""
    letter = workspace.settings.letter
    theme = themes.load(workspace.templates, letter.theme, LANGUAGE)
    context = {"heading": word.heading, "paragraphs": word.paragraphs, "steps": word.steps}
    filled = render.mail(theme, "editor", letter, context)
    return single(
        sender_name=letter.sender_name,
        sender=letter.sender,
        recipient=workspace.settings.compose.editor or letter.reply_to,
        subject=filled.subject,
        text=filled.text,
        html=filled.html,
        message_id=make_msgid(secrets.token_hex(4), letter.domain),
        date=now(),
        language=LANGUAGE,
        # No out-of-office answer to a program (RFC 3834 section 5).
        headers=[("Auto-Submitted", "auto-generated")],
    )


async def tell(workspace: Workspace, word: Word) -> str:
    """Send the mail by the letter's route, and return what the server said if it refused, or "".

    Raise TryAgainError or RouteError if it surely did not go out and may later; a doubt is returned in words.
    """
    courier = sending.courier(workspace)
    try:
        reply = await courier.deliver(message(workspace, word), nothing)
    finally:
        await courier.close()
    if reply.stage is Stage.DOT and reply.code == 0:
        return "nobody knows whether the mail to the editor went out"
    if 400 <= reply.code < 500 or reply.code == 0:
        raise TryAgainError(f"the mail to the editor was deferred: {reply.code} {reply.text}".rstrip())
    return "" if reply.code < 400 else f"the mail to the editor was refused: {reply.code} {reply.text}"
