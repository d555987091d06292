"""Tell a site's own statistics which issue its visitors came from: the links to it carry that, and nobody's name.

The parameters are the same for all readers of an issue in a language, so they tell nothing about any of them.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import parse_qsl, quote, urlsplit

from newsletter.entities import unescape
from newsletter.model import Rendered
from newsletter.results.clicks import at_home

#: An address that leads somewhere: of a link, or of a button that Outlook draws itself.
_LINK = re.compile(r'(<(?:a|v:roundrect)\b[^>]{0,2000}?\bhref=")([^"]{1,4000})(")', re.IGNORECASE)

#: What a parameter may say: the issue's slug, and the language that it is written in.
FIELDS = ("{issue}", "{language}")


@dataclass(frozen=True, slots=True)
class Campaign:
    """*query* is what is added to addresses on *sites* and on the hosts below them; "" adds nothing.

    *query* is written as in an address (``utm_source=letter&utm_campaign={issue}``), with `FIELDS` in its values.
    """

    query: str = ""
    sites: tuple[str, ...] = ()


def of(query: str, sites: tuple[str, ...], sources: Sequence[str]) -> Campaign:
    """Return what the settings say; where they name no *sites*, those of the *sources* are meant."""
    return Campaign(query, sites or hosts(sources))


def marked(rendered: Rendered, campaign: Campaign, base_url: str) -> Rendered:
    """Return *rendered* with the parameters on its links; those of the text part stay short.

    What an address says itself stays as it is. Nothing is added to the letter's own pages below *base_url*, nor
    to a reader's own links.
    """
    if not (campaign.query and campaign.sites):
        return rendered
    marks = [token.mark for token in rendered.tokens]

    def each(found: "re.Match[str]") -> str:
        url = unescape(found[2])
        if any(mark in url for mark in marks) or at_home(url, base_url) or not _on(url, campaign.sites):
            return found[0]
        return f"{found[1]}{escape(address(url, campaign, rendered.issue, rendered.tongue))}{found[3]}"

    return replace(rendered, html=_LINK.sub(each, rendered.html))


def address(url: str, campaign: Campaign, issue: str, language: str) -> str:
    """Return *url* as a letter has it: with the parameters, if it leads to a site that wants them."""
    said = campaign.query
    for name, value in zip(FIELDS, (issue, language), strict=True):
        said = said.replace(name, quote(value, safe=""))
    return with_query(url, said) if said and _on(url, campaign.sites) else url


def with_query(url: str, query: str) -> str:
    """Return *url* with those parameters of *query* that it does not have; its fragment stays at the end."""
    whole, hash_, fragment = url.partition("#")
    address, mark, old = whole.partition("?")
    there = {name for name, _ in parse_qsl(old, keep_blank_values=True)}
    more = "&".join(one for one in query.split("&") if one.partition("=")[0] not in there)
    if not more:
        return url
    joint = "&" if old and not old.endswith("&") else ""
    return f"{address}?{old if mark else ''}{joint}{more}{hash_}{fragment}"


def _on(url: str, sites: Collection[str]) -> bool:
    """Whether *url* leads to one of *sites*, or to a host below one."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and any(host == site or host.endswith(f".{site}") for site in sites)


def hosts(urls: Sequence[str]) -> tuple[str, ...]:
    """Return the hosts of *urls*, without a ``www.``, each once."""
    found = (urlsplit(url).hostname or "" for url in urls)
    return tuple(dict.fromkeys(host.removeprefix("www.") for host in found if host))
