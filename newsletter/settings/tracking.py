"""The table [tracking]: what is counted of what readers do. Nothing is, unless the letter turns it on."""

import re
from dataclasses import dataclass

from newsletter.errors import cited
from newsletter.results.campaign import FIELDS
from newsletter.settings import value
from newsletter.toml import Table

#: A parameter of an address, in characters that need no encoding (RFC 3986 section 2.3), and fields.
_PARAMETER = re.compile(r"[\w.~-]+=(?:[\w.~-]|" + "|".join(map(re.escape, FIELDS)) + ")+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tracking:
    """*clicks* are counted for each link in total, naming nobody.

    *people* offers readers to agree that their own clicks are seen; *pictures* asks, of those, whether the letter
    was shown. What is known of one reader is deleted after *days*. *campaign* and *sites* are as in
    `newsletter.results.campaign.Campaign`; no sites are those of the sources.
    """

    clicks: bool = False
    people: bool = False
    pictures: bool = False
    days: int = 180
    campaign: str = ""
    sites: tuple[str, ...] = ()


def read(table: Table) -> Tracking:
    """Return what the table says. Raise SettingsError."""
    told = Tracking(
        clicks=table.take("clicks", bool, False),
        people=table.take("people", bool, False),
        pictures=table.take("pictures", bool, False),
        days=table.whole("days", 180, 1, 3650),
        campaign=table.text("campaign", ""),
        sites=tuple(value.domain(table, "sites", site) for site in table.texts("sites", ())),
    )
    if told.campaign and not all(map(_PARAMETER.fullmatch, told.campaign.split("&"))):
        remedy = 'write it as campaign = "utm_source=newsletter&utm_medium=email&utm_campaign={issue}"'
        raise table.fail("campaign", f"campaign cannot be {cited(told.campaign)}", remedy)
    if told.sites and not told.campaign:
        raise table.fail("sites", "sites without a campaign", "say what their addresses get, as campaign = …")
    if told.people and not told.clicks:
        raise table.fail("people", "single readers' clicks without clicks", "add clicks = true")
    if told.pictures and not told.people:
        raise table.fail("pictures", "the picture is for readers who agreed only", "add people = true")
    return told
