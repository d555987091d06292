"""Take the button off that feeds put under a text that they cut: a letter has its own, and it is no text."""

import re
from urllib.parse import parse_qsl, urlsplit

from newsletter.entities import unescape
from newsletter.issuefile import dialect
from newsletter.reading.html.element import TAG

HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
#: The words of a link at the end of a text, and what may stand behind it.
LAST = re.compile(
    r"(?P<words>(?:(?!</a>).){0,500})</a>"
    r"(?P<rest>(?:\s|</\w{1,12}>|<br\s?/?>|[.…»→]|\([^()<>]{0,40}\)|&(?:nbsp|raquo|rarr|hellip|#\d{2,5});){0,40})",
    re.IGNORECASE | re.DOTALL,
)
#: What such a button says, in the languages of letters that we know; or nothing but an arrow.
SAYS = re.compile(
    r"\W*(?:(?:continue|keep)\s+reading\b|read\s+(?:more|on|full\s+topic|the\s+(?:full|whole|rest))\b|view\s+post\b"
    r"|läs\s+(?:mer|vidare|hela|artikeln|inlägget|nyheten)\b|fortsätt\s+läs|till\s+(?:hela\s+)?(?:artikeln|nyheten|inlägget)\b"
    r"|weiterlesen|mehr\s+lesen|les\s+mer\b|læs\s+mere\b|lire\s+la\s+suite|lue\s+lisää|(?:more|mer|permalink)?\W*$)",
    re.IGNORECASE,
)
#: How many wrote, and how often, which Discourse tells above it.
COUNTED = re.compile(r"<p>\s*<small>\d+ [^\d<>]{2,30} - \d+ [^\d<>]{2,30}</small>\s*</p>\s*(?=<p>\s*\Z)")
#: A button and what is behind it are no longer than this, in characters.
LONGEST = 5000


def without(html: str, url: str) -> str:
    """Return the *html* of an article at *url*, "" for none, without a last link there that says to read on."""
    first = max(0, len(html) - LONGEST)
    start = max(html.rfind("<a ", first), html.rfind("<A ", first))
    opened = html.find(">", start) if url and start >= 0 else -1
    href = HREF.search(html, start, opened) if opened > 0 else None
    found = LAST.fullmatch(html, opened + 1) if href else None
    says = found and SAYS.match(TAG.sub(" ", unescape(found["words"])))
    if not (href and found and says and _leads(unescape(href[1]), url)):
        return html
    return COUNTED.sub("", html[:start].rstrip()) + re.sub(r"[^<>]+(?=<|$)", "", found["rest"])


def _leads(href: str, url: str) -> bool:
    """Whether a link leads to *url*, however it counts who comes."""
    return _place(dialect.address(href, url, dialect.WEB)) == _place(url)


def _place(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    parts = urlsplit(url)
    asked = [pair for pair in parse_qsl(parts.query) if not pair[0].startswith("utm_")]
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), sorted(asked)
