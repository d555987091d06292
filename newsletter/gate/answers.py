"""What the letter's links answered when they were tried. Asks nobody itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.gate.proof import Proof, error, host_of, several, shortened, warning
from newsletter.model import Finding

#: More redirects than this keep a phone waiting.
REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an address. *state* is ok, dead, unanswered, private or offline; *final* where it ended.

    *why* says it in words; *hops* counts the redirects.
    """

    state: str
    why: str = ""
    hops: int = 0
    final: str = ""


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
    for address in addresses(proof):
        answer = answers.get(address)
        if answer is None or answer.state == "offline":
            unchecked.append(address)
        elif answer.state == "private":
            if host_of(address) not in within:
                yield _private(proof, address)
            within.add(host_of(address))
        else:
            yield from _one(address, answer, proof.near(address, "html"))
    if unchecked:
        what = "links were not tried: there is no network"
        yield warning("links-unchecked", "html", what, "run `newsletter check` again where there is one")


def _one(address: str, answer: Answer, place: str) -> Iterator[Finding]:
    shown = shortened(address)
    if answer.state == "dead":
        yield error("link-dead", place, f"{shown} leads nowhere: {answer.why}", "link to a page that is there")
    elif answer.state == "unanswered":
        what = f"nobody can say whether {shown} is there: {answer.why}"
        yield warning("link-unanswered", place, what, "open it in a browser before you send")
    else:
        yield from _led(address, answer, place)


def _private(proof: Proof, address: str) -> Finding:
    """Return an error for a host that leads into a private network; it tells all the lines with a link to it."""
    place, shown, more = proof.near(address, "html"), shortened(address), ""
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
