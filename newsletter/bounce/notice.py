"""Read what a server wrote for people: whom it names, what it says of each, and where the letter begins.

Servers that know no RFC 3464 (qmail, Exim, Notes, many gateways) write free text with the letter below it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.bounce.report import ADDRESS, clean

#: The line behind which the letter that came back begins, in the words that servers use.
_BELOW = re.compile(
    r"""^[ \t>*|]{0,6}[-=_+*~]{0,60}[ \t]{0,8}(?:
      (?:this[ ]is[ ]a|below[ ]is[ ]a|here[ ]is[ ]a|included[ ]is[ ]a|enclosed[ ]is[ ]a|a)?[ ]?
        (?:copy|part)[ ]of[ ](?:the|your|my)\b.{0,60}
    | below[ ]this[ ]line[ ]is\b.{0,60}
    | (?:the[ ]|your[ ])?
        (?:original|unsent|returned|undelivered|failed|unsendable|rejected|bounced|received)[ -]
        (?:message|mail|e-mail|email|letter)s?\b
        (?:[ ](?:follows|details|attached|headers?|text|below|info|contents?|body
            |is[ ](?:below|attached|included)).{0,60}
          |[ ]?[-:=_*]{0,60})
    | (?:the[ ])?(?:header|headers|body|text|first[ ].{1,20}|beginning|start)[ ]of[ ](?:the|your)[ ]
        (?:original|message|mail)\b.{0,60}
    | message[ ]headers?[ ](?:follow|below).{0,40}
    | original[ ]mail[ ](?:as[ ]follows|info).{0,40}
    | (?:forwarded|begin)[ ](?:message|forwarded[ ]message).{0,30}
    | message[ ](?:text|body|contents?|headers?)[ ]?(?:follows|:).{0,30}
    | message[ ]d'origine.{0,20} | urspr(?:ü|ue?)ngliche[ ](?:nachricht|mail).{0,30} | mensaje[ ]original.{0,20}
    | mensagem[ ]original.{0,20} | messaggio[ ]originale.{0,20}
    | (?:den[ ]|det[ ])?(?:ursprunglig|oprindelig|opprinnelig|alkuperäi)\w{0,5}[ ]
        (?:meddel|melding|viesti)\w{0,16}(?:[ ](?:följer|følger|otsikot))?
    )[ \t]*[-=_+*~.:]{0,60}[ \t]*$""",
    re.I | re.M | re.X,
)
#: The letter itself, where no line says so: a field that only a letter has, with another one under it.
_LETTER = re.compile(
    r"^[ \t>]{0,4}(?:Received|Return-Path|DKIM-Signature|Message-ID|MIME-Version|X-Mailer|Delivered-To)[ \t]*:"
    r".{0,998}\n(?:[ \t].{0,998}\n){0,20}[ \t>]{0,4}[A-Z][A-Za-z-]{1,40}[ \t]*:",
    re.I | re.M,
)
#: What may stand before the address of somebody who did not get the letter.
_LEAD = re.compile(
    r"""^[ \t>*•·|-]{0,12}(?:\(?\d{1,3}[.)][ ])?(?:
      (?:<<<|>>>|in:)?[ ]{0,2}RCPT[ ]TO[ ]?:[ ]?
    | (?:final[ -]|original[ -]|failed[ -]|intended[ -])?
        (?:recipients?|addressee|rcpt|addr(?:ess)?)(?:[ ]address)?(?:es)?[ ]?[:=][ ]?
    | (?:to|an|till|para|à|a|кому|宛先|(?:unknown[ ])?user|unknown[ ]recipient|mailbox|undeliverable[ ]to
        |could[ ]not[ ]be[ ]delivered[ ]to
        |delivery[ ]to|invalid[ ]final[ ]delivery[ ]userid)[ ]?[:：][ ]?
    | (?:your[ ]message[ ]to|your[ ](?:e-?mail|mail)[ ]to|message[ ]to
        |unable[ ]to[ ]deliver[ ](?:message|mail)?[ ]?to
        |(?:error|problem)[ ]delivering[ ](?:your[ ]mail|mail)[ ]to)[ :]{1,2}
    | [245]\d\d[ -](?:[245]\.\d{1,2}\.\d{1,3}[ ])?
    )?[ ]?["'(<\[]{0,2}(?:mailto:|smtp:|rfc822;[ ]?)?$""",
    re.I | re.X,
)
_NOT = re.compile(
    r"\b(?:(?<!generated )(?<!expanded )from|sender|reply-to|return-path|message-id|in-reply-to|references|cc|"
    r"mail from|contact|administrator|postmaster|help|support|questions?|by|id|x-[a-z-]+)"
    r"[ ]?[:=(<\s]{0,3}(?:[\w.+-]{1,64}=)?$",
    re.I,
)
#: What is read of a notice for people, in characters and addresses.
READ = 16_384
MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says about one recipient. *leading* is whether their address begins the line."""

    recipient: str
    text: str
    leading: bool


def divide(text: str, apart: bool = False) -> tuple[str, str]:
    """Return the notice, and the letter that stands below it ("" if none does).

    *apart* says that the letter comes in a part of its own: fields of it above are cited by the notice.
    """
    found = _BELOW.search(text)
    letter = None if apart else _LETTER.search(text)
    if found and letter and letter.start() < found.start():
        found = None
    if found:
        return text[: found.start()], text[found.end() :].lstrip("\n")
    if letter:
        return text[: letter.start()], text[letter.start() :]
    return text, ""


def said(text: str, others: Iterable[str] = ()) -> list[Said]:
    """Return what *text* says of whom, in its order; *others* are addresses of ours that it may name besides."""
    text = text[:READ]
    ours = {each.lower() for each in others if each}
    found: list[tuple[int, str, bool]] = []
    for match in ADDRESS.finditer(text):
        if len(found) >= MOST:
            break
        address = clean(match[0])
        start = text.rfind("\n", 0, match.start()) + 1
        before = text[start : match.start()]
        if address.lower() in ours or "@" not in address or _NOT.search(before[-40:]):
            continue
        found.append((start, address, bool(_LEAD.match(before[-80:]))))
    leads = [each for each in found if each[2]]
    marks = leads or found
    result = []
    for index, (start, address, leading) in enumerate(marks):
        later = (each[0] for each in marks[index + 1 :] if each[1].lower() != address.lower())
        result.append(Said(address, text[start : next(later, len(text))][:2000], leading))
    return _once(result)


def _once(all_said: list[Said]) -> list[Said]:
    """Return each recipient once, with the first text that says more than the address."""
    best: dict[str, Said] = {}
    for each in all_said:
        key = each.recipient.lower()
        if key not in best or len(best[key].text.strip()) <= len(key) + 4:
            best[key] = each
    return list(best.values())
