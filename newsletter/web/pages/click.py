"""Lead a reader on from a counted link, and count it; show the picture of nothing.

Only ids that stand in the database lead anywhere, and only to where the letter led, or an editor let it lead:
this is no open redirect. Who opened what is written down for readers who agreed to it, and for nobody else. HEAD,
programs that say what they are, and a place that opens one link after the other within seconds count as machines.
"""

import asyncio
import base64
from dataclasses import dataclass, field
from functools import partial
from math import inf

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.results import clicks
from newsletter.web.site import Site
from subscribers.errors import PeopleError
from subscribers.store.back import links

#: A picture of one transparent point.
POINT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@dataclass(slots=True)
class Counter:
    """Counts for one server. What is held is written when its few seconds are over, and by `flush` at the end."""

    site: Site
    _burst: clicks.Burst = field(default_factory=clicks.Burst)
    _timer: asyncio.TimerHandle | None = None
    _lost: bool = False

    async def go(self, request: Request) -> Response:
        """Lead on from a link."""
        link, mark = request.path_params["link"], request.path_params.get("mark", "")
        url = links.where(self.site.reader, link)
        if url is None:
            raise HTTPException(404, "link")
        machine = clicks.is_machine(request.method, request.headers.get("user-agent", ""))
        seen = await self._own(mark, link) if mark and not machine else None
        if machine or seen is not None:
            await self._count([(link, machine or bool(seen))])
        else:
            self._hold(request, link)
        return RedirectResponse(url, 302, headers={"Cache-Control": "no-store"})

    async def picture(self, request: Request) -> Response:
        """Show nothing, and note it for a reader who agreed."""
        mark = request.path_params["mark"]
        if not clicks.is_machine(request.method, request.headers.get("user-agent", "")):
            await self._own(mark, None)
        return Response(POINT, media_type="image/gif", headers={"Cache-Control": "no-store"})

    async def _own(self, mark: str, link: str | None) -> bool | None:
        """Note what the reader of a delivery opened. Return whether by a machine; None for who did not agree."""
        delivery = clicks.read_mark(mark, self.site.ring.derived(clicks.PURPOSE))
        if delivery is None:
            return None
        leave = partial(links.leave, delivery=delivery, link=link, now=self.site.now(), too_fast=clicks.TOO_FAST)
        try:
            return await self.site.writer.run(leave)
        except PeopleError as error:
            # A reader who wants to read on need not wait for our figures.
            self._written(error)
            return None

    async def _count(self, opened: list[tuple[str, bool]]) -> None:
        error = None
        try:
            await self.site.writer.run(partial(links.count, opened=opened, now=self.site.now()))
        except PeopleError as fault:
            error = fault
        self._written(error)

    def _written(self, error: BaseException | None) -> None:
        """Say that clicks are not counted, once, until they are again."""
        if error and not self._lost:
            self.site.say(f"Clicks are not counted: {error}")
        self._lost = error is not None

    def _hold(self, request: Request, link: str) -> None:
        loop = asyncio.get_running_loop()
        place = f"{self.site.client(request)} {request.headers.get('user-agent', '')}"
        self._burst.add(place, link, loop.time())
        if self._timer is None:
            self._timer = loop.call_later(clicks.WINDOW + 0.1, self._ripen)

    async def flush(self) -> None:
        """Count what is held, at once: nobody will wait for it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if opened := self._burst.ripe(inf):
            await self._count(opened)

    def _ripen(self) -> None:
        """Count what has waited long enough, and come again while something waits."""
        loop = asyncio.get_running_loop()
        opened = self._burst.ripe(loop.time())
        if opened:
            written = self.site.writer.submit(partial(links.count, opened=opened, now=self.site.now()))
            asyncio.wrap_future(written).add_done_callback(lambda done: self._written(done.exception()))
        self._timer = loop.call_later(1.0, self._ripen) if self._burst else None
