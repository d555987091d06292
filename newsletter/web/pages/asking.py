"""What the forms share that anybody may fill in: the stamp."""

from datetime import timedelta

from newsletter.web.site import Site
from subscribers.errors import TokenError
from subscribers.token import Purpose, make, read

#: How long a form may lie open before it is sent.
STAMPED_FOR = timedelta(hours=24)


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
