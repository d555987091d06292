"""Ask DNS. A name that is not there, or has no such record, is no error; a server that fails is."""

import ipaddress

import dns.exception
import dns.resolver

from newsletter.errors import TryAgainError, UsageError, cited

#: How long a question may take in all, in seconds.
PATIENCE = 5.0

_WORDS: dict[type[Exception], str] = {
    dns.resolver.LifetimeTimeout: f"no answer within {PATIENCE:.0f} seconds",
    dns.resolver.NoNameservers: "every server that was asked fails",
}


class Resolver:
    """Asks the system's servers, or the one at *server*, as ``address`` or ``address:port``."""

    def __init__(self, server: str = "") -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=not server)
        except dns.resolver.NoResolverConfiguration:
            raise TryAgainError(
                "this machine knows no DNS server", remedy="name one: --resolver 192.0.2.1"
            ) from None
        self._resolver.lifetime = PATIENCE
        if server:
            host, _, port = server.partition(":") if server.count(":") == 1 else (server, "", "")
            try:
                self._resolver.nameservers = [str(ipaddress.ip_address(host.strip("[]")))]
                self._resolver.port = int(port or 53)
            except ValueError:
                remedy = "write its address: --resolver 192.0.2.1, or 192.0.2.1:5353"
                raise UsageError(f"{cited(server)} is no DNS server", remedy=remedy) from None

    def __call__(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the records of *kind* (A, AAAA, CNAME, MX, PTR, TXT) of *name*; of MX the hosts in their order.

        Raise TryAgainError if no server answers.
        """
        try:
            answer = self._resolver.resolve(name, kind, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return ()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            why = _WORDS.get(type(error), "the answer makes no sense")
            what = f"DNS does not say what {name} is ({kind}): {why}"
            raise TryAgainError(what, remedy="look whether the network and your DNS server work") from None
        rows = list(answer.rrset or ())
        match kind:
            case "TXT":
                return tuple(b"".join(row.strings).decode("utf-8", "replace") for row in rows)
            case "MX":
                rows.sort(key=lambda row: row.preference)
                return tuple(row.exchange.to_text().rstrip(".") for row in rows)
            case _:
                return tuple(row.to_text().rstrip(".") for row in rows)
