"""Judge whether receivers will believe mail from a domain: SPF, DKIM, DMARC, MX and PTR, in an operator's words.

Each finding names the record to add where one is missing. Asks DNS through *lookup* only. Sources: RFC 7208 (SPF),
RFC 6376 (DKIM), RFC 7489 (DMARC), RFC 1912 section 2.1 (PTR); large receivers ask for all of it.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter import spf
from newsletter.errors import TryAgainError
from newsletter.spf import Lookup


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record as an operator adds it."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, how it is (ok, warning, error), what that means, and the record that mends it."""

    name: str
    state: str
    message: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends. *domain* is that of From, *bounces* that of the envelope sender, both as DNS writes them.

    *keys* are the texts of the DKIM records by their names, *signer* the domain that signs, or ""; *hosts* are the
    servers of the routes that are not on this machine.
    """

    domain: str
    bounces: str
    signer: str
    keys: Mapping[str, str]
    hosts: Sequence[str]


def judge(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    """Yield what DNS says of *sender*, also where it does not answer (*lookup* raises TryAgainError)."""
    looks = {"mx": _mx, "spf": _spf, "dkim": _dkim, "dmarc": _dmarc, "ptr": _ptr}
    for name, look in looks.items():
        try:
            yield from look(sender, lookup)
        except TryAgainError as error:
            yield Verdict(name, "warning", str(error))


def aligned(one: str, other: str) -> bool:
    """Whether two domains count as one for DMARC: the same, or one below the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _mx(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    for domain in dict.fromkeys((sender.domain, sender.bounces)):
        hosts = lookup(domain, "MX")
        if hosts and hosts != ("",):
            yield Verdict("mx", "ok", f"mail to {domain} goes to {hosts[0]}")
        elif hosts:
            yield Verdict("mx", "error", f"{domain} says that it takes no mail: answers and bounces are lost")
        elif lookup(domain, "A") or lookup(domain, "AAAA"):
            what = f"{domain} has no MX record; some servers then deliver to its web server, some refuse its mail"
            yield Verdict("mx", "warning", what, Record(domain, "MX", f"10 mail.{sender.domain}."))
        else:
            lost = "bounces" if domain == sender.bounces else "answers"
            what = f"{domain} takes no mail: {lost} are lost, and many servers refuse what comes from there"
            yield Verdict("mx", "error", what, Record(domain, "MX", f"10 mail.{sender.domain}."))


def _spf(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    domain, found = sender.bounces, spf.records(lookup, sender.bounces)
    wanted = " ".join(["v=spf1", *(f"a:{host}" for host in sender.hosts), "~all"])
    hint = "; a relay may name an include: for its servers instead" if sender.hosts else ""
    if not found:
        what = f"{domain} does not say who may send mail for it{hint}"
        yield Verdict("spf", "error", what, Record(domain, "TXT", wanted))
        return
    if re.search(r"\s\+?all\b", found[0]):
        what = f"{domain} lets everybody send in its name, so nobody believes it"
        yield Verdict("spf", "error", what, Record(domain, "TXT", re.sub(r"\+?all\b", "~all", found[0])))
        return
    try:
        left_out = [host for host in sender.hosts if not _may_send(lookup, domain, host)]
    except spf.SpfError as error:
        yield Verdict("spf", "error", f"{error}; join them into one" if "has 2" in str(error) else str(error))
        return
    if left_out:
        more = found[0].replace("v=spf1", " ".join(["v=spf1", *(f"a:{host}" for host in left_out)]), 1)
        what = f"{domain} does not let {' and '.join(left_out)} send for it{hint}"
        yield Verdict("spf", "warning", what, Record(domain, "TXT", more))
    else:
        yield Verdict("spf", "ok", f"{domain} lets its servers send: {found[0]}")
    if not aligned(domain, sender.domain):
        what = f"bounces go to {domain}, which is no part of {sender.domain}: SPF does not count for DMARC"
        yield Verdict("spf", "warning", what)


def _may_send(lookup: Lookup, domain: str, host: str) -> bool:
    """Whether every address of *host* may send for *domain*; a host without any is told elsewhere."""
    addresses = _addresses(lookup, host)
    return all(spf.check(lookup, domain, address) == "pass" for address in addresses)


def _dkim(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    if not sender.keys:
        what = "no mail is signed by us, so readers must trust your server for it; run `newsletter dkim init`"
        yield Verdict("dkim", "warning", what)
        return
    for name, text in sender.keys.items():
        found = [one for one in lookup(name, "TXT") if "p=" in one]
        if not found:
            what = f"the key that signs is not published, so no signature verifies: {name} has no TXT record"
            yield Verdict("dkim", "error", what, Record(name, "TXT", text))
        elif all(_key(one) != _key(text) for one in found):
            what = f"{name} publishes another key than the one that signs, so no signature verifies"
            yield Verdict("dkim", "error", what, Record(name, "TXT", text))
        else:
            yield Verdict("dkim", "ok", f"{name} publishes the key that signs")
    if not aligned(sender.signer, sender.domain):
        what = f"{sender.signer} signs, which is no part of {sender.domain}: DKIM does not count for DMARC"
        yield Verdict("dkim", "error", f"{what}; set domain in [dkim] to {sender.domain}")


def _key(text: str) -> str:
    found = re.search(r"(?:^|;)\s*p=([^;]*)", text)
    return re.sub(r"\s", "", found[1]) if found else ""


def _dmarc(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    name, found = _policy(lookup, sender.domain)
    wanted = Record(f"_dmarc.{sender.domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{sender.domain}")
    if not found:
        what = f"{sender.domain} has no DMARC record, which large receivers ask of whoever sends to many"
        yield Verdict("dmarc", "error", what, wanted)
        return
    if len(found) > 1:
        yield Verdict("dmarc", "error", f"{name} has {len(found)} DMARC records, and may have one: none counts")
        return
    policy = re.search(r";\s*p\s*=\s*(none|quarantine|reject)\b", found[0], re.IGNORECASE)
    if not policy:
        yield Verdict("dmarc", "error", f"{name} says no policy (p=), so it does not count: {found[0]}", wanted)
        return
    strict = re.search(r";\s*aspf\s*=\s*s", found[0]) and sender.bounces != sender.domain
    if strict and not sender.keys:
        what = f"{name} is strict (aspf=s), and bounces go to another domain: letters will look forged"
        yield Verdict("dmarc", "error", what)
        return
    yield Verdict("dmarc", "ok", f"{name} says p={policy[1].lower()}")


def _policy(lookup: Lookup, domain: str) -> tuple[str, list[str]]:
    """Return the name of the DMARC record that counts for *domain*, and its texts: the nearest above it."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        found = [text for text in lookup(name, "TXT") if re.match(r"v\s*=\s*DMARC1\b", text)]
        if found:
            return name, found
    return f"_dmarc.{domain}", []


def _ptr(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    for host in sender.hosts:
        addresses = _addresses(lookup, host)
        if not addresses:
            yield Verdict("ptr", "error", f"{host} has no address: nothing can be sent through it")
        for address in addresses:
            yield _reverse(host, address, lookup)


def _reverse(host: str, address: str, lookup: Lookup) -> Verdict:
    pointer = ipaddress.ip_address(address).reverse_pointer
    names = lookup(pointer, "PTR")
    if any(address in _addresses(lookup, name) for name in names):
        return Verdict("ptr", "ok", f"{address} is {names[0]}, both ways")
    if names:
        what = f"{address} says that it is {names[0]}, which says otherwise; some receivers refuse that"
    else:
        what = f"{address} has no name (PTR); many receivers refuse mail from such a server"
    remedy = "; whoever runs that address adds the record, if mail leaves from there"
    return Verdict("ptr", "warning", what + remedy, Record(pointer, "PTR", f"{host}."))


def _addresses(lookup: Lookup, host: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return [str(ipaddress.ip_address(one)) for one in (*lookup(host, "A"), *lookup(host, "AAAA"))]
