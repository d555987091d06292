"""What the forms share that anybody may fill in: the stamp, the hidden field, the time that an answer takes."""

import asyncio
from datetime import timedelta

from newsletter.web.site import Site
from subscribers.errors import TokenError
from subscribers.token import Purpose, make, read

#: How long a form may lie open before it is sent.
STAMPED_FOR = timedelta(hours=24)

#: The field that people do not see. Only a program fills it in.
HONEYPOT = "website"


class Moment:
    """Makes an answer take as long for everybody: it is given at the end of a step of ``site.settle`` seconds.

    What an address makes us do takes a fraction of a step, so the step in which it ends tells nothing about it.
    """

    def __init__(self, site: Site) -> None:
        self._clock = asyncio.get_running_loop().time
        self._begun = self._clock()
        self._step = site.settle

    async def over(self) -> None:
        """Return at the end of the step that is under way."""
        if self._step:
            passed = self._clock() - self._begun
            await asyncio.sleep(self._step - passed % self._step)


def stamp(site: Site) -> str:
    """Return the stamp of a form that is shown now."""
    return make(site.ring, Purpose.FORM, 0, 0, site.now() + STAMPED_FOR)


def stamped(site: Site, text: str) -> bool:
    """Whether *text* is the stamp of a form of ours that has not lain open too long."""
    try:
        read(site.ring, Purpose.FORM, text, site.now())
    except TokenError:
        return False
    return True
