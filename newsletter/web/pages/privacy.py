"""The page that tells readers what is kept about them, why and how long: as this letter's settings are."""

from starlette.requests import Request
from starlette.responses import Response

from newsletter.spoken import span
from newsletter.web.pages.preferences import ZONE
from newsletter.web.site import Site
from subscribers.store.register import attributes


async def show(site: Site, request: Request) -> Response:
    """Show the page."""
    settings, language = site.settings, site.language(request)
    months, left = settings.retention.network_months, settings.retention.left_months
    spoken = site.spoken(language)
    return site.page(
        request,
        "privacy",
        language,
        tracking=settings.tracking,
        more=bool(settings.fields or attributes.known(site.reader) - {ZONE}),
        pending=span(settings.retention.pending_days, "day", spoken),
        # What is kept for no month goes with the next sweep, within the hour.
        network=span(months, "month", spoken) if months else span(1, "hour", spoken),
        left=span(left, "month", spoken) if left else "",
        watched=span(settings.tracking.days, "day", spoken),
    )
