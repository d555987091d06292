"""What the letter's links answered when they were tried. Asks nobody itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.errors import shortened
from newsletter.gate.files import KIB
from newsletter.gate.proof import Proof, error, host_of, several, warning
from newsletter.model import Finding

#: More redirects than this keep a phone waiting.
REDIRECTS = 3
#: A picture of a site that is heavier was never made smaller for the web; and all of them together. Both are more
#: than those beside an issue may have: whoever edits cannot save a site's pictures anew, only take others.
HEAVY, HEAVY_TOGETHER = 500 * KIB, 2_000 * KIB
#: The media types of pages.
PAGES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an address. *state* is ok, dead, unanswered, private or offline; *final* where it ended.

    *why* says it in words; *hops* counts the redirects. *kind* is the media type of what stands there, and
    *size* its bytes; "" and 0 where the server does not say.
    """

    state: str
    why: str = ""
    hops: int = 0
    final: str = ""
    kind: str = ""
    size: int = 0


def addresses(proof: Proof) -> tuple[str, ...]:
    """Return the addresses worth a try: links and pictures on the web that are not our own pages."""
    own = proof.settings.letter.base_url
    asked = [link.href for link in proof.page.links] + [picture.src.strip() for picture in proof.page.pictures]
    web = (each for each in asked if each.casefold().startswith(("http://", "https://")))
    return tuple(dict.fromkeys(each for each in web if each != own and not each.startswith(own + "/")))


def findings(proof: Proof, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    """Yield what is wrong with the links that were tried."""
    unchecked: list[str] = []
    within: set[str] = set()
    shown = {picture.src.strip() for picture in proof.page.pictures}
    for address in addresses(proof):
        answer = answers.get(address)
        if answer is None or answer.state == "offline":
            unchecked.append(address)
        elif answer.state == "private":
            if host_of(address) not in within:
                yield _private(proof, address)
            within.add(host_of(address))
        else:
            yield from _one(address, answer, proof.near(address), picture=address in shown)
    yield from _pictures(proof, answers)
    if unchecked:
        what = "links were not tried: there is no network"
        yield warning("links-unchecked", "html", what, "run `newsletter check` again where there is one")


def _one(address: str, answer: Answer, place: str, *, picture: bool) -> Iterator[Finding]:
    shown = shortened(address)
    if answer.state == "dead" and picture:
        what = f"readers would see a hole: {shown} gives no picture: {answer.why}"
        yield error("link-dead", place, what, "take a picture that is there, or lay it into the issue's assets/")
    elif answer.state == "dead":
        yield error("link-dead", place, f"{shown} leads nowhere: {answer.why}", "link to a page that is there")
    elif answer.state == "unanswered":
        what = f"nobody can say whether {shown} is there: {answer.why}"
        yield warning("link-unanswered", place, what, "open it in a browser before you send")
    else:
        yield from _led(address, answer, place)


def _pictures(proof: Proof, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    """Warn of pictures on the web that are no pictures, or heavy: one of them, or all together."""
    total = 0
    for src in dict.fromkeys(picture.src.strip() for picture in proof.page.pictures):
        answer = answers.get(src, Answer("offline"))
        place, shown = proof.near(src), shortened(src)
        if answer.state == "ok" and answer.kind in PAGES:
            what = f"readers would see a broken picture: {shown} is a page"
            yield warning("image-broken", place, what, "take the address of the picture itself")
        elif answer.state == "ok":
            total += answer.size
            if answer.size > HEAVY:
                what = f"{shown} has {answer.size // KIB:,} KB; on a phone it comes late"
                ours = f"newsletter articles pictures {proof.issue.slug}"
                remedy = f"take a smaller size of it, 1200 pixels wide, or run: {ours} && {ours} --shrink"
                yield warning("image-heavy", place, what, remedy)
    if total > HEAVY_TOGETHER:
        what = f"the pictures on the web have {total // KIB:,} KB together"
        yield warning("images-heavy", "html", what, "take smaller sizes of them, or leave one out")


def _private(proof: Proof, address: str) -> Finding:
    """Return an error for a host that leads into a private network; it tells all the lines with a link to it."""
    place, shown, more = proof.near(address), shortened(address), ""
    if len(lines := proof.leading(host_of(address))) > 1:
        place, shown = f"{proof.issue.path}:{lines[0]}", host_of(address)
        more = f" from {len(lines)} lines: {several(map(str, lines))}"
    what = f"{shown} leads into a private network; readers get nowhere{more}"
    return error("link-private", place, what, "link to the page's public address")


def _led(address: str, answer: Answer, place: str) -> Iterator[Finding]:
    """Warn of where the redirects led."""
    if answer.hops > REDIRECTS:
        what = f"{shortened(address)} leads on {answer.hops} times before a page comes"
        yield warning("link-redirects", place, what, f"link to where it ends: {shortened(answer.final, 80)}")
    deep = len(urlsplit(address).path.strip("/").split("/")) > 1 or len(urlsplit(address).path.strip("/")) > 8
    if deep and answer.final and not urlsplit(answer.final).path.strip("/") and not urlsplit(answer.final).query:
        what = f"{shortened(address)} ends on the front page of {urlsplit(answer.final).hostname}"
        yield warning("link-home", place, what, "find where the page has moved to")
