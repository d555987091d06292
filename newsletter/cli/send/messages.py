"""Make the message of a ledger row, from what was frozen with its send. Sends nothing."""

from newsletter import message, personal
from newsletter.cli import wiring
from newsletter.files.workspace import Workspace
from newsletter.mail import verp
from newsletter.mail.letterhead import NAMES, Names, unpack
from newsletter.model import Message
from newsletter.results import clicks
from subscribers import token
from subscribers.model import Delivery, Send
from subscribers.store.back import links as openings
from subscribers.store.file.open import Connection
from subscribers.store.ledger import sends
from subscribers.store.register import lists


class Composer:
    """Makes the message of a ledger row, from what was frozen. Compiles each variant once."""

    def __init__(self, workspace: Workspace, connection: Connection, send: Send) -> None:
        self._connection = connection
        self._send = send
        self._ring = wiring.ring(workspace)
        self._bounces = workspace.settings.letter.bounce_domain
        self._bounce_key = self._ring.derive(verp.PURPOSE)
        self._list = lists.number(connection, send.list)
        self._plans: dict[tuple[str, bool], tuple[message.Plan, Links, Names]] = {}
        self._tracking = workspace.settings.tracking
        self._watched = openings.watched(connection) if self._tracking.people else frozenset()
        self._click_key = self._ring.derive(clicks.PURPOSE)

    def __call__(self, row: Delivery) -> Message:
        """Return the message. Raise ValueError or AddressError for an address that no mail can be sent to."""
        watched = row.subscriber in self._watched
        plan, links, names = self._plans.get((row.variant, watched)) or self._load(row.variant, watched)
        known = personal.values(row.name, row.email, row.language, row.attributes)
        known.update(links.of(row.subscriber))
        if watched:
            known[clicks.FIELD] = clicks.mark(row.id, self._click_key)
        message_id = names.message_id(row.id, self._send.created)
        return_path = verp.build(self._bounces, row.id, self._bounce_key)
        return plan.fill(message.Recipient(row.email, row.name, message_id, return_path, known))

    def _load(self, variant: str, watched: bool) -> tuple[message.Plan, "Links", Names]:
        rendered, letterhead = unpack(sends.variant(self._connection, self._send.id, variant))
        if places := openings.of(self._connection, self._send.id, variant):
            seen = watched and self._tracking.pictures
            rendered = clicks.counted(rendered, letterhead.base_url, places, watched=watched, picture=seen)
        plan = message.compile(rendered, letterhead, self._send.started or self._send.created)
        names = Names(self._ring.derive(NAMES), letterhead.domain)
        links = Links(self._ring, self._list, self._send.id if rendered.questions else None)
        self._plans[variant, watched] = plan, links, names
        return self._plans[variant, watched]


def names(workspace: Workspace, connection: Connection, send: Send) -> Names:
    """Return what names the deliveries of a send: their Message-IDs stand in the server's log."""
    first = sends.variants(connection, send.id)[0]
    _, letterhead = unpack(sends.variant(connection, send.id, first))
    return Names(wiring.ring(workspace).derive(NAMES), letterhead.domain)


class Links:
    """Makes what ends the links that are one reader's own; those of answers for a *send* that asks something."""

    def __init__(self, ring: token.Ring, list_id: int, send: int | None = None) -> None:
        self._leave = token.Maker(ring, token.Purpose.UNSUBSCRIBE, list_id)
        self._prefer = token.Maker(ring, token.Purpose.PREFERENCES, list_id)
        self._answer = None if send is None else token.Maker(ring, token.Purpose.ANSWER, send)

    def of(self, subscriber: int) -> dict[str, str]:
        """Return the tokens by the name of their field; 0 is nobody, whose links change nothing."""
        made = {"unsubscribe_url": self._leave(subscriber), "preferences_url": self._prefer(subscriber)}
        if self._answer:
            # It stands in a comment for Outlook too, in which no two hyphens may stand side by side.
            made[personal.ANSWER] = self._answer(subscriber).replace("--", "-%2D")
        return made
