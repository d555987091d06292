"""Find the links of a letter that are counted, lead them through the counter, and tell people from machines.

Links to the letter's own pages (leave, choose, the archive) are never counted, nor those to one reader's own, nor
those whose words are an address.
"""

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from newsletter.entities import unescape
from newsletter.model import Rendered, Token

#: An anchor with its address. Buttons that Outlook draws itself lead where they lead, uncounted.
_ANCHOR = re.compile(r'(<a\b[^>]{0,2000}?\bhref=")([^"]{1,4000})("[^>]{0,2000}>)(.{0,4000}?)</a>', re.S | re.I)
_ALT = re.compile(r'\balt="([^"]{1,200})"', re.I)

#: Words that read as an address; its groups are the host. Where they say one host and the link leads to another,
#: filters and mail programs warn of fraud: so such a link leads where it says, uncounted.
ADDRESS = re.compile(
    r"(?:https?://|www\.)([\w.-]+)\S*|([\w-]+(?:\.[\w-]+)*\.(?:com|net|org|edu|gov|eu|se|nu|no|dk|fi|de|uk|io))(?:/\S*)?",
    re.IGNORECASE,
)

#: What machines call themselves that look at links for others, or before them. Not the proxies by which Gmail
#: (GoogleImageProxy) and Yahoo (YahooMailProxy) show pictures: they fetch one when a reader opens the letter.
#: Nor Cubot, which makes telephones.
MACHINES = re.compile(
    r"(?<!cu)bot\b|crawl|spider|preview|scan|(?<!image)(?<!mail)(?<!mail-)proxy|protect|safelinks|barracuda"
    r"|mimecast|proofpoint|symantec|curl|wget|python|java/|go-http|headless|monitor|check|facebookexternalhit|slackbot|validator",
    re.I,
)
#: The key of a reader's mark is derived for this.
PURPOSE = "clicks"
_MARK = re.compile(r"(0|[1-9][0-9]{0,17})-([0-9a-f]{20})", re.ASCII)

#: The field that a reader's mark fills, and what stands for it until then.
FIELD = "click_mark"
_STAND_IN = "NLclickmark0X0XNL"

#: Opened sooner after the letter was taken, in seconds, it was not by a person.
TOO_FAST = 5.0
#: So many links opened from one place within so many seconds are a machine's.
BURST, WINDOW = 4, 10.0
#: A place that does not rest is decided about after so many seconds, so that little is held.
LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """A link as it stands in the letter: *place* counts from 1, *label* is what readers see of it."""

    place: int
    url: str
    label: str


def find(html: str, base_url: str, marks: Sequence[str] = ()) -> tuple[Found, ...]:
    """Return the links of *html* that are counted; *marks* stand for what is one reader's own."""
    found: list[Found] = []
    for match in _ANCHOR.finditer(html):
        url = unescape(match[2])
        if _counts(url, base_url, marks):
            found.append(Found(len(found) + 1, url, _label(match[4])))
    return tuple(one for one in found if not _is_address(one.label))


def lead(
    html: str,
    base_url: str,
    marks: Sequence[str],
    address: Callable[[int], str],
    badge: Callable[[int], str] = str,
) -> str:
    """Return *html* with each counted link leading to ``address(place)``; *badge* adds HTML to what it says.

    An address of "" leaves the link as it is. One whose words are an address has a place, and is left alone.
    """
    place = 0

    def each(match: "re.Match[str]") -> str:
        nonlocal place
        if not _counts(unescape(match[2]), base_url, marks):
            return match[0]
        place += 1
        if _is_address(_label(match[4])):
            return match[0]
        to = escape(address(place)) or match[2]
        more = badge(place) if badge is not str else ""
        return f"{match[1]}{to}{match[3]}{match[4]}{more}</a>"

    return _ANCHOR.sub(each, html)


def mark(delivery: int, key: bytes) -> str:
    """Return what stands in the links of one reader who agreed to be seen."""
    return f"{delivery}-{hmac.digest(key, b'click %d' % delivery, 'sha256').hex()[:20]}"


def read_mark(text: str, keys: Sequence[bytes]) -> int | None:
    """Return the delivery that a mark is of, or None for one that none of *keys* made."""
    found = _MARK.fullmatch(text)
    if not found:
        return None
    delivery = int(found[1])
    good = [hmac.compare_digest(mark(delivery, key), text) for key in keys]
    return delivery if any(good) else None


def counted(
    rendered: Rendered, base_url: str, places: Mapping[int, str], *, watched: bool = False, picture: bool = False
) -> Rendered:
    """Return a letter whose links lead through the counter; *places* are their ids.

    For a reader who agreed (*watched*) each link carries their mark, and with *picture* there is one that tells
    that the letter was shown. For everybody else the letter is the same, and names nobody.
    """
    own = f"/{_STAND_IN}" if watched else ""
    marks = [token.mark for token in rendered.tokens]
    html = lead(
        rendered.html,
        base_url,
        marks,
        lambda place: f"{base_url}/go/{places[place]}{own}" if place in places else "",
    )
    if not watched:
        return replace(rendered, html=html)
    if picture:
        point = f'<img src="{base_url}/seen/{_STAND_IN}" width="1" height="1" alt="" style="display:block">'
        html = html.replace("</body>", f"{point}</body>", 1)
    return replace(rendered, html=html, tokens=(*rendered.tokens, Token(_STAND_IN, FIELD)))


def is_machine(method: str, agent: str) -> bool:
    """Return whether a request says itself that nobody sits behind it."""
    return method != "GET" or not agent or bool(MACHINES.search(agent))


@dataclass(slots=True)
class Burst:
    """Holds what was opened for a few seconds, to see whether one place opens everything.

    *place* is who asks, as far as the server can know; it is forgotten with the burst and never kept.
    """

    _held: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is held."""
        return bool(self._held)

    def add(self, place: str, link: str, at: float) -> None:
        """Hold that *link* was opened at *at*, in seconds of any clock."""
        self._held.setdefault(place, []).append((at, link))

    def ripe(self, at: float) -> list[tuple[str, bool]]:
        """Return what is older than the window, each link with whether a machine opened it, and forget it."""
        found: list[tuple[str, bool]] = []
        for place in [name for name, opened in self._held.items() if _over(opened, at)]:
            opened = self._held.pop(place)
            machine = len({link for _, link in opened}) >= BURST
            found += [(link, machine) for _, link in opened]
        return found


def _over(opened: Sequence[tuple[float, str]], at: float) -> bool:
    """Return whether a place has rested long enough, or has been at it for so long that nobody waits for it."""
    return at - opened[-1][0] >= WINDOW or at - opened[0][0] >= LONGEST


def _counts(url: str, base_url: str, marks: Sequence[str]) -> bool:
    if not url.startswith(("http://", "https://")) or any(mark in url for mark in marks):
        return False
    return not at_home(url, base_url)


def at_home(url: str, base_url: str) -> bool:
    """Whether *url* leads to the letter's own pages, which begin at *base_url*."""
    return url == base_url or url.startswith((f"{base_url}/", f"{base_url}?", f"{base_url}#"))


def _is_address(label: str) -> bool:
    return ADDRESS.fullmatch(label) is not None


def _label(html: str) -> str:
    # A long word holds soft hyphens, each between two comments.
    whole = re.sub(r"<!--.{0,2000}?-->|&shy;|\u00ad", "", html, flags=re.S)
    text = " ".join(unescape(re.sub(r"<[^>]{0,2000}>", " ", whole)).split())
    alt = _ALT.search(html)
    # A picture is told by what it shows, in brackets.
    return (text or (f"[{unescape(alt[1])}]" if alt else ""))[:120]


def shares(counts: Mapping[int, int]) -> dict[int, float]:
    """Return each place's part of the most clicked one, in [0, 1]."""
    most = max(counts.values(), default=0)
    return {place: count / most if most else 0.0 for place, count in counts.items()}
