"""Whether a domain lets a host send mail in its name (RFC 7208). Asks DNS through *lookup* only.

Macros, ``exists`` and ``ptr`` are taken as no match: they are rare, and no reason to worry an operator.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from newsletter.errors import cited

#: Returns the records of a name: its texts for TXT, its hosts for MX, its addresses for A and AAAA.
Lookup: TypeAlias = Callable[[str, str], tuple[str, ...]]
IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

#: RFC 7208 section 4.6.4: a record that costs more look-ups is an error for every receiver.
MOST = 10

_TERM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ip4|ip6|exists|ptr)(?:[:](.*?))?((?:/\d+){0,2}(?://\d+)?)", re.IGNORECASE
)
_RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class SpfError(Exception):
    """The record cannot be used; the text says why (RFC 7208 section 2.6.7, permerror)."""


def records(lookup: Lookup, domain: str) -> tuple[str, ...]:
    """Return the SPF records of *domain*; there must be one."""
    return tuple(text for text in lookup(domain, "TXT") if text == "v=spf1" or text.startswith("v=spf1 "))


def check(lookup: Lookup, domain: str, address: str) -> str:
    """Return pass, fail, softfail, neutral or none for a host with this *address*. Raise SpfError."""
    return _Check(lookup, ipaddress.ip_address(address)).domain(domain)


@dataclass(slots=True)
class _Check:
    lookup: Lookup
    address: IP
    count: int = field(default=0)

    def domain(self, domain: str) -> str:
        found = records(self.lookup, domain)
        if len(found) > 1:
            raise SpfError(f"{domain} has {len(found)} SPF records, and may have one")
        if not found:
            return "none"
        redirect = ""
        for term in found[0].split()[1:]:
            if term.lower().startswith("redirect="):
                redirect = term[len("redirect=") :]
                continue
            if re.match(r"[a-z][a-z0-9._-]*=", term, re.IGNORECASE):
                continue
            known = _TERM.fullmatch(term)
            if not known:
                raise SpfError(f"the SPF record of {domain} holds {cited(term)}, which nobody understands")
            if self._matches(known[2].lower(), known[3] or "", known[4], domain):
                return _RESULTS[known[1] or "+"]
        if redirect:
            self._spend()
            return self.domain(redirect)
        return "neutral"

    def _matches(self, name: str, target: str, cidr: str, domain: str) -> bool:
        match name:
            case "all":
                return True
            case "ip4" | "ip6":
                try:
                    return self.address in ipaddress.ip_network(target + cidr, strict=False)
                except ValueError:
                    raise SpfError(
                        f"the SPF record of {domain} holds {cited(target + cidr)}, no address"
                    ) from None
            case "include":
                self._spend()
                found = self.domain(target)
                if found == "none":
                    raise SpfError(f"the SPF record of {domain} includes {target}, which has none")
                return found == "pass"
            case "a":
                self._spend()
                return self._hosted([target or domain], cidr)
            case "mx":
                self._spend()
                return self._hosted(self.lookup(target or domain, "MX")[:MOST], cidr)
            case _:
                self._spend()
                return False

    def _hosted(self, hosts: list[str] | tuple[str, ...], cidr: str) -> bool:
        four, _, six = cidr.partition("//")
        length = four.strip("/") if self.address.version == 4 else six
        kind = "A" if self.address.version == 4 else "AAAA"
        for host in hosts:
            for found in self.lookup(host, kind):
                network = ipaddress.ip_network(f"{found}/{length}" if length else found, strict=False)
                if self.address in network:
                    return True
        return False

    def _spend(self) -> None:
        self.count += 1
        if self.count > MOST:
            raise SpfError(f"the SPF record needs more than {MOST} look-ups, which is an error for every receiver")
