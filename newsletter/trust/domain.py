"""Judge whether receivers will believe mail from a domain: SPF, DKIM, DMARC, MX and PTR, in an operator's words.

Each finding names the record to add where one is missing. Asks DNS through *lookup* only. Sources: RFC 7208 (SPF),
RFC 6376 (DKIM), RFC 7489 (DMARC), RFC 1912 section 2.1 (PTR); large receivers ask for all of it.
"""

import ipaddress
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import TryAgainError, cited
from newsletter.trust import dmarc, spf, taglist
from newsletter.trust.spf import Lookup

#: So much of a record that is no key is shown.
LISTED = 60

#: What is left around a record that was pasted with its quotes.
QUOTES = "\"'“” \t"


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


def _akin(lookup: Lookup, one: str, other: str) -> bool:
    """Whether two domains count as one for DMARC, also because both are below one that has a policy."""
    if aligned(one, other):
        return True
    labels = zip(reversed(one.split(".")), reversed(other.split(".")), strict=False)
    shared = [left for left, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], labels)]
    return len(shared) > 1 and bool(_policy(lookup, ".".join(reversed(shared)))[1])


def _mx(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    for domain in dict.fromkeys((sender.domain, sender.bounces)):
        hosts = lookup(domain, "MX")
        lost = "bounces" if domain == sender.bounces else "answers"
        if any(hosts):
            yield _hosts(domain, hosts, lost, lookup)
        elif hosts:
            yield Verdict("mx", "error", f"{domain} says that it takes no mail: answers and bounces are lost")
        elif lookup(domain, "A") or lookup(domain, "AAAA"):
            what = f"{domain} has no MX record; some servers then deliver to its web server, some refuse its mail"
            yield Verdict("mx", "warning", what, Record(domain, "MX", f"10 mail.{sender.domain}."))
        else:
            what = f"{domain} takes no mail: {lost} are lost, and many servers refuse what comes from there"
            yield Verdict("mx", "error", what, Record(domain, "MX", f"10 mail.{sender.domain}."))


def _hosts(domain: str, hosts: Sequence[str], lost: str, lookup: Lookup) -> Verdict:
    """Judge where mail to *domain* goes: an MX record names a host with an address, not an alias of it.

    Source: RFC 5321 section 5.1, RFC 2181 section 10.3; RFC 7505 section 3 for the one that says no host.
    """
    if "" in hosts:
        what = f"one of the MX records of {domain} says that it takes no mail (a dot), the others that it does"
        return Verdict("mx", "warning", f"{what}: each server reads that in its own way; leave that one out")
    there = [host for host in hosts if lookup(host, "A") or lookup(host, "AAAA")]
    for host in there:
        if names := lookup(host, "CNAME"):
            what = f"mail to {domain} goes to {host}, which is an alias (CNAME): some servers do not go there"
            return Verdict("mx", "warning", f"{what}; name {names[0]} in the MX record instead")
    if len(there) == len(hosts):
        return Verdict("mx", "ok", f"mail to {domain} goes to {hosts[0]}")
    missing = next(host for host in hosts if host not in there)
    remedy = f"add its A record, or let the MX record of {domain} name another host"
    if there:
        what = f"mail to {domain} goes to {there[0]}, but {missing} in its MX has no address; {remedy}"
        return Verdict("mx", "warning", what)
    return Verdict(
        "mx", "error", f"mail to {domain} goes to {missing}, which has no address: {lost} are lost; {remedy}"
    )


def _spf(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    domain, found = sender.bounces, spf.records(lookup, sender.bounces)
    if not found:
        yield _no_spf(sender, lookup)
        return
    if len(found) > 1:
        what = f"{domain} has {len(found)} SPF records, and may have one: none counts; join them into one"
        yield Verdict("spf", "error", what, Record(domain, "TXT", spf.joined(found)))
        return
    if re.search(r"\s\+?all(?!\S)", found[0], re.IGNORECASE):
        what = f"{domain} lets everybody send in its name, so nobody believes it"
        mended = re.sub(r"(?<=\s)\+?all(?!\S)", "~all", found[0], flags=re.IGNORECASE)
        unnamed = [host for host in sender.hosts if host.lower() not in found[0].lower()]
        yield Verdict("spf", "error", what, Record(domain, "TXT", _more(mended, unnamed)))
        return
    try:
        open_to_all = all(spf.check(lookup, domain, address) == "pass" for address in spf.NOBODIES)
        left_out = [host for host in sender.hosts if not _may_send(lookup, domain, host)]
    except spf.SpfError as error:
        yield Verdict("spf", "error", str(error))
        return
    if open_to_all:
        what = f"{domain} lets everybody send in its name, so nobody believes it: {found[0]}"
        yield Verdict("spf", "error", f"{what}; one of its terms, or of what it includes, lets every address")
    elif left_out:
        what = f"{domain} does not let {' and '.join(left_out)} send for it{_hint(sender)}"
        yield Verdict("spf", "warning", what, Record(domain, "TXT", _more(found[0], left_out)))
    else:
        yield Verdict("spf", "ok", f"{domain} lets its servers send: {found[0]}")
    if not _akin(lookup, domain, sender.domain):
        what = f"bounces go to {domain}, which is no part of {sender.domain}: SPF does not count for DMARC"
        yield Verdict("spf", "warning", what)


def _more(text: str, hosts: Sequence[str]) -> str:
    """Return an SPF record that lets *hosts* send, too."""
    return " ".join(["v=spf1", *(f"a:{host}" for host in hosts)]) + text[len("v=spf1") :]


def _no_spf(sender: Sender, lookup: Lookup) -> Verdict:
    """Return what to tell where no record counts: there is none, or it begins with something else."""
    domain = sender.bounces
    near = [text for text in lookup(domain, "TXT") if re.search(r"v\s*=\s*spf1(?!\d)", text, re.IGNORECASE)]
    if near:
        what = f"{domain} says {cited(near[0])}; it does not begin with v=spf1 and a space, so it does not count"
        mended = re.sub(r"^.*?v\s*=\s*spf1\s*", "v=spf1 ", near[0], count=1, flags=re.IGNORECASE)
        return Verdict("spf", "error", what, Record(domain, "TXT", mended.strip(QUOTES)))
    wanted = " ".join(["v=spf1", *(f"a:{host}" for host in sender.hosts), "~all"])
    what = f"{domain} does not say who may send mail for it{_hint(sender)}"
    return Verdict("spf", "error", what, Record(domain, "TXT", wanted))


def _hint(sender: Sender) -> str:
    return "; a relay may name an include: for its servers instead" if sender.hosts else ""


def _may_send(lookup: Lookup, domain: str, host: str) -> bool:
    """Whether every address of *host* may send for *domain*; a host without any is told elsewhere.

    Where it cannot be told from here, as with some macros, nobody is worried.
    """
    addresses = _addresses(lookup, host)
    return all(spf.check(lookup, domain, address) in ("pass", "unknown") for address in addresses)


def _dkim(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    if not sender.keys:
        what = "no mail is signed by us, so readers must trust your server for it; run `newsletter dkim init`"
        yield Verdict("dkim", "warning", what)
        return
    for name, text in sender.keys.items():
        said = lookup(name, "TXT")
        found = [one for one in said if "p" in taglist.read(one)]
        if said and not found:
            what = f"{name} says {cited(said[0][:LISTED])}, which is no key (p=), so no signature verifies"
            yield Verdict("dkim", "error", what, Record(name, "TXT", text))
        elif fault := _wrong(name, found, text):
            yield Verdict("dkim", "error", fault, Record(name, "TXT", text))
        elif "y" in taglist.read(found[0]).get("t", "").split(":"):
            what = f"{name} says that it is only a test (t=y): receivers may take letters for unsigned"
            yield Verdict("dkim", "warning", what, Record(name, "TXT", text))
        else:
            yield Verdict("dkim", "ok", f"{name} publishes the key that signs")
    if not _akin(lookup, sender.signer, sender.domain):
        what = f"{sender.signer} signs, which is no part of {sender.domain}: DKIM does not count for DMARC"
        yield Verdict("dkim", "error", f"{what}; set domain in [dkim] to {sender.domain}")


def _wrong(name: str, found: Sequence[str], text: str) -> str:
    """Return why no signature verifies by the records *found* at *name*, where *text* should be; "" if it does."""
    if not found:
        return f"the key that signs is not published, so no signature verifies: {name} has no TXT record"
    if len(found) > 1:
        return f"{name} has {len(found)} keys, and may have one: receivers take any of them; leave only this one"
    tags, wanted = taglist.read(found[0]), taglist.read(text)
    if not tags["p"]:
        return f"{name} has taken its key back (p= is empty), so no signature verifies"
    if tags["p"] != wanted["p"]:
        return f"{name} publishes another key than the one that signs, so no signature verifies"
    if fault := _misread(found[0], tags, wanted):
        return f"{name} publishes the key that signs, but {fault}, so no signature verifies"
    return ""


def _misread(text: str, tags: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """Return what keeps receivers from using a key (RFC 6376 section 3.6.1), or ""."""
    if "\\" in text:
        return "there are backslashes in it"
    if name := taglist.twice(text):
        return f"{name}= stands there twice"
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
        return "it does not begin with v=DKIM1"
    kind = tags.get("k", "rsa")
    if kind != wanted.get("k", "rsa"):
        return f"as one of another kind (k={kind})"
    if "sha256" not in tags.get("h", "sha256").split(":"):
        return f"not for sha256 (h={tags['h']})"
    if not {"*", "email"} & set(tags.get("s", "*").split(":")):
        return f"not for mail (s={tags['s']})"
    return ""


def _dmarc(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    own = f"_dmarc.{sender.domain}"
    name, found = _policy(lookup, sender.domain)
    wanted = Record(own, "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{sender.domain}")
    near = [text for text in lookup(own, "TXT") if "dmarc1" in text.lower()]
    if (near and name != own) or not found:
        what = f"{sender.domain} has no DMARC record, which large receivers ask of whoever sends to many"
        if near:
            what = f"{own} says {cited(near[0])}; it does not begin with v=DMARC1; so it does not count"
            mended = _begun(near[0])
            wanted = Record(own, "TXT", mended) if taglist.read(mended).get("p") in dmarc.POLICIES else wanted
        yield Verdict("dmarc", "error", what, wanted)
        return
    if len(found) > 1:
        yield Verdict("dmarc", "error", f"{name} has {len(found)} DMARC records, and may have one: none counts")
        return
    if twice := taglist.twice(found[0].lower()):
        what = f"{name} says {twice}= twice, so nothing of it counts: {found[0]}; leave one of them"
        yield Verdict("dmarc", "error", what)
        return
    tags = {key.lower(): value.lower() for key, value in taglist.read(found[0]).items()}
    if fault := dmarc.undecided(tags):
        heard = any(each.host for each in dmarc.reports(tags))
        state, effect = ("warning", "receivers take it for p=none") if heard else ("error", "it does not count")
        record = wanted if tags.get("p") not in dmarc.POLICIES else None
        yield Verdict("dmarc", state, f"{name} says {fault}, so {effect}: {found[0]}", record)
        return
    if forged := _forged(sender, tags):
        yield Verdict("dmarc", "error", f"{name} is strict: {forged}")
        return
    vain = [*_vain(name, tags, lookup)]
    yield from vain
    if not vain:
        below = name != own and tags.get("sp") in dmarc.POLICIES
        says = f"sp={tags['sp']} for domains below" if below else f"p={tags['p']}"
        yield Verdict("dmarc", "ok", f"{name} says {says}")


def _vain(name: str, tags: Mapping[str, str], lookup: Lookup) -> Iterator[Verdict]:
    """Yield what a DMARC record says in vain: its policy counts, and its owner believes in more."""
    if ignored := dmarc.ignored(tags):
        what = f"{name} says {ignored}, which receivers do not know and pass over; mend it or leave it out"
        yield Verdict("dmarc", "warning", what)
    reports = [*dmarc.reports(tags)]
    if lost := dmarc.unread(reports):
        yield Verdict("dmarc", "warning", f"{name} {lost}")
    domain = name.removeprefix("_dmarc.")
    for host in dict.fromkeys(each.host for each in reports if each.host):
        asked = dmarc.asked(domain, host)
        if not _akin(lookup, domain, host) and not any(map(dmarc.begins, lookup(asked, "TXT"))):
            what = f"{name} sends reports to {host}, which does not say that it wants them, so it gets none"
            yield Verdict("dmarc", "warning", what, Record(asked, "TXT", "v=DMARC1;"))


def _begun(text: str) -> str:
    """Return a DMARC record that begins with its version, wherever in *text* that stands."""
    parts = re.split(r"(?i)v\s*=\s*dmarc1", text.replace("\\", ""), maxsplit=1)
    before, after = (part.strip(f"{QUOTES};,") for part in (*parts, "")[:2])
    return "; ".join(["v=DMARC1", *(part for part in (after, before) if "=" in part)])


def _forged(sender: Sender, tags: Mapping[str, str]) -> str:
    """Return why letters will look forged where alignment is strict (RFC 7489 section 3.1), or ""."""
    faults = []
    if tags.get("aspf") == "s" and sender.bounces != sender.domain:
        faults.append(f"bounces go to {sender.bounces} (aspf=s)")
    if not sender.keys:
        faults.append("nobody signs")
    elif tags.get("adkim") == "s" and sender.signer != sender.domain:
        faults.append(f"{sender.signer} signs (adkim=s)")
    if len(faults) < 2:
        return ""
    return f"{' and '.join(faults)}, so letters will look forged; let {sender.domain} itself sign or take bounces"


def _policy(lookup: Lookup, domain: str) -> tuple[str, list[str]]:
    """Return the name of the DMARC record that counts for *domain*, and its texts: the nearest above it."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        found = [text for text in lookup(name, "TXT") if dmarc.begins(text)]
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
    if known := next((name for name in names if address in _addresses(lookup, name)), ""):
        return Verdict("ptr", "ok", f"{address} is {known}, both ways")
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
