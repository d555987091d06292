"""Who may send mail for a domain, as its SPF record says, and what to add for those who may not yet (RFC 7208)."""

import re
from collections.abc import Iterator, Sequence

from newsletter.errors import cited
from newsletter.trust import spf
from newsletter.trust.dmarc import akin
from newsletter.trust.servers import addresses_of
from newsletter.trust.spf import Lookup
from newsletter.trust.verdict import QUOTES, Record, Sender, Verdict


def verdicts(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    """Yield whether the servers of *sender* may send, and nobody else."""
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
    if not akin(lookup, domain, sender.domain):
        what = f"bounces go to {domain}, which is no part of {sender.domain}: SPF does not count for DMARC"
        yield Verdict("spf", "warning", what)


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


def _more(text: str, hosts: Sequence[str]) -> str:
    """Return an SPF record that lets *hosts* send, too."""
    return " ".join(["v=spf1", *(f"a:{host}" for host in hosts)]) + text[len("v=spf1") :]


def _hint(sender: Sender) -> str:
    return "; a relay may name an include: for its servers instead" if sender.hosts else ""


def _may_send(lookup: Lookup, domain: str, host: str) -> bool:
    """Whether every address of *host* may send for *domain*; a host without any is told elsewhere.

    Where it cannot be told from here, as with some macros, nobody is worried.
    """
    addresses = addresses_of(lookup, host)
    return all(spf.check(lookup, domain, address) in ("pass", "unknown") for address in addresses)
