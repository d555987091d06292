"""What stands in every message of a send, the names of a delivery, and a variant as bytes for the ledger."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from newsletter.config import Letter
from newsletter.model import Asked, Enclosed, Entry, Issue, Rendered, Token
from subscribers.address import parse


class Voice(NamedTuple):
    """Who a message is from, by name ("" for none) and address, and where answers go."""

    name: str
    address: str
    reply_to: str


def voice(letter: Letter, language: str, issue: Issue | None = None) -> Voice:
    """Return who writes to readers of *language*: the *issue* may name somebody, else it is the letter's own."""
    name, own = letter.to(language).sender_name, letter.sender
    if issue is None:
        return Voice(name, own, letter.reply_to)
    return Voice(
        issue.sender_name or ("" if issue.sender else name),
        issue.sender or own,
        # Who writes by an address of their own is answered there.
        issue.reply_to or issue.sender or letter.reply_to,
    )


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands in every message of a send, whoever it is for. *list* is the slug of the list."""

    sender_name: str
    sender: str
    reply_to: str
    base_url: str
    list: str
    list_title: str

    @property
    def domain(self) -> str:
        """The domain of From as DNS writes it; the Message-ID is in it."""
        return parse(self.sender).canonical.rpartition("@")[2]


#: The keys that deliveries are named with are derived for this.
NAMES = "message-id"


class Names:
    """Names deliveries so that nobody else can: *key* signs, *domain* is the From domain."""

    def __init__(self, key: bytes, domain: str) -> None:
        self.domain = domain
        self._key = key

    def message_id(self, delivery: int, created: datetime) -> str:
        """Return the Message-ID: the same for every attempt of a delivery, another for every delivery.

        *created* is when its send was made: a database that starts to count again makes other ids.
        """
        # 80 bits of HMAC-SHA256, which is what RFC 2104 section 5 lets one cut it to.
        text = f"message {delivery} {_written(created)}".encode("ascii")
        return f"<{delivery}.{hmac.digest(self._key, text, 'sha256')[:10].hex()}@{self.domain}>"


@lru_cache(maxsize=8)
def _written(created: datetime) -> str:
    return created.isoformat()


def smtp_address(typed: str) -> str:
    """Return an address as SMTP and headers write it: an international domain in ASCII (RFC 5891).

    An address whose local part is not ASCII stays so and needs SMTPUTF8. Raise AddressError.
    """
    if typed.isascii():
        return typed
    local, _, _ = typed.rpartition("@")
    return f"{local}@{parse(typed).canonical.rpartition('@')[2]}"


def pack(rendered: Rendered, letterhead: Letterhead) -> bytes:
    """Return a variant as bytes for the ledger: the same variant always makes the same bytes."""
    pictures = [{**asdict(each), "content": b64encode(each.content).decode("ascii")} for each in rendered.enclosed]
    fields = {**asdict(rendered), "segments": sorted(rendered.segments), "enclosed": pictures}
    if not rendered.questions:
        # What asks nothing is, byte for byte, what was approved before letters could ask.
        del fields["questions"]
    document = {"rendered": fields, "letterhead": asdict(letterhead)}
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def digest(variants: Mapping[str, bytes]) -> str:
    """Return the hash of what a send says: the same for the same content, whatever its marks are called."""
    whole = hashlib.sha256()
    for name, content in sorted(variants.items()):
        rendered, _ = unpack(content)
        text = content.decode("utf-8", "replace")
        for token in rendered.tokens:
            text = text.replace(token.mark, f"{{{token.name}}}")
        whole.update(f"{name}\0{text}\0".encode())
    return whole.hexdigest()


def unpack(content: bytes) -> tuple[Rendered, Letterhead]:
    """Return what was packed."""
    document = json.loads(content)
    fields = document["rendered"]
    rendered = Rendered(
        **{
            **fields,
            "segments": frozenset(fields["segments"]),
            "tokens": tuple(Token(**token) for token in fields["tokens"]),
            "notes": tuple(fields["notes"]),
            "enclosed": tuple(
                Enclosed(**{**each, "content": b64decode(each["content"])}) for each in fields.get("enclosed", ())
            ),
            "calendar": tuple(Entry(**each) for each in fields.get("calendar", ())),
            "questions": tuple(
                Asked(**{**each, "answers": tuple(each["answers"])}) for each in fields.get("questions", ())
            ),
        }
    )
    return rendered, Letterhead(**document["letterhead"])
