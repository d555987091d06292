"""Make the mails about a subscription: the ones that ask to confirm and that welcome, and a reader's own link."""

from collections.abc import Mapping
from datetime import timedelta

from newsletter import render
from newsletter.cli import wiring
from newsletter.cli.send import greeting
from newsletter.cli.terminal import now
from newsletter.errors import IssueError, NotFoundError
from newsletter.files.looks import themes, words
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import Names, Voice, smtp_address, voice
from newsletter.message import single
from newsletter.model import Issue, Message, Rendered
from newsletter.personal import LINKS
from newsletter.web.pages.archive import Shelf, address
from subscribers import token
from subscribers.model import Mail
from subscribers.store.file.open import Connection
from subscribers.store.ledger import bygone
from subscribers.store.register import lists, people

#: The key that these mails are named with is derived for this.
NAMES = "mail-id"


class Mailer:
    """Makes messages. May be called by several threads at once."""

    def __init__(self, workspace: Workspace, connection: Connection) -> None:
        self.ring = wiring.ring(workspace)
        self._workspace = workspace
        self._letter = workspace.settings.letter
        self._reader = connection
        self._lists = {each.slug: lists.number(connection, each.slug) for each in lists.all(connection)}
        self._names = Names(self.ring.derive(NAMES), self._letter.domain)

    def message_id(self, mail: Mail) -> str:
        """Return the Message-ID, which is the same for every attempt."""
        return self._names.message_id(mail.id, mail.created)

    def __call__(self, mail: Mail) -> Message:
        """Return the message. Raise TemplateError, AddressError or ValueError.

        Of a letter of a series, raise IssueError or NotFoundError while its issue cannot be read.
        """
        letter, language = self._letter, mail.language or self._letter.language
        # Words that nobody has put into that language are English, and a voice must read them as such.
        spoken = words.spoken(self._workspace.templates, language)
        context = self._context(mail, language)
        issue = None
        if own := self._own(mail, language):
            made, issue = own
            spoken = made.tongue
            filled = greeting.filled(made, people.get(self._reader, mail.subscriber), _links(context))
        else:
            theme = themes.load(self._workspace.templates, letter.theme, spoken)
            filled = render.mail(theme, mail.kind, letter, context)
        by = voice(letter, language, issue)
        return single(
            sender_name=by.name,
            sender=by.address,
            recipient=mail.email,
            subject=filled.subject,
            text=filled.text,
            html=filled.html,
            message_id=self.message_id(mail),
            date=now(),
            language=spoken,
            headers=[*_headers(by), *_leaving(str(context.get("unsubscribe_url", "")))],
        )

    def _context(self, mail: Mail, language: str) -> dict[str, object]:
        titles = {each.slug: each.title(language) for each in self._workspace.settings.lists}
        # A list "" stands for several; in a confirm mail a name would be a stranger's words to the reader.
        common = {"list_title": titles.get(mail.list, self._letter.to(language).name)}
        number, base = self._lists.get(mail.list, 0), self._letter.base_url
        if mail.kind == "confirm":
            # Who waits longer is forgotten, and no link brings them back.
            days = self._workspace.settings.retention.pending_days
            expires = mail.created + min(token.CONFIRM_FOR, timedelta(days=days))
            made = token.make(self.ring, token.Purpose.CONFIRM, mail.subscriber, number, expires)
            return {**common, "url": f"{base}/confirm/{made}", "expires": expires}
        made = token.make(self.ring, token.Purpose.PREFERENCES, mail.subscriber, number)
        preferences = f"{base}/preferences/{made}"
        if mail.kind in ("welcome", "series"):
            leave = token.make(self.ring, token.Purpose.UNSUBSCRIBE, mail.subscriber, number)
            ways = {"preferences_url": preferences, "unsubscribe_url": f"{base}/unsubscribe/{leave}"}
            return {**common, **ways, "name": mail.name, "latest": self._latest(mail.list, language)}
        return {**common, "url": preferences, "name": mail.name}

    def _own(self, mail: Mail, language: str) -> tuple[Rendered, Issue] | None:
        """Return the editor's own words to a new reader.

        Of a welcome that is None without any, and while they cannot be read (`doctor`).
        """
        if mail.kind == "series":
            if not any(mail.issue in each.greetings for each in self._workspace.settings.lists):
                raise ValueError(f"{mail.issue} is in no series any more")
            return greeting.rendered(self._workspace, mail.issue, language)
        slug = greeting.named(self._workspace.settings.lists, mail.list) if mail.kind == "welcome" else ""
        try:
            return greeting.rendered(self._workspace, slug, language) if slug else None
        except (NotFoundError, IssueError):
            return None

    def _latest(self, slug: str, language: str) -> dict[str, str] | None:
        """Return title and address of the latest letter to a list, to any list with ""; None if none is shown."""
        shown = [each.slug for each in self._workspace.settings.lists if each.archive and slug in ("", each.slug)]
        for sent in bygone.issues(self._reader, shown)[:1]:
            twins = Shelf(self._workspace.settings, self._reader).twins(sent.issue)
            own = twins.get(language) or next(iter(twins.values()), None)
            if own:
                return {"title": own.subject, "url": address(self._letter.base_url, own.slug, own.language)}
        return None


def _headers(by: Voice) -> list[tuple[str, str]]:
    """Ask for no out-of-office answer (RFC 3834 section 5), and for people's answers at the right address."""
    reply_to = smtp_address(by.reply_to)
    more = [("Reply-To", reply_to)] if reply_to.isascii() and reply_to != by.address else []
    return [("Auto-Submitted", "auto-generated"), *more]


def _links(context: Mapping[str, object]) -> dict[str, str]:
    """Return the addresses in *context* that are one reader's own."""
    return {name: str(context[name]) for name in LINKS if name in context}


def _leaving(url: str) -> list[tuple[str, str]]:
    """Let mail programs show their own button to leave by *url* (RFC 8058 section 3.1); "" is none."""
    if not url:
        return []
    return [("List-Unsubscribe", f"<{url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
