"""The table [letter]: who writes, in which languages, from where."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter.errors import NotFoundError, cited
from newsletter.settings import value
from newsletter.toml import Table
from subscribers import tongue
from subscribers.address import parse


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter itself. *names* is what readers of each language call it ("" holds the name for every other).

    *sender* is the address in From. *sender_names* is the name before it, and *addresses* the postal one in the
    footer, both by language as well.

    *bounce_domain* is where bounces go, as DNS writes it: the From domain or one below it (SPF alignment).
    *images* is linked, or inline if the pictures beside an issue travel in its messages.
    *approval* tells that nothing is sent that nobody has approved. *privacy* is the address of the editor's own
    words about readers' data; "" leaves it to the page that says what the program does.
    """

    names: Mapping[str, str]
    sender_names: Mapping[str, str]
    sender: str
    reply_to: str
    addresses: Mapping[str, str]
    languages: tuple[str, ...]
    timezone: ZoneInfo
    base_url: str
    theme: str
    bounce_domain: str
    images: str
    approval: bool = False
    privacy: str = ""

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]

    def spoken(self, wanted: str) -> str:
        """Return which language of the letter *wanted* names by code or word. Raise NotFoundError for none."""
        if (found := tongue.named(wanted, self.languages)) in self.languages:
            return found
        known = ", ".join(self.languages)
        raise NotFoundError(f"the letter has no language {cited(wanted)}", remedy=f"known here: {known}")

    def to(self, language: str) -> "Letter":
        """Return the letter as readers of *language* know it: its names and address in that, if it has them."""
        return replace(
            self,
            names=_nearest(self.names, language),
            sender_names=_nearest(self.sender_names, language),
            addresses=_nearest(self.addresses, language),
        )

    @property
    def name(self) -> str:
        """What it is called where nobody's language is known, as in its first one."""
        return self.names[""]

    @property
    def sender_name(self) -> str:
        """The name in From where nobody's language is known, as in its first one; "" is none."""
        return self.sender_names[""]

    @property
    def address(self) -> str:
        """The postal address where nobody's language is known, as in its first one; "" is none."""
        return self.addresses[""]

    @property
    def imprint(self) -> str:
        """Who writes, and their postal address if there is one, on one line; no name twice."""
        who = self.sender_name or self.name
        named = self.address.casefold().startswith(who.casefold())
        joint = " " if who.endswith(("?", "!", "…")) else ", "
        return self.address if named else joint.join(filter(None, (who, self.address)))

    @property
    def domain(self) -> str:
        """The domain of the From address as DNS writes it; Message-IDs are in it."""
        return parse(self.sender).canonical.rpartition("@")[2]


def read(table: Table) -> Letter:
    """Return what the table says. Raise SettingsError."""
    languages = tuple(value.language(table, "languages", code) for code in table.texts("languages", ("en",)))
    if not languages:
        raise table.fail("languages", "languages is empty", 'name at least one: languages = ["en"]')
    sender_names, sender = _senders(table, languages[0])
    return Letter(
        names=table.titles("name", None, languages[0]),
        sender_names=sender_names,
        sender=sender,
        reply_to=value.mailbox(table, "reply_to", table.text("reply_to", sender))[1],
        addresses=table.titles("address", "", languages[0]),
        languages=languages,
        timezone=_zone(table),
        base_url=_base_url(table),
        theme=table.text("theme", "letter"),
        images=table.text("images", "linked", choices=("linked", "inline")),
        bounce_domain=value.domain(table, "bounce_domain", table.text("bounce_domain", sender.rpartition("@")[2])),
        approval=table.take("approval", bool, False),
        privacy=value.maybe(value.url, table, "privacy"),
    )


def _nearest(texts: Mapping[str, str], language: str) -> Mapping[str, str]:
    return {"": texts[tongue.nearest(language, filter(None, texts))]}


def _senders(table: Table, language: str) -> tuple[Mapping[str, str], str]:
    """Return the names in From by language, and the one address behind them."""
    read = {
        code: value.mailbox(table, "from", text) for code, text in table.titles("from", None, language).items()
    }
    addresses = {address for _, address in read.values()}
    if len(addresses) > 1:
        what = f"from has two addresses: {' and '.join(sorted(addresses)[:2])}"
        raise table.fail("from", what, "write the same one in each language; only the name may differ")
    return {code: name for code, (name, _) in read.items()}, addresses.pop()


def _zone(table: Table) -> ZoneInfo:
    name = table.text("timezone", "UTC")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise table.fail(
            "timezone", f"no time zone is called {cited(name)}", 'use a name such as "Europe/Stockholm"'
        ) from None


def _base_url(table: Table) -> str:
    address = value.url(table, "base_url", table.text("base_url", "http://127.0.0.1:8000"))
    if urlsplit(address).query or urlsplit(address).fragment:
        raise table.fail("base_url", "base_url has a query or fragment", "leave out everything from ? or # on")
    return address.rstrip("/")
