"""Where the letter's links lead, and whether they can be trusted. Opens none of them."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from newsletter.errors import cited, shortened
from newsletter.gate.inbox import INVISIBLE, RESERVED
from newsletter.gate.page.mailpage import Link
from newsletter.gate.proof import Proof, error, graded, host_of, several, warning
from newsletter.model import Finding
from newsletter.results import clicks

#: Services that hide where a link leads; spam filters treat their hosts as suspect.
SHORTENERS = {
    "bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "s.id",
    "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "v.gd",
}  # fmt: skip
#: Words that say nothing when a screen reader lists the links of a page. "Read on", which drafts write in each
#: shipped language, is none of them: a voice hears the title of its article with it.
VAGUE = {
    "click", "click here", "details", "find out more", "here", "info", "learn more", "link", "more", "read",
    "read more", "see more", "this", "this link", "this page", "website",
    "här", "hemsida", "klicka", "klicka här", "läs", "läs mer", "läs mera", "länk", "mer", "mer info", "se mer",
    "klick", "hier", "mehr", "mehr lesen", "klik her", "her", "læs mere", "les mer", "klikk her", "ici",
    "cliquez ici", "en savoir plus", "klik hier", "lees meer", "meer", "aquí", "más", "leer más", "ver más", "qui",
    "clicca qui", "leggi di più", "leggi tutto", "tutaj", "więcej", "czytaj więcej", "siin", "loe lisaks", "tässä",
    "tästä", "täältä", "тут", "більше", "докладніше",
}  # fmt: skip

#: Pages that only somebody who is logged in, or works there, can open.
INTERNAL = re.compile(
    r"/wp-(?:admin|login)\b|[?&]preview(?:_id|_nonce)?=|[?&]p=\d+&preview|^https?://(?:staging|stage|dev|preprod)[.-]"
    r"|^https?://docs\.google\.com/.*/edit\b|^https?://[\w-]+-my\.sharepoint\.com/|^https?://mail\.google\.com/"
    r"|^https?://outlook\.(?:office|live)\.com/|^https?://(?:www\.)?dropbox\.com/home\b",
    re.IGNORECASE,
)
#: Services that stand between a mail or page that a link was copied from and where it leads.
WRAPPED = re.compile(
    r"^https?://(?:[\w-]+\.)?(?:safelinks\.protection\.outlook\.com|urldefense\.(?:com|proofpoint\.com)|list-manage\.com"
    r"|l\.facebook\.com|lm\.facebook\.com|links\.mail\.|click\.mailchimp\.com)(?:/|$)|^https?://(?:www\.)?google\.\w+/url\?",
    re.IGNORECASE,
)

#: Schemes of links that run something or read a disk.
SCRIPTS = {"javascript", "data", "vbscript", "file"}

#: How a picture is written that lies beside the issue.
LAID = "put it into assets/ without spaces in its name: ![what it shows](assets/picture.jpg)"

#: Brackets that were to be a link or a picture, with what stands between them, the wrong way round too.
_UNMADE = re.compile(
    r"!?\[[^\[\]\n]{0,200}\](?: (?=\((?:https?:|www\.)))?\(\s*(?:([a-z]{1,12}):)?[^)\n]{0,500}\)"
    r"|\([^()\n]{1,200}\)\[(?:https?:|www\.)[^\]\n]{1,500}\]",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what is wrong with the links."""
    told: set[Finding] = set()
    for finding in _every(proof):
        # Of a host that readers cannot reach, one finding tells all the lines.
        if finding.id != "link-private" or finding not in told:
            told.add(finding)
            yield finding


def _every(proof: Proof) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for link in proof.page.links:
        if (link.href, link.text) not in seen:
            seen.add((link.href, link.text))
            yield from _one(proof, link)
    base = proof.settings.letter.base_url
    for src in dict.fromkeys(picture.src for picture in proof.page.pictures):
        if re.match(r"https?://", src, re.IGNORECASE) and not src.startswith(base + "/"):
            yield from _web(proof, Link(src, "", True), proof.near(src))
    for found in _UNMADE.finditer(proof.page.text):
        yield from _unmade(proof, found[0], (found[1] or "").casefold())


def _unmade(proof: Proof, shown: str, scheme: str) -> Iterator[Finding]:
    """Yield a finding for Markdown that made no link, so that readers see its brackets."""
    place = proof.near(shown)
    if scheme in SCRIPTS:
        drawn = shown.startswith("!")
        what = f"a {scheme}: {'picture' if drawn else 'link'}; no mail may hold one"
        yield error("link-scheme", place, what, LAID if drawn else "link to a page on the web")
    elif shown.startswith("!"):
        what = f"this made no picture, and readers see its brackets: {shortened(shown)}"
        yield error("link-unmade", place, what, LAID)
    else:
        what = f"this made no link, and readers see its brackets: {shortened(shown)}"
        themed = "take them away: the words of a theme are plain text, and its links stand in its templates"
        remedy = "write it as [words](https://…), without spaces in the address"
        yield warning("link-unmade", place, what, themed if place.startswith("templates/") else remedy)


def _one(proof: Proof, link: Link) -> Iterator[Finding]:
    place = proof.near(link.href, link.text, beside=link.text)
    if not link.text and link.visible:
        remedy = "write what the link leads to, or describe its picture"
        yield error("link-empty", place, f"a link to {shortened(link.href)} has no text", remedy)
    if link.text.strip(" .»›→>").casefold() in VAGUE:
        what = f"a link says only “{link.text}”; whoever hears the links alone cannot tell where it leads"
        yield warning("link-vague", place, what, "let the words name what the link leads to")
    base = proof.settings.letter.base_url
    if link.href.startswith(proof.own) and not _beside(proof, link.href):
        yield _relative(proof, unquote(link.href.removeprefix(proof.own)), place)
    elif link.href.startswith(proof.own) and (kind := _otherwise(proof, link.href)):
        what = f"{shortened(_name(proof, link.href))} is {kind}, and no reader could open it"
        yield error(
            "link-document", place, what, "save the document itself there; a page may have come in its place"
        )
    elif link.href != base and not link.href.startswith(base + "/"):
        yield from _target(proof, link, place)


def _relative(proof: Proof, written: str, place: str) -> Finding:
    """Return what is told of a link to what readers cannot have: a file of another kind, one of no place, none."""
    what = f"a link is no complete address: {cited(shortened(written))}"
    remedy = "put it on the web, and write its whole address: https://…"
    if whole := _meant(written):
        remedy = f"write {whole}"
    elif written in proof.beside.names:
        what = f"readers are not given a file such as {shortened(written)} from beside the issue"
        remedy = "save it as PDF right in assets/, itself and no link to it, or put it on the web: https://…"
    elif written.startswith("assets/"):
        what = f"a link leads nowhere: the issue has no {shortened(written)}"
        remedy = f"lay the file into issues/{proof.issue.slug}/assets/, and mind capital letters and the ending"
    return error("link-relative", place, what, remedy)


def _meant(written: str) -> str:
    """Return the whole address of what only lacks its beginning, "" for the name of a file."""
    if re.fullmatch(r"[^\s@/]+@[^\s@/]+\.\w{2,}", written):
        return f"mailto:{written}"
    return f"https://{written}" if written.startswith("www.") or clicks.ADDRESS.fullmatch(written) else ""


def _name(proof: Proof, href: str) -> str:
    """Return the name, within the issue's folder, of the file that a link leads to."""
    return unquote(href.removeprefix(proof.own).partition("#")[0].partition("?")[0])


def _beside(proof: Proof, href: str) -> bool:
    """Whether readers are given the file beside the issue that a link leads to, as far as the gate was told."""
    return proof.beside.size is None or proof.beside.size(_name(proof, href)) is not None


def _otherwise(proof: Proof, href: str) -> str:
    """Return what a document beside the issue is that is not what its name says, "" for others."""
    return proof.beside.otherwise(_name(proof, href)) if proof.beside.otherwise else ""


def _target(proof: Proof, link: Link, place: str) -> Iterator[Finding]:
    href, shown = link.href, shortened(link.href)
    scheme = href.partition(":")[0].casefold() if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href) else ""
    if INVISIBLE.search(unquote(href)):
        what = f"a link holds an invisible character: {shown}"
        yield warning("link-invisible", place, what, "write the link again instead of pasting it")
    if scheme in {"mailto", "tel"}:
        yield from _contact(href, scheme, place, proof.settings.public)
        return
    if href.startswith("#") and any(element.attributes.get("id") == href[1:] for element in proof.page.elements):
        return
    if scheme in SCRIPTS:
        what = f"a {scheme}: link; mail programs block it"
        yield error("link-scheme", place, what, "link to a page on the web")
    elif scheme not in {"http", "https"}:
        what = f"a link is no complete address: {cited(shown)}" if href else "a link leads nowhere"
        yield error("link-relative", place, what, "write the whole address, beginning with https://")
    else:
        yield from _web(proof, link, place)


def _contact(href: str, scheme: str, place: str, public: bool) -> Iterator[Finding]:
    """Yield an error for a mail address or telephone number that is none, or reaches nobody in public."""
    target = unquote(href.partition(":")[2].partition("?")[0])
    good = (
        all(re.fullmatch(r"\s*[^\s@,<>]+@[^\s@,<>]+\.[^\s@,<>.]{2,}\s*", one) for one in target.split(","))
        if scheme == "mailto"
        else re.fullmatch(r"[+\d][\d\s().-]{2,}(?:;.*)?", target)
    )
    # mailto:?subject=… opens a mail to nobody yet, to pass the letter on.
    if not good and not (scheme == "mailto" and not target and "?" in href):
        what = f"this is no {'mail address' if scheme == 'mailto' else 'telephone number'}: {shortened(href)}"
        yield error("link-broken", place, what, f"write it as {_CONTACTS[scheme]}")
    for one in target.split(",") if public and scheme == "mailto" else ():
        if RESERVED.search(host := one.rpartition("@")[2].strip().casefold()):
            what = f"a link writes to {shortened(one)}, and {host} is a name that is reserved for examples"
            yield error("link-example", place, what, "write the real address")


_CONTACTS = {"mailto": "mailto:name@example.se", "tel": "tel:+4681234567"}


def _web(proof: Proof, link: Link, place: str) -> Iterator[Finding]:
    href, shown, public = link.href, shortened(link.href), proof.settings.public
    host = host_of(href)
    doubled = re.match(r"https?://https?[:/]", href, re.IGNORECASE)
    if doubled or not (_HOST.fullmatch(host) or _private(host) or _number(host)) or re.search(r"\s|…|%20$", href):
        yield error(
            "link-broken", place, f"this is no web address: {shown}", "write it as https://example.se/page"
        )
        return
    if urlsplit(href).username is not None:
        what = f"a link carries a user name before its host: {shown}"
        yield error("link-user", place, what, f"leave out everything before {host}")
    if _private(host) or _number(host):
        yield _unreachable(proof, href, host, place)
    elif href.casefold().startswith("http:"):
        what = f"the link to {shown} is not encrypted"
        yield graded(public, "link-http", place, what, "write https:// if that page answers there")
    yield from _example(proof, host, place)
    if host in SHORTENERS:
        what = f"{host} hides where the link leads; spam filters distrust it"
        yield warning("link-shortener", place, what, "link to the page itself")
    yield from _disguise(link, host, place)
    yield from _copied(href, place)


def _unreachable(proof: Proof, href: str, host: str, place: str) -> Finding:
    """Return a finding for a host that readers cannot reach: the same for all the links to it in the issue."""
    own = host in proof.known_hosts() and not proof.settings.public
    kind = "is on this machine or network" if _private(host) else "is a bare number"
    what = f"the host of {shortened(href)} {kind}; readers get nowhere"
    if len(lines := proof.leading(host)) > 1:
        place = f"{proof.issue.path}:{lines[0]}"
        what = f"{host} {kind}; readers get nowhere from {len(lines)} lines: {several(map(str, lines))}"
    return graded(not own, "link-private", place, what, "link to the page's public address, by its name")


def _copied(href: str, place: str) -> Iterator[Finding]:
    """Warn of addresses as they come out of a sentence, a mail or an editor's own browser."""
    shown = shortened(href)
    if re.search(r"[.,;:!”“\"'»>]$|(?<![(\w/=-])\)$", href) or (href.endswith(")") and "(" not in href):
        what = f"a link ends with a mark of the sentence: {shown}"
        yield warning("link-punctuation", place, what, f"leave out the last character, “{href[-1]}”")
    if INTERNAL.search(href):
        what = f"{shown} opens for those who work there, and for no reader"
        yield warning("link-internal", place, what, "link to the published page")
    if WRAPPED.search(href):
        what = f"{shown} was copied out of a mail or a search, and leads through a service that counts clicks"
        yield warning("link-wrapped", place, what, "open it, and use the address where it ends")


def _example(proof: Proof, host: str, place: str) -> Iterator[Finding]:
    """Yield a finding for a host that is reserved for examples, graver the likelier it was left by mistake."""
    forgotten = host == "example.com" or host.endswith(".example.com")
    if RESERVED.search(host) and (proof.settings.public or (forgotten and host not in proof.known_hosts())):
        what = f"a link leads to {host}, a name that is reserved for examples"
        yield error("link-example", place, what, "link to the real page")


def _disguise(link: Link, host: str, place: str) -> Iterator[Finding]:
    """Yield an error if the text reads as one host while the link leads to another."""
    # A text longer than any address is words.
    found = clicks.ADDRESS.fullmatch(link.text.strip()) if len(link.text) <= 300 else None
    shown = (found[1] or found[2]).casefold().removeprefix("www.") if found else ""
    plain = host.removeprefix("www.")
    if shown and "@" not in link.text and plain != shown and not plain.endswith(f".{shown}"):
        what = f"the text says {shown} and the link leads to {host}; that is how phishing looks"
        yield error("link-disguised", place, what, "let both say the same, or write words instead of an address")
    elif re.match(r"https?://", link.text) and _path(link.text) != _path(link.href):
        what = f"the text says {shortened(link.text)} and the link leads to another page there"
        yield warning("link-disguised", place, what, "let both say the same, or write words instead of an address")


def _path(address: str) -> str:
    """Return what of an address a reader would compare; a text that is cut short says enough."""
    try:
        return unquote(urlsplit(address.rstrip("…")).path).rstrip("/").casefold()
    except ValueError:
        return ""


def _private(host: str) -> bool:
    """Whether a host is on this machine or in a private network, as far as its name tells."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _number(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
