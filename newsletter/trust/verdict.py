"""What is looked at before mail from a domain is believed, and what comes of that, in an operator's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

    *keys* are the texts of the DKIM records by their names, "" where a key cannot be read; *signer* is the domain
    that signs, or ""; *hosts* are the servers of the routes that are not on this machine.
    """

    domain: str
    bounces: str
    signer: str
    keys: Mapping[str, str]
    hosts: Sequence[str]
