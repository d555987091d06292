"""The pages for readers on a real port, over a real database, for tests: `serving` and what it gives."""

import asyncio
import atexit
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import httpx

from newsletter.config import parse
from newsletter.files.looks import themes
from newsletter.files.shipped import shipped
from newsletter.web import app
from newsletter.web.listen import Server, open_socket
from newsletter.web.network import Proxies
from newsletter.web.pages.click import Counter
from subscribers.address import parse as address
from subscribers.model import Consent, MailingList, Subscriber, SubscriptionStatus, Suppression
from subscribers.store.file.writer import Writer
from subscribers.store.register import lists, people, subscriptions, suppressions
from subscribers.token import Purpose, Ring, make
from tests import blank

SETTINGS = """
[letter]
name = "The Harbour Letter"
from = "Harbour <news@example.org>"
address = "Quay 1, 111 22 Harbour"
languages = ["en", "sv"]
base_url = "https://news.example.org"
[[list]]
slug = "monthly"
title = {en = "The monthly letter", sv = "Månadsbrevet"}
"""
MORE = """
[[list]]
slug = "events"
title = {en = "Events at the quay", sv = "Evenemang på kajen"}
[[list]]
slug = "quick"
title = "Quick notes"
opt_in = "single"
[[topic]]
slug = "boats"
title = {en = "Boats", sv = "Båtar"}
[[topic]]
slug = "fish"
title = {en = "Fish", sv = "Fisk"}
"""
FIELDS = """
[[field]]
slug = "organization"
title = {en = "Where do you work?", sv = "Var arbetar du?"}
required = true
[[field]]
slug = "sector"
title = {en = "Sector", sv = "Bransch"}
choices = {en = ["Care", "Trade"], sv = ["Vård", "Handel"]}
"""
NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)


@dataclass
class World:
    """A running site: *url*, its database and keys, and a clock that tests can turn."""

    url: str
    site: app.Site
    clock: list[datetime]
    said: list[str]
    woken: list[int]
    client: httpx.Client = field(repr=False)

    def later(self, **amount: float) -> None:
        self.clock[0] += timedelta(**amount)

    def person(
        self, email: str = "anna@example.org", status: str = "confirmed", lists: str = "monthly"
    ) -> Subscriber:
        """Add somebody; *status* "" subscribes them to nothing."""

        def job(connection):
            one = people.add(connection, address(email), self.clock[0], language="en", name="Anna")
            if status:
                steps = {"unsubscribed": ("confirmed", "unsubscribed")}.get(status, (status,))
                for step in steps:
                    consent = Consent(one.id, lists, "import", self.clock[0], "test", "")
                    subscriptions.change(connection, consent, SubscriptionStatus(step))
            return one

        return self.site.writer.submit(job).result(10)

    def token(self, purpose: str, subscriber: int, slug: str = "monthly") -> str:
        number = lists.number(self.site.reader, slug) if slug else 0
        expires = self.clock[0] + timedelta(days=14) if purpose == "confirm" else None
        return make(self.site.ring, Purpose(purpose), subscriber, number, expires)

    def stamp(self) -> str:
        return make(self.site.ring, Purpose.FORM, 0, 0, self.clock[0] + timedelta(hours=24))

    def sign_up(self, email: str, **more: object) -> httpx.Response:
        form = {"email": email, "stamp": self.stamp(), "list": "monthly", **more}
        return self.client.post("/subscribe", data=form)

    def rows(self, table: str) -> list[dict[str, object]]:
        return [dict(row) for row in self.site.reader.execute(f"SELECT * FROM {table}")]

    def everything(self) -> list[object]:
        """Return all that the database holds, to see that nothing changed."""
        tables = ("subscribers", "subscriptions", "consents", "mails", "topics", "hits", "suppressions")
        return [self.rows(table) for table in tables]

    def status(self, subscriber: int) -> dict[str, str]:
        return {each.list: each.status.value for each in subscriptions.of(self.site.reader, subscriber)}


def six(world: World) -> list[str]:
    """Return an address in each of six states."""
    for status in ("pending", "confirmed", "unsubscribed"):
        world.person(f"{status}@example.org", status)
    world.person("suppressed@example.org")
    gone = world.person("erased@example.org")
    stop = Suppression("suppressed@example.org", "complaint", "", world.clock[0])
    key = world.site.ring.derive(suppressions.PURPOSE)
    world.site.writer.submit(lambda c: suppressions.add(c, stop)).result()
    world.site.writer.submit(lambda c: people.erase(c, gone.id, [key], world.clock[0])).result()
    return [
        f"{state}@example.org" for state in ("new", "pending", "confirmed", "unsubscribed", "suppressed", "erased")
    ]


@contextmanager
def standing(
    folder: Path, settings: str = SETTINGS + MORE, *, settle: float = 0.0, durable: bool = False
) -> Iterator[World]:
    """Give a site over a database in *folder*, which nobody serves yet."""
    parsed = parse(settings)
    database = folder / "subscribers.db"
    reader = blank.people(database)
    lists.ensure(reader, (MailingList(each.slug, each.title(), each.opt_in) for each in parsed.lists))
    clock, said, woken = [NOW], [], []
    templates = (folder / "templates", shipped("templates"))
    with Writer(database, durable=durable) as writer:
        site = app.Site(
            settings=parsed,
            ring=Ring((b"k" * 32,)),
            writer=writer,
            reader=reader,
            pages=cache(lambda language: themes.pages(templates, language)),
            theme=themes.load(templates, "letter", "en").settings,
            issues=folder / "issues",
            now=lambda: clock[0],
            message_id=lambda mail: f"<mail-{mail.id}@example.org>",
            wake=lambda: woken.append(1),
            say=said.append,
            settle=settle,
            proxies=Proxies(parsed.web.trusted_proxies),
        )
        with httpx.Client(timeout=20) as client:
            yield World("", site, clock, said, woken, client)
    reader.close()


@contextmanager
def serving(folder: Path, settings: str = SETTINGS + MORE, *, settle: float = 0.0) -> Iterator[World]:
    """Serve the pages in a thread, from a database in *folder*."""
    with standing(folder, settings, settle=settle) as world:
        counter = Counter(world.site)
        with fronted(app.make(world.site, counter)) as url:
            world.url = url
            world.client.base_url = url
            yield world
            # As `serve` does: what is held would be written into a file that is closed.
            FRONT.finish(counter.flush())


class Front:
    """One server for all tests, which takes long to end; each puts its own application behind it."""

    def __init__(self) -> None:
        self.application = None
        self.stack = ExitStack()
        self.url = ""
        self.loop = None

    async def __call__(self, scope, receive, send) -> None:
        self.loop = asyncio.get_running_loop()
        await self.application(scope, receive, send)

    def finish(self, work: Coroutine[None, None, None]) -> None:
        """Do *work* where the server does its own, if anybody asked it for something."""
        if self.loop:
            asyncio.run_coroutine_threadsafe(work, self.loop).result(20)
        else:
            work.close()


FRONT = Front()
atexit.register(FRONT.stack.close)


@contextmanager
def fronted(application) -> Iterator[str]:
    FRONT.url = FRONT.url or FRONT.stack.enter_context(running(FRONT))
    FRONT.application = application
    yield FRONT.url


@contextmanager
def running(application, patience: float = 15, crowd: int = 500, begin=asyncio.new_event_loop) -> Iterator[str]:
    """Run an ASGI application as `serve` does, on a free port of this machine; *begin* makes its loop."""
    loop = begin()
    listener = open_socket("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = Server(application, patience, crowd)
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve([listener])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        loop.close()
