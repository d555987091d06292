"""Find the letter that came back inside a report, and the addresses in its header."""

import re
from collections.abc import Callable, Iterable

from newsletter.bounce import notice, report
from newsletter.bounce.mime import Opened, Part, split

#: Parts that hold a letter, or its header (RFC 3462 section 1, RFC 6533 section 5).
RETURNED = (
    "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers",
    "message/partial",
)  # fmt: skip


def words(opened: Opened) -> tuple[str, str]:
    """Return the words for people, and the letter below them."""
    above, below = "", ""
    apart = opened.part(*RETURNED) is not None
    for part in opened.parts:
        if part.type in RETURNED:
            break
        if part.type.startswith("text/") or part.type == "message/delivery-status":
            text, letter = notice.divide(part.text, apart)
            above = f"{above}\n\n{text}"
            if letter:
                below = letter
                break
    return above.strip("\n"), below


def header(opened: Opened) -> dict[str, str]:
    """Return the header of the letter that came back, as far as it came."""
    # A letter that stands first is asked last: it may be a report that somebody sends on.
    returned = next((part for part in (*opened.parts[1:], *opened.parts[:1]) if part.type in RETURNED), None)
    if returned:
        inner = split(returned.text.lstrip("\n"))[0]
        return {**inner, **_inherited(returned)}
    below = re.sub(r"(?m)^(?:[ ]{3}(?=\S)|>[ ]?)", "", words(opened)[1])
    return split(below.lstrip("\n-= "))[0]


def _inherited(part: Part) -> dict[str, str]:
    """Return the fields that a part has where a returned letter should: some servers leave the blank line out."""
    return {
        name: value for name, value in part.headers.items() if name in ("to", "message-id", "subject") and value
    }


def addresses(value: str) -> list[str]:
    """Return the addresses in a field, in order."""
    if "@" not in value:
        return []
    return [report.clean(found[0]) for found in report.ADDRESS.finditer(value[:4000])]


def first(value: str) -> str:
    """Return the first address in a field, or ""."""
    return next(iter(addresses(value)), "")


def hiding(senders: Iterable[str], recipient: str) -> Callable[[str], str]:
    """Return what writes "(sender)" for the addresses of *senders* in a text: who names us speaks of us."""
    wanted = {each.lower() for each in senders} - {recipient.lower()}
    found = re.compile("|".join(map(re.escape, wanted)) or r"(?!)", re.IGNORECASE)
    return lambda text: found.sub("(sender)", text)


def received_for(value: str) -> str:
    """Return whom a Received field (RFC 5321 section 4.4) says the letter was for, or ""."""
    found = re.search(r"\bfor\s+<([^<>\s]{3,320})>", value)
    return found[1] if found else ""


def answered(opened: Opened) -> str:
    """Return the Message-ID of the letter that this answers (RFC 5322 section 3.6.4), or ""."""
    last = opened.headers.get("references", "").rpartition("<")[2]
    return identity(opened.headers.get("in-reply-to", "")) or identity(f"<{last}")


def identity(value: str) -> str:
    """Return a Message-ID with its angle brackets, or ""."""
    found = re.search(r"<[^<>\s]{3,500}>", value)
    return found[0] if found else ""
