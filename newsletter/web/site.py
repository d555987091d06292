"""What the pages are made of: a `Site` that `newsletter serve` fills, and the page that every answer is."""

import json
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from newsletter.config import Settings, Titled
from newsletter.spoken import called, locale
from newsletter.web.form import agreed
from newsletter.web.hooks import Hooks
from newsletter.web.network import Address, Network, Proxies, shorten
from newsletter.web.steps import Steps
from subscribers import tongue
from subscribers.errors import PeopleError
from subscribers.model import Follow, Mail
from subscribers.store.file.open import Connection
from subscribers.store.file.writer import Work, Writer
from subscribers.store.register import limits
from subscribers.store.register.acts import Act
from subscribers.store.register.signups import sign_up
from subscribers.token import Ring

#: A name, a language or a slug is never longer than this, in characters.
LONGEST = 200

#: What a form may hold: our largest has a field per list and topic.
MOST_FIELDS = 300

#: The longest field of a form, in bytes: none of ours comes near.
LONGEST_FIELD = 8192

#: How long a page that is the same for everybody is given before it is drawn anew, in seconds.
FRESH = 1.0


def _nothing(*_: object) -> None:
    """Do nothing: nobody waits for the mail, nobody reads what is said."""


@dataclass(frozen=True)
class Site:
    """What the pages need. *pages* returns the templates in a language; *theme* is the letter's `theme.toml`.

    *issues* is the folder of issues, for the pictures beside them. *message_id* names the message of a mail;
    *wake* tells the outbox that there may be one, *say* the operator what is wrong. A signup is answered at the
    end of a step of *settle* seconds, so that its time tells nothing about the address (see `Steps`). *metrics*
    are the networks that may read the numbers, besides this machine; *hooks* takes what mail services report.
    """

    settings: Settings
    ring: Ring
    writer: Writer
    reader: Connection
    pages: Callable[[str], Environment]
    theme: Mapping[str, Any]
    issues: Path
    now: Callable[[], datetime]
    message_id: Callable[[Mail], str]
    wake: Callable[[], None] = _nothing
    say: Callable[[str], None] = _nothing
    settle: float = 0.01
    proxies: Proxies = field(default_factory=lambda: Proxies(()))
    metrics: tuple[Network, ...] = ()
    hooks: Hooks | None = None

    @cached_property
    def steps(self) -> Steps:
        """The steps by which signups are answered."""
        return Steps(self.settle)

    @cached_property
    def signing_up(self) -> Work:
        """What takes signups: the same work each time, so that the writer takes together those that wait."""
        return partial(sign_up, ring=self.ring)

    @cached_property
    def base(self) -> str:
        """The path that links begin with: base_url may lie below a domain's root."""
        return urlsplit(self.settings.letter.base_url).path.rstrip("/")

    def language(self, request: Request, own: str = "") -> str:
        """Return the language to answer in: ``?lang=``, the reader's *own*, the browser's, or the letter's."""
        asked = [request.query_params.get("lang", ""), own, *accepted(request.headers.get("accept-language", ""))]
        return next(filter(None, map(self.known, asked)), self.settings.letter.language)

    def known(self, code: str) -> str:
        """Return the language of the letter that *code* means, or ""."""
        return tongue.nearest(code[:LONGEST].replace("_", "-"), self.settings.letter.languages)

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The slugs of our lists."""
        return tuple(each.slug for each in self.settings.lists)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The slugs of our topics."""
        return tuple(each.slug for each in self.settings.topics)

    def wanted(self, slugs: Collection[str], language: str) -> dict[str, str]:
        """Return the sentence that is agreed to for each of *slugs* that is a list of ours."""
        return {slug: sentence for slug, sentence in self._sentences[language].items() if slug in slugs}

    def offered(self, language: str) -> list[tuple[Titled, str]]:
        """Return each of our lists with the sentence that is agreed to for it."""
        return [(each, self._sentences[language][each.slug]) for each in self.settings.lists]

    @cached_property
    def _sentences(self) -> Mapping[str, Mapping[str, str]]:
        """The sentence of each list, by language."""
        lists, codes = self.settings.lists, self.settings.letter.languages
        return {code: {each.slug: agreed(self.pages(code), each, code) for each in lists} for code in codes}

    @cached_property
    def greeted(self) -> frozenset[str]:
        """The lists whose new readers get a welcome mail."""
        return frozenset(each.slug for each in self.settings.lists if each.welcome)

    @cached_property
    def series(self) -> Mapping[str, Sequence[Follow]]:
        """The letters that follow for new readers, by list."""
        return {each.slug: each.series for each in self.settings.lists if each.series}

    def act(self, source: str, request: Request, language: str) -> Act:
        """Return the evidence of who acts, and when."""
        return Act(source=source, at=self.now(), language=language, network=shorten(self.client(request)))

    def client(self, request: Request) -> Address | None:
        """Return who asks, behind the proxies that we trust; None if it is not known."""
        peer = request.scope.get("client") or ("", 0)
        forwarded = [value for name, value in request.scope["headers"] if name == b"x-forwarded-for"]
        if forwarded and not self._told and (proxy := self.proxies.mistrusted(peer[0])):
            self._told.append(proxy)
            own = ["127.0.0.1", "::1"] if proxy.is_loopback else [str(proxy)]
            trusted = json.dumps([*self.settings.web.trusted_proxies, *own])
            self.say(
                f"Readers come by a proxy at {proxy} that is not trusted, and count as one network; "
                f"if it is yours, write trusted_proxies = {trusted} into [web] of newsletter.toml"
            )
        return self.proxies.client(peer[0], b",".join(forwarded).decode("latin-1"))

    def crowded(self) -> None:
        """Tell the operator, once an hour, that signups are dropped: whoever asks is not told."""
        if self._again("signups", timedelta(hours=1)):
            (hour, _), (day, _) = limits.NETWORK
            self.say(
                f"Signups are dropped: more than {hour:,} in an hour or {day:,} in a day came from one network, "
                f"or {limits.OVERALL[0].most:,} in an hour in all; if they are readers of yours, let them sign up "
                "later, or add them with `newsletter subscribers add`"
            )

    def unwritable(self, error: PeopleError) -> None:
        """Tell the operator, once a minute, that what was asked for was not done: what is said needs room, too."""
        if self._again("writing", timedelta(minutes=1)):
            self.say(
                f"The web pages cannot write: {error.where}: {error.what}; readers are told to try again later. "
                "They can as soon as it is mended; `newsletter doctor` looks closer"
            )

    def _again(self, what: str, wait: timedelta) -> bool:
        """Return whether it is *wait* or longer since the operator was told *what*, and note that they are now."""
        now, told = self.now(), self._said.get(what)
        if told and timedelta(0) <= now - told < wait:
            return False
        self._said[what] = now
        return True

    @cached_property
    def _said(self) -> dict[str, datetime]:
        """When the operator was told last of what may be wrong for long."""
        return {}

    @cached_property
    def _told(self) -> list[Address]:
        """The proxy that the operator was told of, once: a network's limit holds for all who come by it."""
        return []

    def page(
        self, request: Request, name: str, language: str, status: int = 200, **context: object
    ) -> HTMLResponse:
        """Return the page ``pages/NAME.html`` in *language*."""
        body = self._drawn(name, language, switch=request.method == "GET" and status == 200, **context)
        return HTMLResponse(body, status, headers=self._about(language))

    def done(self, name: str, language: str, **context: Hashable) -> HTMLResponse:
        """Return the page ``pages/NAME.html`` that everybody gets who did something: the same bytes for a crowd.

        A template that was changed shows after `FRESH` seconds.
        """
        asked, now = (name, language, *context.items()), monotonic()
        drawn, body = self._done.get(asked, (-FRESH, b""))
        if now - drawn >= FRESH:
            body = self._drawn(name, language, switch=False, **context).encode()
            self._done[asked] = now, body
        return HTMLResponse(body, headers=self._about(language))

    def _about(self, language: str) -> dict[str, str]:
        return {"Content-Language": self.spoken(language), "Vary": "Accept-Language"}

    def spoken(self, language: str) -> str:
        """Return the language that the page in *language* has its words in: a voice must read them as such."""
        return str(self.pages(language).globals.get("spoken", language))

    @cached_property
    def _done(self) -> dict[tuple[Hashable, ...], tuple[float, bytes]]:
        return {}

    def _drawn(self, name: str, language: str, **context: object) -> str:
        template = self.pages(language).get_template(f"pages/{name}.html")
        known = self.settings.letter.languages
        return template.render(
            letter=self.settings.letter.to(language),
            theme=self.theme,
            base=self.base,
            language=language,
            dir=locale(self.spoken(language)).text_direction,
            languages=[(code, called(code, known)) for code in known],
            **context,
        )


async def fields(request: Request) -> FormData:
    """Return a form, in either encoding, without its files. Raise HTTPException (400) for what is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == _URLENCODED:
        return FormData([*_pairs(await request.body())])
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
        words = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        # The form names its own charset, and some that Python knows give half characters: no text, and no answer.
        "".join(name + value for name, value in words).encode()
    except UnicodeError:
        raise HTTPException(400) from None
    return FormData([*words])


_URLENCODED = "application/x-www-form-urlencoded"


def _pairs(body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form that most browsers send, as Starlette reads them, at a quarter of the cost."""
    if any(len(part) > LONGEST_FIELD for part in body.split(b"&")):
        raise HTTPException(400)
    try:
        return parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None


def accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the best first (RFC 9110 section 12.5.4)."""
    found = []
    for part in header[:LONGEST].split(","):
        code, _, quality = part.partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if weight > 0:
            found.append((-weight, code.strip()))
    return [code for _, code in sorted(found, key=lambda pair: pair[0])]
