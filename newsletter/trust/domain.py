"""Judge whether receivers will believe mail from a domain: SPF, DKIM, DMARC, MX and PTR, in an operator's words.

Each finding names the record to add where one is missing. Asks DNS through *lookup* only. Sources: RFC 7208 (SPF),
RFC 6376 (DKIM), RFC 7489 (DMARC), RFC 1912 section 2.1 (PTR); large receivers ask for all of it.
"""

from collections.abc import Iterator

from newsletter.errors import TryAgainError
from newsletter.trust import permission, policy, servers, signature
from newsletter.trust.spf import Lookup
from newsletter.trust.verdict import Sender, Verdict


def judge(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    """Yield what DNS says of *sender*, also where it does not answer (*lookup* raises TryAgainError)."""
    looks = {
        "mx": servers.receiving,
        "spf": permission.verdicts,
        "dkim": signature.verdicts,
        "dmarc": policy.verdicts,
        "ptr": servers.sending,
    }
    for name, look in looks.items():
        try:
            yield from look(sender, lookup)
        except TryAgainError as error:
            yield Verdict(name, "warning", str(error))
