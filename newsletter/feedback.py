"""Understand what comes back: bounces (RFC 3464, and many that are not), complaints (RFC 5965), holiday replies.

Values in, values out: nothing here changes a subscriber. That needs proof that the message is about a letter of
ours, which `newsletter.mail.verp` gives and the store asks for.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from newsletter.bounce import aside, letter, nature, notice, report
from newsletter.bounce.letter import addresses, first
from newsletter.bounce.meant import meant
from newsletter.bounce.mime import Opened, open_message, words
from newsletter.bounce.services import provider
from newsletter.bounce.verdict import Evidence, Verdict, judge
from newsletter.mail import verp
from newsletter.model import Feedback

__all__ = ["classify"]

#: Which of several recipients the message as a whole is about: what asks for the most.
_ORDER = ("complaint", "hard", "block", "soft", "unsubscribe", "auto-reply", "none")

#: Where a report's fields for programs begin (RFC 3464 section 2): people are not told them.
_FIELDS = re.compile(r"(?im)^(?:reporting-mta|(?:original|final)-recipient|action|status):")

#: What the subject of a warning says whose server goes on trying.
_WARNING = (
    *("(delay)", "delayed", "still being retried", "could not send message for past"),
    *("försen", "fördröj", "forsink", "viivästy", "verzöger", "retard", "différé", "vertraag", "retras"),
    *("ritard", "opóźni"),
)


def classify(raw: bytes) -> tuple[Feedback, ...]:
    """Return what the message *raw* says, one value a recipient, the weightiest first; at least one."""
    opened = open_message(raw)
    returned = letter.header(opened)
    common = Feedback(
        "none", message_id=letter.identity(returned.get("message-id", "")), ours=verp.find(opened.whole)
    )
    found = [
        replace(each, message_id=each.message_id or common.message_id, ours=common.ours)
        for each in _read(opened, returned)
    ]
    # Who is listed as often as a letter was expanded failed once.
    return tuple(sorted(dict.fromkeys(found), key=lambda each: _ORDER.index(each.kind))) or (common,)


def _read(opened: Opened, returned: dict[str, str]) -> list[Feedback]:
    if kind := nature.complaint(opened):
        return _complaint(opened, returned, kind)
    if nature.is_receipt(opened):
        return [Feedback("none", first(opened.headers.get("from", "")), reason="receipt")]
    if told := _notification(opened):
        return told
    reported = _reported(opened, returned)
    if reported:
        return reported
    if nature.is_report(opened):
        return _noticed(opened, returned)
    sender = first(opened.headers.get("from", ""))
    if nature.wants_to_leave(opened):
        return [Feedback("unsubscribe", sender, reason="unsubscribe", message_id=letter.answered(opened))]
    if nature.is_answer(opened):
        return [Feedback("auto-reply", sender, reason="away")]
    return []


def _complaint(opened: Opened, returned: dict[str, str], kind: str) -> list[Feedback]:
    """Return a complaint for each recipient it names; many hide them, and the letter's To is what is left."""
    part = opened.part("message/feedback-report")
    text = part.text if part else "\n".join(each.text for each in opened.parts)
    named = [
        report.address(line.partition(":")[2])
        for line in text.split("\n")
        if line.lower().startswith(("original-rcpt-to:", "removal-recipient:", "final-recipient:"))
    ]
    found = [each for each in dict.fromkeys(named) if each] or [
        each
        for each in (
            report.address(returned.get("x-hmxmroriginalrecipient", "")),
            report.address(opened.headers.get("x-hmxmroriginalrecipient", "")),
            first(returned.get("to", "")),
            letter.received_for(returned.get("received", "")),
        )
        if each
    ][:1]
    outcome, reason = meant(kind)
    return [Feedback(outcome, each, reason=reason) for each in found or [""]]


def _reported(opened: Opened, returned: dict[str, str]) -> list[Feedback]:
    """Return what the fields for programs say, if there are any."""
    part = opened.part("message/delivery-status", "message/global-delivery-status")
    texts = [part.text] if part else []
    texts += [each.text for each in opened.parts if each is not part and "ecipient:" in each.text]
    for text in texts:
        found, common = report.groups(text)
        if found:
            told = cache(partial(_sayings, opened, returned, len(found)))
            other = next(iter(_all_failed(opened)), "") or first(returned.get("to", ""))
            ours = _ours(opened, returned)
            whole = Evidence(own=_own_reason(opened), data="DATA" in common.get("smtp-command", ""))
            return [_of_group(group, told, other, ours, whole) for group in found[: notice.MOST]]
    return []


def _own_reason(opened: Opened) -> str:
    """Return the reason of the program that delivers to mailboxes, as Dovecot and Sieve (RFC 5429) give it."""
    if "automatically rejected" not in opened.whole:
        return ""
    return " ".join(letter.words(opened)[0][: notice.READ].split()).partition("automatically rejected:")[2][:300]


def _of_group(
    group: report.Group, told: Callable[[], dict[str, str]], other: str, ours: list[str], whole: Evidence
) -> Feedback:
    """Return what a report says about one recipient; *told* returns what the notice says of whom.

    *other* is whom it is about if the group names nobody, *ours* who wrote, *whole* what is known of the message
    as a whole.
    """
    recipient = group.recipient or other
    hidden = letter.hiding(ours, recipient)

    def around() -> str:
        return told().get(recipient.lower()) or told().get("", "")

    said = hidden(group.words)
    evidence = replace(whole, said=said, around=lambda: hidden(around()), status=group.status, action=group.action)
    verdict = judge(evidence)
    words = group.words or _for_people(around())
    return replace(_feedback(verdict, recipient, words), final=group.action != "delayed")


def _for_people(text: str) -> str:
    """Return the words of a notice before its fields for programs, if there are any."""
    fields = _FIELDS.search(text)
    return (text[: fields.start()] if fields else text).strip() or text


def _sayings(opened: Opened, returned: dict[str, str], recipients: int) -> dict[str, str]:
    """Return what the notice for people says about each recipient; under "" what it says of nobody by name."""
    text = letter.words(opened)[0][: notice.READ]
    text = aside.untitled(aside.titles(opened, returned, text))(aside.without(text))
    found = {each.recipient.lower(): each.text for each in notice.said(text)}
    if recipients > 1:
        return found
    # A notice about one says what is wrong in sentences before and after the address.
    return {"": text} | {name: f"{said}\n\n{text}" for name, said in found.items()}


def _noticed(opened: Opened, returned: dict[str, str]) -> list[Feedback]:
    """Return what a notice for people says, where nothing is there for programs."""
    text, _ = letter.words(opened)
    failed = _all_failed(opened)
    ours = _ours(opened, returned)
    # Who reports may be who failed; to whom it is reported is not.
    reporting = [each for name in ("from", "x-original-to") for each in addresses(opened.headers.get(name, ""))]
    named = notice.said(text, (*ours, *reporting)) or notice.said(text, ours)
    wanted = {each.lower() for each in failed}
    chosen = [each for each in named if each.recipient.lower() in wanted] or [
        each for each in named if each.leading
    ]
    to = first(returned.get("to", "")) or letter.received_for(returned.get("received", ""))
    if not wanted and not any(each.leading for each in named):
        chosen = [each for each in named if each.recipient.lower() == to.lower()] or named[:1]
    spoken = {each.recipient.lower(): each for each in chosen}
    names = failed or [each.recipient for each in chosen] or [to]
    titles = aside.titles(opened, returned, text[: notice.READ])
    untitled = aside.untitled(titles)
    tone = _tone(opened, titles, text)
    whole = untitled(aside.without(text[: notice.READ])) if len(names) == 1 else ""
    found = []
    for name in names[: notice.MOST]:
        own = spoken.get(name.lower())
        said = own.text if own else ""
        hidden = letter.hiding(ours, name)
        verdict = judge(Evidence(hidden(untitled(aside.without(said))), partial(hidden, whole), action=tone))
        found.append(replace(_feedback(verdict, name, said or text), final=tone != "delayed"))
    return found


def _tone(opened: Opened, titles: list[str], text: str) -> str:
    """Return "delayed" if the notice is a warning only, whatever the *titles* of the letter in its subject say."""
    subject = words(opened.headers.get("subject", "")).lower()
    for each in titles:
        subject = subject.replace(each.lower(), "")
    head = text[:3000].lower()
    if (
        any(word in subject for word in _WARNING)
        or "warning message only" in head
        or "temporary failure report" in head
    ):
        return "delayed"
    return ""


def _feedback(verdict: Verdict, recipient: str, text: str) -> Feedback:
    said = " ".join(text.split())[:500]
    return Feedback(verdict.kind, recipient, verdict.status, verdict.reason, said)


def _ours(opened: Opened, returned: dict[str, str]) -> list[str]:
    """Return the addresses of whoever wrote the letter, which a notice may name and which did not fail."""
    fields = [opened.headers.get(name, "") for name in ("to", "delivered-to", "reply-to")]
    fields += [returned.get(name, "") for name in ("from", "return-path", "sender", "reply-to")]
    to = returned.get("to", "").lower()
    found = [each for value in fields for each in addresses(value)]
    return [each for each in found if each.lower() not in to]


def _all_failed(opened: Opened) -> list[str]:
    """Return the addresses of the field X-Failed-Recipients, which Exim and Gmail write."""
    return addresses(opened.headers.get("x-failed-recipients", ""))


def _notification(opened: Opened) -> list[Feedback]:
    """Return what a JSON notification in the text says, as Amazon sends them by mail."""
    text = opened.parts[0].text if opened.parts else ""
    at = text.find('{"')
    if at < 0 or ('"notificationType"' not in text and '"eventType"' not in text):
        return []
    try:
        document, _ = json.JSONDecoder().raw_decode(re.sub(r"[!]?\n ?", "", text[at:]))
    except (ValueError, RecursionError):
        return []
    return list(provider.ses(document))
