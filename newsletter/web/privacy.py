"""The page that tells readers what is kept about them, why and how long: as this letter's settings are."""

from functools import partial

from babel.units import format_unit
from starlette.requests import Request
from starlette.responses import Response

from newsletter.spoken import locale
from newsletter.web.preferences import ZONE
from newsletter.web.site import Site
from subscribers.store import attributes


async def show(site: Site, request: Request) -> Response:
    """Show the page."""
    settings, language = site.settings, site.language(request)
    months = settings.retention.network_months
    long = partial(format_unit, length="long", locale=locale(language))
    return site.page(
        request,
        "privacy",
        language,
        tracking=settings.tracking,
        more=bool(attributes.known(site.reader) - {ZONE}),
        pending=long(settings.retention.pending_days, "duration-day"),
        # What is kept for no month goes with the next sweep, within the hour.
        network=long(months, "duration-month") if months else long(1, "duration-hour"),
        watched=long(settings.tracking.days, "duration-day"),
    )
