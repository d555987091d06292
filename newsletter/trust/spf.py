"""Whether a domain lets a host send mail in its name (RFC 7208). Asks DNS through *lookup* only.

Of the macros those are filled in that the address and the domains tell. Terms that ask more, such as the sender's
name or ``ptr``, cannot be tried from here: where they might have decided, the result is "unknown".
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from newsletter.errors import cited

#: Returns the records of a name: its texts for TXT, its hosts for MX, its addresses for A and AAAA.
Lookup: TypeAlias = Callable[[str, str], tuple[str, ...]]
IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

#: RFC 7208 section 4.6.4: a record that costs more look-ups, or more of them in vain, is an error for receivers.
MOST, VAIN = 10, 2

#: No host has these addresses (RFC 7600, RFC 1112 section 4): a record is read to its end for them.
NOBODIES = ("192.0.0.8", "240.0.0.1")

_LENGTH = r"(?:0|[1-9]\d{0,2})"
_TERM = re.compile(
    rf"([+?~-]?)(all|include|a|mx|ip4|ip6|exists|ptr)(?::(.*?))?((?:/{_LENGTH})?(?://{_LENGTH})?)",
    re.IGNORECASE | re.ASCII,
)
_MODIFIER = re.compile(r"([a-z][a-z0-9._-]*)=(.*)", re.IGNORECASE | re.ASCII)
_MACRO = re.compile(r"%(?:\{([slodiphv])(0*[1-9]\d{0,2})?(r?)([.+,/_=-]*)\}|([%_-]))", re.IGNORECASE | re.ASCII)
_TOP = re.compile(r"(?=.*[a-z-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE | re.ASCII)
_RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_PLAIN = {"%": "%", "_": " ", "-": "%20"}


class SpfError(Exception):
    """The record cannot be used; the text says why, and what to do (RFC 7208 section 2.6.7, permerror)."""


class Term(NamedTuple):
    """A mechanism: what it means if it matches, its name, what stands behind it."""

    result: str
    name: str
    target: str
    cidr: str


def records(lookup: Lookup, domain: str) -> tuple[str, ...]:
    """Return the SPF records of *domain*; there must be one."""
    return tuple(text for text in lookup(domain, "TXT") if f"{text} ".lower().startswith("v=spf1 "))


def joined(texts: Sequence[str]) -> str:
    """Return one record that says what several say; for all others ~all, unless they are of one mind."""
    terms = list(dict.fromkeys(term for text in sorted(texts) for term in text.split()[1:]))
    last = [term for term in terms if term.lower().lstrip("+-~?") == "all"]
    others = [term for term in terms if term not in last]
    return " ".join(["v=spf1", *others, last[0] if len(last) == 1 else "~all"])


def check(lookup: Lookup, domain: str, address: str) -> str:
    """Return pass, fail, softfail, neutral, none or unknown for a host with this *address*. Raise SpfError."""
    found = ipaddress.ip_address(address)
    # An IPv4 address that is written as one of IPv6 counts as what it is (section 5).
    return _Check(lookup, getattr(found, "ipv4_mapped", None) or found, domain).domain(domain)


@dataclass(slots=True)
class _Check:
    lookup: Lookup
    address: IP
    origin: str
    count: int = 0
    vain: list[str] = field(default_factory=list)
    unknown: bool = False

    def domain(self, domain: str) -> str:
        found = records(self.lookup, domain)
        if len(found) > 1:
            raise SpfError(f"{domain} has {len(found)} SPF records, and may have one; join them into one")
        if not found:
            return "none"
        terms, redirect = _parse(found[0], domain)
        for term in terms:
            if self._matches(term, domain):
                return "unknown" if self.unknown and term.result != "pass" else term.result
        if redirect:
            return self._redirected(redirect, domain)
        return "unknown" if self.unknown else "neutral"

    def _redirected(self, redirect: str, domain: str) -> str:
        self._spend(f"redirect={redirect}", domain)
        target = self._expand(redirect, domain)
        if not target:
            return "unknown"
        found = self.domain(target)
        if found == "none":
            raise SpfError(f"the SPF record of {domain} leads on to {target}, which has none; leave redirect= out")
        return found

    def _matches(self, term: Term, domain: str) -> bool:
        match term.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return self.address in ipaddress.ip_network(term.target + term.cidr, strict=False)
        self._spend(f"{term.name}:{term.target}".rstrip(":"), domain)
        target = self._expand(term.target, domain) if term.target else domain
        if not target or term.name == "ptr":
            self.unknown = True
            return False
        match term.name:
            case "include":
                found = self.domain(target)
                if found == "none":
                    raise SpfError(
                        f"the SPF record of {domain} includes {target}, which has none; leave include:{target} out"
                    )
                return found == "pass"
            case "a":
                return self._hosted([target], term.cidr)
            case "mx":
                hosts = [host for host in self.lookup(target, "MX") if host]
                if not hosts:
                    self._waste(target)
                if len(hosts) > MOST:
                    raise SpfError(
                        f"the SPF record of {domain} asks for the MX records of {target}, which are {len(hosts)}; "
                        f"more than {MOST} are an error for every receiver; name addresses (ip4:, ip6:) instead"
                    )
                return self._hosted(hosts, term.cidr)
            case _:
                there = bool(self.lookup(target, "A"))
                # Nobody's address is in no such list.
                if not there and "%" not in term.target:
                    self._waste(target)
                return there

    def _hosted(self, hosts: Sequence[str], cidr: str) -> bool:
        four, _, six = cidr.partition("//")
        length = four.strip("/") if self.address.version == 4 else six
        kinds = ("A", "AAAA") if self.address.version == 4 else ("AAAA", "A")
        for host in hosts:
            addresses = self.lookup(host, kinds[0])
            if not addresses and not self.lookup(host, kinds[1]):
                self._waste(host)
            for found in addresses:
                network = ipaddress.ip_network(f"{found}/{length}" if length else found, strict=False)
                if self.address in network:
                    return True
        return False

    def _expand(self, text: str, domain: str) -> str:
        """Return *text* with its macros filled in (RFC 7208 section 7); "" if that cannot be told from here."""
        four = self.address.version == 4
        each = str(self.address) if four else ".".join(self.address.exploded.replace(":", ""))
        known = {"d": domain, "o": self.origin, "i": each, "v": "in-addr" if four else "ip6"}
        made, end = "", 0
        for found in _MACRO.finditer(text):
            letter, digits, backwards, marks, plain = found.groups()
            made, end = made + text[end : found.start()], found.end()
            if plain:
                made += _PLAIN[plain]
            elif letter.lower() not in known:
                return ""
            else:
                parts = re.split(f"[{re.escape(marks or '.')}]", known[letter.lower()])
                parts = parts[::-1] if backwards else parts
                made += ".".join(parts[-int(digits or 0) :])
        return made + text[end:]

    def _spend(self, on: str, domain: str) -> None:
        self.count += 1
        if self.count > MOST:
            raise SpfError(
                f"the SPF record needs more than {MOST} look-ups, which is an error for every receiver; the first "
                f"that is too many is {on} in that of {domain}; leave out what nobody needs, or name addresses "
                "(ip4:, ip6:) in place of an include:"
            )

    def _waste(self, name: str) -> None:
        self.vain.append(name)
        if len(self.vain) > VAIN:
            raise SpfError(
                f"the SPF record asks for {', '.join(self.vain)}, which are not there: more than {VAIN} such "
                "names are an error for many receivers; leave them out"
            )


def _parse(text: str, domain: str) -> tuple[list[Term], str]:
    """Return the mechanisms of a record, and where it leads on. Raise SpfError for what nobody understands.

    One such term makes the whole record void, wherever it stands (RFC 7208 section 4.6).
    """
    terms, said = [], dict[str, str]()
    for part in text.split(" ")[1:]:
        if modifier := _MODIFIER.fullmatch(part):
            name, value = modifier[1].lower(), modifier[2]
            leads = name in ("redirect", "exp")
            if leads and name in said:
                raise SpfError(f"the SPF record of {domain} has two {name}=, and may have one; leave one out")
            sound = _is_name(value) if leads else _is_value(value)
            said[name] = value
        elif known := _TERM.fullmatch(part):
            term = Term(_RESULTS[known[1] or "+"], known[2].lower(), known[3] or "", known[4])
            if meant := _meant(term):
                raise SpfError(
                    f"the SPF record of {domain} holds {cited(part)}, which names no host; write {meant}"
                )
            sound = known[3] != "" and _sound(term)
            terms.append(term)
        elif part:
            raise SpfError(f"the SPF record of {domain} holds {cited(part)}, which nobody understands; mend it")
        else:
            sound = True
        if not sound:
            raise SpfError(f"the SPF record of {domain} holds {cited(part)}, no address or name; mend it")
    return terms, said.get("redirect", "")


def _meant(term: Term) -> str:
    """Return the term of an address that stands where a host is named, as in a:192.0.2.1; "" if none does."""
    try:
        version = 0 if term.name in ("ip4", "ip6") else ipaddress.ip_address(term.target).version
    except ValueError:
        version = 0
    return f"ip{version}:{term.target}{term.cidr}" if version else ""


def _sound(term: Term) -> bool:
    """Whether what stands behind a term can be what it needs."""
    if term.name in ("ip4", "ip6"):
        try:
            address = ipaddress.ip_address(term.target)
            return f"ip{ipaddress.ip_network(f'{address}{term.cidr}', strict=False).version}" == term.name
        except ValueError:
            return False
    four, _, six = term.cidr.partition("//")
    if term.name in ("a", "mx"):
        fits = int(four.strip("/") or 0) <= 32 and int(six or 0) <= 128
        return fits and (not term.target or _is_name(term.target))
    if term.name == "all" or (term.name == "ptr" and not term.target):
        return not term.target and not term.cidr
    return not term.cidr and _is_name(term.target)


def _is_value(text: str) -> bool:
    """Whether *text* can stand in a record, each of its macros understood (section 7.1)."""
    return re.fullmatch("[!-~]*", text) is not None and "%" not in _MACRO.sub(" ", text)


def _is_name(text: str) -> bool:
    """Whether *text* names a domain: its last label is no number, or ends with a macro (section 7.1)."""
    labels = _MACRO.sub(" ", text).removesuffix(".").split(".")
    ends = labels[-1].endswith(" ") or (len(labels) > 1 and _TOP.fullmatch(labels[-1]))
    return _is_value(text) and bool(ends) and all(0 < len(label) < 64 for label in labels)
