"""What kind of thing came in: a report, a complaint, a holiday reply, somebody who wants to leave."""

import re
import unicodedata
from collections.abc import Mapping

from newsletter.bounce import answer, letter, notice, parting
from newsletter.bounce.mime import Opened, words
from newsletter.reading.charset import people

#: Who sends reports: the names that mail programs of servers have (RFC 5321 section 4.5.1, RFC 2142).
_DAEMON = re.compile(
    r"mailer-?daemon|post[-_]?master|mail delivery|mdaemon|system administrator|mail administrator"
    r"|delivery subsystem|mailer daemon|microsoft outlook|mail-daemon|bounce",
    re.I,
)
#: What the subjects of reports say.
_FAILED = re.compile(
    r"undeliver|not deliver|non-?deliver|fail(?:ed|ure)[\w ]{0,12}(?:deliver|mail|notice)"
    r"|deliver(?:y|ies)[\w ]{0,20}(?:fail|problem|error|status|delay|notif|report)"
    r"|returned (?:mail|to sender)|mail (?:failure|delivery|system error|error)|failure notice"
    r"|error sending message|could(?: ?n.| no)t be (?:sent|delivered)|delayed mail|bounce|ndn:|\bnon remis"
    r"|unzustellbar|nicht zugestellt"
    r"|no se pudo entregar|no entregad|não (?:foi )?entreg|mancato recapito|non recapitabil"
    r"|(?:kan|kunde) inte levereras|obeställbar|olevererbar|ikke leveres|onbestelbaar|niet afgeleverd"
    r"|leveransen misslyck|levering[\w ]{0,40}mislyk"
    r"|ei toimitettavissa|ei voitu toimittaa|toimi[\w ]{2,40}epäonnist"
    r"|niedostarczon|nedoručiteln|kézbesíthetetlen|teslim edileme|nelivrabil"
    r"|недоставлен|не доставлено|エラー|配信不能|退信|投递失败",
    re.I,
)


def _bare(text: str) -> str:
    """Return *text* without accents, which not every mail program keeps in a subject."""
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


#: What the subjects of answers say that a machine gives for somebody; compared without accents.
_AWAY = re.compile(
    _bare(
        r"out[- ]of[- ](?:the )?office|auto(?:matic|mated)?[ -]?(?:reply|response|answer|responder)|\bautoreply\b"
        r"|vacation|on holiday|away (?:from|until)|on leave|\booo\b|absence|abwesen|automatische antwort|autosvar"
        r"|frånvar"
        r"|réponse automatique|absent du bureau|respuesta automática|fuera de (?:la )?oficina|resposta automática"
        r"|fora do escritório|risposta automatica|fuori (?:ufficio|sede)|automatisch antwoord|afwezig|fravær"
        r"|automaatti(?:nen|vastaus)|poissa|olen lomalla|автоответ|автоматический ответ|отсутств|нет на месте"
        r"|不在(?:通知|のお知らせ)|自動返信|自動応答|自动回复|自動回覆|부재"
        r"|otomatik yanıt|automatyczna odpowiedź|odpowiedź automatyczn|autoodpowied|nieobecn|poza biurem"
        r"|automatická odpov"
        r"|automatiskt? svar|semestersvar|(?:ej|inte|ikke) på kontoret|(?:borte fra|ute av|ude af) kontoret"
        r"|(?:är|er) på (?:semester|ferie)|nicht im büro|im urlaub|buiten kantoor|в отпуске|вне офиса"
        r"|automatikus válasz|automatická odpoveď|automatski odgovor|samodejni odgovor|răspuns automat"
        r"|resposta automàtica|automaat(?:vastus|ne vastus)|automātisk[aā] atbilde|automatinis atsakymas"
        r"|sjálfvirkt svar"
        r"|αυτόματη απάντηση|автоматична відповідь|автоматичен отговор|otomatik cevap|balasan otomatis"
        r"|trả lời tự động|מענה אוטומטי|رد تلقائي|ตอบกลับอัตโนมัติ|자동 ?회신|자동 ?응답"
        # What may be somebody's subject is theirs only where it begins one, and asks nothing.
        r"|^\W*(?!.*\?\s*$)(?:away:|annual leave|office closed|auto-?svar"
        r"|(?:(?:on )?(?:maternity|paternity|parental) leave)"
        r"|(?:på )?semester\b|(?:sommar|jul|semester)stängt|ledig\b|(?:jag är )?föräldraledig"
        r"|(?:jag|jeg) har slut(?:at|tet)|ferie\b|ikke til stede|lomalla|kesäloma|urlaub\b"
        r"|nicht im haus|elternzeit)"
        # Machines that ask who writes before they let it in, and lists that ask their owner.
        r"|(?:await|wait)\w* (?:for )?(?:moderator|approval|your confirmation)"
        r"|held for (?:moderat|approval|review)"
        r"|(?:confirm|verify) your (?:message|e-?mail|address)|challenge.response|message\b.{0,80} is on hold"
    ),
    re.I,
)
# The whole subject: a letter about leaving, or an answer to one, is no wish to leave.
_LEAVE = re.compile(
    r"\W*(?:(?:re|sv|aw|vs|fwd?)\s*:\s*)*(?:(?:please|vänligen|bitte)\s+)?(?:"
    + parting.LINKED
    + r"|unsubscribe|remove|leave|stop|opt.?out"
    r"|avregistrera|avregistrering|avprenumerera|avbeställ(?:a|ning)?|avanmäl(?:an|ning)?"
    r"|avsluta (?:min )?prenumeration(?:en)?|abmelden|abmeldung"
    r"|abbestellen|abbestellung|newsletter ab(?:bestellen|melden)|(?:me )?désabonner|désabonnement"
    r"|désinscription|(?:me )?désinscrire"
    r"|desinscribir|darse de baja|baja|cancelar (?:la )?suscripción|cancelar (?:a )?(?:inscrição|subscrição)"
    r"|cancella iscrizione|cancellazione|disiscrivi(?:mi)?|disiscrizione|afmelden|uitschrijven|frameld(?:ing)?"
    r"|afmeld(?:ing)?|avmeld(?:ing)?|peruuta tilaus|wypisz|rezygnacja|odhlásit|leiratkozás|отписаться|отписка"
    r"|退订|取消订阅|配信停止)(?:\s+(?:me|us|request|please|mig|tack|nyhetsbrev(?:et)?|nyhedsbrev(?:et)?|<?[^\s<>@]{1,64}@[^\s<>@]{1,253}))*"
    r"(?:\s+from\s+(?:this|the|your|all)\s+(?:mailing\s+)?(?:e?-?mails?|lists?|newsletters?)"
    r"|\s+från\s+(?:(?:det här|detta|ert|er|alla)\s+)?(?:nyhetsbrev(?:et)?|utskick(?:et)?|(?:e-?post)?lista[n]?)"
    r"|\s+vom\s+newsletter)?(?:,?\s+tack)?\W*",
    re.I,
)
#: The address by which a mailing list tells of itself: a letter is held for its owner, or only members may write.
_LIST = re.compile(r"-(?:bounces?|owner|request)(?:\+[^@\s]{0,128})?@", re.I)
#: How subjects begin of what a person answers or passes on.
_PASSED_ON = re.compile(r"\W*(?:re|fwd?|sv|vb|aw|wg|antw|tr|rv|vs|vl|enc|rif|inoltro|i)\s*:", re.I)
_TYPE = re.compile(r"(?im)^[ \t]*feedback-type[ \t]*:[ \t]*([a-z-]{2,30})")


def is_report(opened: Opened) -> bool:
    """Return whether a server wrote this, as far as its header says."""
    headers = opened.headers
    kind = headers.get("content-type", "").lower()
    if "report-type=delivery-status" in kind.replace('"', "") or opened.part("message/delivery-status"):
        return True
    if "x-failed-recipients" in headers:
        return True
    sender = headers.get("from", "")
    if "list-id" in headers and _LIST.search(sender):
        return False
    if headers.get("return-path", "").strip() == "<>":
        return not is_away(headers) and not _answers(opened)
    if _DAEMON.search(words(sender)) or ("from" in headers and sender.strip() in ("<>", "")):
        return True
    own = _written(opened)
    if own and not opened.part(*letter.RETURNED):
        return False
    # People and newsletters write about bounces, too, and pass on those that they got.
    subject = words(headers.get("subject", ""))
    written = own or any(name in headers for name in ("list-unsubscribe", "list-id", "in-reply-to", "references"))
    written = written or ("auto-submitted" not in headers and bool(_PASSED_ON.match(subject)))
    failed = _FAILED.match(subject) if written else _FAILED.search(subject)
    return bool(failed) and _concerns_somebody(opened)


def _concerns_somebody(opened: Opened) -> bool:
    """Return whether this gives a letter back, or names an address besides those that it is from and to.

    What calls itself undeliverable may be about a parcel.
    """
    known = [
        each for name in ("from", "to", "reply-to") for each in letter.addresses(opened.headers.get(name, ""))
    ]
    return bool(letter.header(opened) or notice.said(letter.words(opened)[0], known))


def _written(opened: Opened) -> bool:
    """Return whether its author sent this, and no program: a report has no sender (RFC 3464 section 2).

    What people write of parcels and other letters that could not be delivered is no report. Some gateways send
    theirs as people do: those give the letter back.
    """
    headers = opened.headers
    path = letter.first(headers.get("return-path", "")).lower()
    return bool(path) and path == letter.first(headers.get("from", "")).lower() and "auto-submitted" not in headers


def is_answer(opened: Opened) -> bool:
    """Return whether a machine answered for somebody, as its header says, or that nobody can answer it."""
    return is_away(opened.headers) or (opened.headers.get("return-path", "").strip() == "<>" and _answers(opened))


def _answers(opened: Opened) -> bool:
    """Return whether what has no envelope sender is an answer of somebody's (RFC 3834 section 3.3), and no report.

    Reports come from a server, say so in the subject, or give the letter back.
    """
    failed = _FAILED.search(words(opened.headers.get("subject", "")))
    return not _server(opened.headers) and not failed and not letter.header(opened)


def is_away(headers: Mapping[str, str]) -> bool:
    """Return whether this is a machine's answer for a person who is away (RFC 3834)."""
    if any(name in headers for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autogenerated")):
        return True
    subject = words(headers.get("subject", ""))
    # What a report's subject says behind that is our letter's title.
    away = _AWAY.search(_bare(subject)) and not _FAILED.match(subject)
    if away or "auto_reply" in headers.get("precedence", "").lower():
        return True
    answer = headers.get("auto-submitted", "").lower().startswith(("auto-replied", "auto-generated"))
    return answer and not _server(headers) and not _FAILED.search(subject)


def _server(headers: Mapping[str, str]) -> bool:
    """Return whether the sender, named so or not named at all, is a server's program."""
    sender = words(headers.get("from", ""))
    return not sender.strip("<> ") or bool(_DAEMON.search(sender))


def is_receipt(opened: Opened) -> bool:
    """Return whether a reader's program tells what was done with a letter that arrived (RFC 8098)."""
    told = "disposition-notification" in opened.headers.get("content-type", "").lower()
    # Programs that deliver to mailboxes refuse letters in this form, too.
    refused = "automatically rejected" in opened.whole
    return not refused and (told or opened.part("message/disposition-notification") is not None)


def complaint(opened: Opened) -> str:
    """Return the type of a feedback report (RFC 5965 section 7.3: abuse, fraud, …), or ""."""
    part = opened.part("message/feedback-report")
    reports = "feedback-report" in opened.headers.get("content-type", "").lower()
    for text in [part.text] if part else [each.text for each in opened.parts]:
        if found := _TYPE.search(text):
            return found[1].lower()
    # Hotmail's programme for senders (JMRP) names its reports in the subject, and not always in a part.
    if "x-hmxmroriginalrecipient" in opened.headers:
        # What comes from there may be the letter itself, with this field in front.
        return "abuse"
    subject = words(opened.headers.get("subject", "")).lower()
    if "x-spamcop-sourceip" in opened.headers and "[spamcop (" in subject:
        # SpamCop passes a complaint on as text, with the letter below it.
        return "abuse"
    named = subject.startswith("complaint about message from")
    returned = len(opened.parts) > 1 or opened.part("message/rfc822") is not None
    return "abuse" if part or reports or (named and returned) else ""


def wants_to_leave(opened: Opened) -> bool:
    """Return whether a person, or their mail program, asks to be taken off by mail (RFC 2369 section 3.2).

    Without a subject, the first line says what it would; under any other, what a person wrote says it.
    """
    asked = opened.headers.get("x-apple-unsubscribe", "").strip().lower() == "true"
    subject = words(opened.headers.get("subject", "")).strip()
    if not subject and opened.parts:
        subject = opened.parts[0].text.strip().partition("\n")[0]
    # The subject of an answer is ours, and may be any word.
    theirs = "in-reply-to" not in opened.headers or not _PASSED_ON.match(subject)
    if asked or (theirs and _LEAVE.fullmatch(subject[:200])):
        return True
    if not _personal(opened):
        return False
    senders = [name for name, _ in people(words(opened.headers.get("to", ""))[:500]) if name]
    _, own = (*people(words(opened.headers.get("from", ""))[:500]), ("", ""))[0]
    own = own.lower()
    if "in-reply-to" not in opened.headers:
        return parting.asks([subject[:200]], senders, own) or parting.asks(answer.own(opened), senders, own)
    # The subject, which is the letter's, may hold the sender's name, and so it comes first.
    return parting.asks(answer.own(opened), [_PASSED_ON.sub("", subject[:200]), *senders], own)


def _personal(opened: Opened) -> bool:
    """Return whether a person wrote this to us, and no machine, list or letter, as far as its header says."""
    headers = opened.headers
    many = any(name in headers for name in ("list-unsubscribe", "list-id", "feedback-id"))
    return not many and "precedence" not in headers and not is_answer(opened)
