"""The servers of a domain: where its answers and bounces go (MX), and what those that send are called (PTR).

Sources: RFC 5321 section 5.1, RFC 1912 section 2.1.
"""

import ipaddress
from collections.abc import Iterator, Sequence

from newsletter.trust.spf import Lookup
from newsletter.trust.verdict import Record, Sender, Verdict


def receiving(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    """Yield whether answers and bounces arrive."""
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


def sending(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    """Yield whether the servers that send have an address, and a name both ways."""
    for host in sender.hosts:
        addresses = addresses_of(lookup, host)
        if not addresses:
            yield Verdict("ptr", "error", f"{host} has no address: nothing can be sent through it")
        for address in addresses:
            yield _reverse(host, address, lookup)


def _reverse(host: str, address: str, lookup: Lookup) -> Verdict:
    pointer = ipaddress.ip_address(address).reverse_pointer
    names = lookup(pointer, "PTR")
    if known := next((name for name in names if address in addresses_of(lookup, name)), ""):
        return Verdict("ptr", "ok", f"{address} is {known}, both ways")
    if names:
        what = f"{address} says that it is {names[0]}, which says otherwise; some receivers refuse that"
    else:
        what = f"{address} has no name (PTR); many receivers refuse mail from such a server"
    remedy = "; whoever runs that address adds the record, if mail leaves from there"
    return Verdict("ptr", "warning", what + remedy, Record(pointer, "PTR", f"{host}."))


def addresses_of(lookup: Lookup, host: str) -> list[str]:
    """Return the addresses of *host*, which may be one itself."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return [str(ipaddress.ip_address(one)) for one in (*lookup(host, "A"), *lookup(host, "AAAA"))]
