"""What comes back is understood by what it says and not by who sent it; nothing that comes in breaks it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.bounce import letter, mime, phrase
from newsletter.bounce.causes import TELLING
from newsletter.bounce.hints import VAGUE
from newsletter.bounce.services import provider
from newsletter.feedback import classify
from tests import returns
from tests.effort import computes
from tests.returns import WHOM
from tests.shell import ended

#: What servers say, the status that their report names, and what it means.
REPORTS = (
    ("550 5.1.1 <astrid@harbour.example>: Recipient address rejected: User unknown", "5.1.1",
     "hard", "userunknown"),
    ("550-5.1.1 The email account that you tried to reach does not exist. Please try", "5.1.1",
     "hard", "userunknown"),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "5.1.10", "hard", "userunknown"),
    ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "5.4.1", "hard", "userunknown"),
    ("550 5.1.2 Host or domain name not found", "5.1.2", "hard", "hostunknown"),
    ("Host or domain name not found. Name service error for name=harbour.example: Host not found", "5.4.4",
     "hard", "hostunknown"),
    ("550 5.1.6 the recipient has moved", "5.1.6", "hard", "hasmoved"),
    ("556 5.1.10 this domain does not accept mail (null MX)", "5.1.10", "hard", "notaccept"),
    ("452 4.2.2 The email account that you tried to reach is over quota", "4.2.2", "soft", "mailboxfull"),
    ("552 5.2.2 Mailbox full", "5.2.2", "soft", "mailboxfull"),
    ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", "soft", "toobig"),
    ("550 5.2.1 This mailbox is disabled", "5.2.1", "soft", "suspended"),
    ("421 4.7.0 try again later, too many connections from your host", "4.7.0", "soft", "toofast"),
    ("450 4.2.0 Greylisted, see you in five minutes", "4.2.0", "soft", "greylisted"),
    ("connect to mx.harbour.example[192.0.2.1]:25: Connection timed out", "4.4.1", "soft", "expired"),
    ("connect to mx.harbour.example[192.0.2.1]:25: Connection refused", "4.4.1", "soft", "networkerror"),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.example", "5.7.1",
     "block", "blocklist"),
    ("550 5.7.26 This mail is unauthenticated: SPF did not pass", "5.7.26", "block", "authentication"),
    ("550 5.7.1 Email rejected per DMARC policy for example.org", "5.7.1", "block", "authentication"),
    ("550 5.7.25 the sending address has no PTR record", "5.7.25", "block", "reversedns"),
    ("554 5.7.1 message looks like spam", "5.7.1", "block", "spam"),
    ("550 5.7.1 Message rejected for policy reasons", "5.7.1", "block", "policy"),
    ("554 5.7.1 <astrid@harbour.example>: Relay access denied", "5.7.1", "block", "relay"),
    ("550 5.1.8 Sender address rejected: Domain not found", "5.1.8", "block", "rejected"),
    ("550 permanent failure for one or more recipients (astrid@harbour.example:blocked)", "5.5.0",
     "block", "policy"),
    ("550 5.4.5 Daily user sending limit exceeded", "5.4.5", "block", "limit"),
    ("550 5.7.0 Hourly mail limit reached for news@example.org. Try again later", "5.7.0", "block", "limit"),
    ("550 example.org has exceeded the max emails per hour (500/500) allowed", "5.7.1", "block", "limit"),
    ("554 5.2.0 SubmissionQuotaExceededException; the sender's submission quota was exceeded", "5.2.0",
     "block", "limit"),
    ("550 5.7.1 Sender account quota exceeded, upgrade your plan", "5.7.1", "block", "limit"),
    ("550 5.2.1 The user you are trying to contact is receiving mail at a rate of too many per hour", "5.2.1",
     "soft", "toofast"),
    ("554 5.7.1 Ditt meddelande har avvisats, eftersom det är skräppost", "5.7.1", "block", "spam"),
    # Who may not send is told by the name of a list, by our address, or by a status; other words only come along.
    ("550 See https://www.spamhaus.example/query/ip/192.0.2.9", "5.5.0", "block", "blocklist"),
    ("550 Listed in rbl.harbour.example", "5.5.0", "block", "blocklist"),
    ("554 IP=192.0.2.9 - A problem occurred. (Ask your postmaster for help) (BL)", "5.5.0", "block", "policy"),
    ("554 Something is wrong, ip: 2001:db8::9", "5.5.0", "block", "policy"),
    ("553 5.7.2 [TSS09] All messages from 192.0.2.9 will be permanently deferred", "5.7.2", "block", "reputation"),
    ("550 5.7.1 Try again later", "5.7.1", "block", "policy"),
    ("554 This IP has been blocked for mail to too many invalid recipients", "5.5.0", "block", "reputation"),
    ("550 Recipient address rejected", "5.7.1", "block", "policy"),
    ("550 Recipient address rejected", "5.5.0", "soft", "filtered"),
    ("550 Recipient address rejected", "5.1.1", "hard", "userunknown"),
    ("550 Sorry, your envelope recipient has been denied", "5.5.0", "soft", "filtered"),
    ("550 Not approved. Follow the instructions above", "4.7.0", "block", "policy"),
    ("530 Who are you?", "5.5.0", "block", "security"),
    ("550 5.1.1 User unknown (ip: 192.0.2.9)", "5.1.1", "hard", "userunknown"),
    ("550 5.7.1 No mailbox found", "5.7.1", "soft", "filtered"),
    ("550 RCPT TO:<astrid@harbour.example> max message size exceeded", "5.1.1", "soft", "toobig"),
    ("552 mail box space not enough", "5.5.0", "soft", "mailboxfull"),
    ("550 Kontot har stängts", "5.5.0", "soft", "suspended"),
)  # fmt: skip

#: Somebody who is not there, and a box that is full, in the words of other languages.
LANGUAGES = (
    ("550 5.0.0 Adressen finns inte: okänd mottagare", "RCPT", "userunknown"),
    ("550 Empfänger unbekannt", "RCPT", "userunknown"),
    ("550 Benutzer existiert nicht", "RCPT", "userunknown"),
    ("550 Destinataire inconnu", "RCPT", "userunknown"),
    ("550 El usuario no existe", "RCPT", "userunknown"),
    ("550 Usuário desconhecido", "RCPT", "userunknown"),
    ("550 Casella inesistente", "RCPT", "userunknown"),
    ("550 Gebruiker onbekend", "RCPT", "userunknown"),
    ("550 Brugeren findes ikke", "RCPT", "userunknown"),
    ("550 Vastaanottaja tuntematon", "RCPT", "userunknown"),
    ("550 Nie znaleziono odbiorcy", "RCPT", "userunknown"),
    ("550 Пользователь не найден", "RCPT", "userunknown"),
    ("550 ユーザーが見つかりません", "RCPT", "userunknown"),
    ("550 收件人不存在", "RCPT", "userunknown"),
    ("550 사용자를 찾을 수 없습니다", "RCPT", "userunknown"),
    ("550 Det finns ingen sådan mottagare", "RCPT", "userunknown"),
    ("550 Nessun utente simile in questo indirizzo", "RCPT", "userunknown"),
    ("550 Adressen har upphört", "RCPT", "userunknown"),
    ("550 Tundmatu kasutaja", "RCPT", "userunknown"),
    ("550 Vartotojas nerastas", "RCPT", "userunknown"),
    ("550 Lietotājs nav atrasts", "RCPT", "userunknown"),
    ("550 Det finns ingen plats i brevlådan: kvoten överskriden", "RCPT", "mailboxfull"),
    ("550 Mottakerens postboks er full", "RCPT", "mailboxfull"),
    ("550 Postkast on täis", "RCPT", "mailboxfull"),
    ("550 Pašto dėžutė perpildyta", "RCPT", "mailboxfull"),
    ("550 Pastkaste ir pilna", "RCPT", "mailboxfull"),
    ("550 Schránka příjemce je plná", "RCPT", "mailboxfull"),
    ("550 Căsuța poștală este plină", "RCPT", "mailboxfull"),
    ("550 Το γραμματοκιβώτιο είναι πλήρες", "RCPT", "mailboxfull"),
    ("550 Поштова скринька переповнена", "RCPT", "mailboxfull"),
    ("552 Brevlådan är full", "RCPT", "mailboxfull"),
    ("552 Das Postfach ist voll", "RCPT", "mailboxfull"),
    ("552 Boîte pleine", "RCPT", "mailboxfull"),
    ("552 Buzón lleno", "RCPT", "mailboxfull"),
    ("552 Ящик переполнен", "RCPT", "mailboxfull"),
    ("552 メールボックスが一杯です", "RCPT", "mailboxfull"),
)

#: Notices in free text: (text, sender, more header, kind, reason).
NOTICES = {
    "qmail": (
        "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message "
        f"to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{WHOM}>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n",
        "", "hard", "userunknown",
    ),
    "exim": (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not "
        f"be delivered.\n\n  {WHOM}\n    host mx.harbour.example [192.0.2.1]\n    SMTP error from remote mail "
        f"server after RCPT TO:<{WHOM}>:\n    550 No such person here\n\n"
        "------ This is a copy of the message, including all the headers. ------\n",
        f"X-Failed-Recipients: {WHOM}\n", "hard", "userunknown",
    ),
    "domino": (
        f"Your message\n\n  Subject: June on the quay\n\nwas not delivered to:\n\n  {WHOM}\n\nbecause:\n\n"
        f"  User astrid ({WHOM}) not listed in Domino Directory\n\n",
        "", "hard", "userunknown",
    ),
    "gateway": (
        f"We could not hand over your letter to the following people:\n\n{WHOM}\n    their mailbox is full\n\n"
        "----- Original message -----\n",
        "", "soft", "mailboxfull",
    ),
    "warning": (
        "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following "
        f"recipient has been delayed:\n\n     {WHOM}\n\n"
        "Host or domain name not found\n\n----- Original message -----\n",
        "", "soft", "networkerror",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "status", "kind", "reason"), REPORTS, ids=lambda value: str(value)[:40])
def test_a_report_is_read_by_its_words_and_its_status(said, status, kind, reason) -> None:
    found = classify(returns.report(said, status))
    assert [(one.kind, one.reason, one.recipient) for one in found] == [(kind, reason, WHOM)]
    assert found[0].status.split(".")[1:] != ["0", "0"]
    assert found[0].message_id == "<7.aaaa@example.org>"


@pytest.mark.parametrize(("said", "command", "reason"), LANGUAGES, ids=lambda value: str(value)[:30])
def test_a_refusal_is_understood_in_many_languages(said, command, reason) -> None:
    notice = f"<{WHOM}>: host mx said: {said} (in reply to {command} TO command)"
    (found,) = classify(returns.report(said, "5.0.0", notice=notice))
    assert found.reason == reason


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_in_free_text_is_read_too(name) -> None:
    text, more, kind, reason = NOTICES[name]
    (found,) = classify(returns.plain(text, more=more))
    assert (found.kind, found.reason, found.recipient) == (kind, reason, WHOM)


def test_an_address_that_is_refused_for_the_letter_is_not_bad_for_good() -> None:
    said = "550 User unknown"
    at = {"RCPT TO command": "hard", "end of DATA command": "soft"}
    for command, kind in at.items():
        notice = f"<{WHOM}>: host mx said: {said} (in reply to {command})"
        assert classify(returns.report(said, "5.0.0", notice=notice))[0].kind == kind


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("503 5.0.0 Need RCPT (recipient)", "hard"),
        ("554 5.5.1 Error: no valid recipients", "hard"),
        ("503 Valid RCPT command must precede DATA", "hard"),
        ("221 2.0.0 goodbye", "soft"),
    ],
)
def test_a_refusal_of_rcpt_that_sendmail_shows_after_data_is_one_of_rcpt(answer, kind) -> None:
    said = f"550 5.3.0 <{WHOM}>... No such user here"
    notice = f"""   ----- The following addresses had permanent fatal errors -----
<{WHOM}>
    (reason: {said})

   ----- Transcript of session follows -----
... while talking to mx.harbour.example.:
>>> DATA
<<< {said}
550 5.1.1 <{WHOM}>... User unknown
<<< {answer}
"""
    assert classify(returns.report(said, "5.1.1", notice=notice))[0].kind == kind


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_what_arrived_is_no_bounce(action) -> None:
    assert classify(returns.report("250 2.1.5 ok", "2.1.5", action=action))[0].kind == "none"


def test_a_delay_is_never_hard() -> None:
    assert classify(returns.report("550 5.1.1 User unknown", "5.1.1", action="delayed"))[0].kind == "soft"


def test_several_recipients_are_told_apart_and_the_weightiest_stands_first() -> None:
    second = "\nFinal-Recipient: rfc822; bo@harbour.example\nAction: failed\nStatus: 5.2.2\n"
    raw = (
        returns.report("550 5.1.1 User unknown", "5.1.1")
        .decode()
        .replace("User unknown\n\n--", f"User unknown\n{second}\n--")
    )
    found = classify(raw.encode())
    assert [(one.recipient, one.kind) for one in found] == [(WHOM, "hard"), ("bo@harbour.example", "soft")]


def test_complaints_are_told_from_reports_that_are_none() -> None:
    (found,) = classify(returns.complaint())
    assert (found.kind, found.recipient, found.reason) == ("complaint", WHOM, "abuse")
    (named,) = classify(returns.complaint(fields="Original-Rcpt-To: bo@harbour.example"))
    assert named.recipient == "bo@harbour.example"
    assert classify(returns.complaint("not-spam"))[0].kind == "none"
    assert classify(returns.complaint("opt-out"))[0].kind == "unsubscribe"
    failed = classify(returns.complaint("auth-failure"))[0]
    assert (failed.kind, failed.recipient, failed.reason) == ("block", WHOM, "authentication")
    virus = classify(returns.complaint("virus"))[0]
    assert (virus.kind, virus.recipient, virus.reason) == ("block", WHOM, "virus")


def test_a_complaint_that_encloses_nothing_but_the_letter_is_one() -> None:
    raw = f"""From: staff@provider.example
To: abuse@example.org
Subject: complaint about message from 192.0.2.1
Content-Type: multipart/mixed; boundary="quay"

--quay
Content-Type: message/rfc822

X-HmXmrOriginalRecipient: {WHOM}
{returns.LETTER}
--quay--
"""
    (found,) = classify(raw.encode())
    assert (found.kind, found.recipient) == ("complaint", WHOM)


def test_a_complaint_that_comes_as_text_is_heard() -> None:
    raw = f"""From: 4711@reports.spamcop.example
To: abuse@example.org
Subject: [SpamCop (192.0.2.1) id:4711]June on the quay
X-SpamCop-sourceip: 192.0.2.1

Somebody says that this letter is spam. It came from 192.0.2.1.

[ Offending message ]
{returns.LETTER}"""
    (found,) = classify(raw.encode())
    assert (found.kind, found.recipient, found.message_id) == ("complaint", WHOM, "<7.aaaa@example.org>")
    assert classify(raw.replace("[SpamCop (", "About (").encode())[0].kind == "none"


def test_a_complaint_may_be_the_letter_itself_with_a_field_in_front() -> None:
    raw = f"Delivered-To: abuse@example.org\nX-HmXmrOriginalRecipient: {WHOM}\n{returns.LETTER}"
    (found,) = classify(raw.encode())
    assert (found.kind, found.recipient) == ("complaint", WHOM)
    assert classify(raw.replace("X-HmXmr", "X-").encode())[0].kind == "none"


def test_who_has_no_sender_is_no_reader_that_is_away() -> None:
    head = "Return-Path: <>\nFrom: <>\nTo: bounce@news.example.org\nAuto-Submitted: auto-replied\n"
    (found,) = classify(f"{head}\nYou wrote to {WHOM}. That is no valid user here.\n".encode())
    assert (found.kind, found.recipient) == ("hard", WHOM)


def test_a_notice_may_cite_the_letters_header_above_what_is_wrong() -> None:
    notice = (
        "This is about a letter of yours with these fields:\n\n  Message-id: <7.aaaa@example.org>\n"
        f"  Subject: June on the quay\n\nIt reached nobody.\n\n  Recipient: {WHOM}\n  disk quota exceeded\n"
    )
    raw = returns.report("no", "5.0.0", notice=notice).decode().replace("Diagnostic-Code: smtp; no\n", "")
    (found,) = classify(raw.encode())
    assert (found.kind, found.reason) == ("soft", "mailboxfull")


def test_that_a_cited_field_names_the_kind_of_content_is_no_reproach_to_the_content() -> None:
    notice = f"<{WHOM}>: connection timed out\n\nContent-Type: text/plain\n\nThat is all there was."
    (found,) = classify(returns.plain(notice))
    assert (found.kind, found.reason, found.recipient) == ("soft", "expired", WHOM)


def test_an_address_may_stand_right_behind_the_colon() -> None:
    said = f"550 User not found:{WHOM} (in reply to RCPT TO command)"
    (found,) = classify(returns.plain(f"<{WHOM}>: host mx.harbour.example[192.0.2.1] said: {said}\n"))
    assert (found.kind, found.reason, found.recipient) == ("hard", "userunknown", WHOM)
    (found,) = classify(returns.plain(f"<{WHOM}>: 550 5.0.0 Mailbox full:{WHOM}\n"))
    assert (found.kind, found.reason) == ("soft", "mailboxfull")


def test_each_of_several_unknown_users_is_one() -> None:
    answer = "RCPT TO got this answer:\n553 <{0}>... Addressee unknown\n"
    said = [f"Unknown user: {each}\n\n{answer.format(each)}" for each in (WHOM, "bo@harbour.example")]
    found = classify(returns.plain("\n".join(said)))
    assert [(one.recipient, one.kind) for one in found] == [(WHOM, "hard"), ("bo@harbour.example", "hard")]


def test_what_is_said_twice_of_somebody_counts_once() -> None:
    raw = returns.report("550 5.1.1 no such user", "5.1.1").decode()
    fields = raw[raw.index("Final-Recipient") : raw.index("--quay/1\nContent-Type: message/rfc822")]
    assert len(classify(raw.replace(fields, fields * 3).encode())) == 1


@pytest.mark.parametrize(
    "subject",
    [
        *(
            "Leveransen är försenad: juni",
            "=?utf-8?q?Leveransen_=C3=A4r_f=C3=B6rsenad?=",
            "Meldingen er forsinket",
        ),
        *("Remise différée : juin", "Meddelande om leveransstatus (fördröjning)", "Entrega retrasada"),
    ],
)
def test_a_warning_in_a_readers_language_is_a_delay(subject) -> None:
    raw = returns.plain(f"<{WHOM}>: user unknown", subject=subject)
    assert classify(raw)[0].kind == "soft"


def test_a_subject_in_a_charset_that_has_no_name_crashes_nothing() -> None:
    for subject in (b"=?ut\xa0-8?q?failure?=", b"=?utf-8?b?abcde?=", b"=?\xe4?q?=ff?="):
        raw = returns.plain(f"<{WHOM}>: user unknown").replace(b"failure notice", subject)
        assert classify(raw)[0].kind == "hard"


def test_what_is_refused_before_anybody_is_named_blames_nobody() -> None:
    for said in ("554 IP=192.0.2.9 - A problem occurred. (BL)", "554 mx.harbour.example", "521 goodbye"):
        notice = f"<{WHOM}>: host mx.harbour.example[192.0.2.1] refused to talk to me: {said}"
        found = classify(returns.report(said, "5.0.0", notice=notice))[0]
        assert found.kind == "block"
    for said in (
        "550 your account is suspended, an invoice is open",
        "552 5.2.2 your mailbox is full",
    ):
        notice = f"<{WHOM}>: host relay.example.org[192.0.2.8] said: {said} (in reply to {{}} command)"
        told = [
            classify(returns.report(said, "5.0.0", notice=notice.format(at)))[0].kind
            for at in ("MAIL FROM", "RCPT TO")
        ]
        assert told == ["block", "soft"]
    told = classify(returns.report("554-No SMTP service 554-Bad DNS PTR resource record.", "5.0.0"))[0]
    assert (told.kind, told.reason) == ("block", "reversedns")


def test_a_report_without_a_diagnosis_is_told_in_the_words_for_people() -> None:
    # As Exim writes it where no other server was asked.
    raw = returns.report("", "5.0.0", notice=f"These could not be reached:\n\n  {WHOM}\n    no such person here\n")
    raw = raw.replace(b"Diagnostic-Code: smtp; \n", b"")
    assert b"Diagnostic-Code" not in raw
    (found,) = classify(raw)
    assert (found.kind, found.reason, found.text) == ("hard", "userunknown", f"{WHOM} no such person here")


def test_what_a_readers_own_rule_says_removes_nobody() -> None:
    text = f"Your message to <{WHOM}> was automatically rejected:\nI want no such letters.\n"
    assert classify(returns.report("", "5.0.0", notice=text))[0].kind == "soft"


@pytest.mark.parametrize(
    "text",
    [
        "收件人：{}。原因：收件人邮箱不存在。",
        "宛先（{}）は存在しません。",
        "收件人“{}”不存在",
    ],
)
def test_an_address_ends_where_a_sentence_of_another_writing_does(text) -> None:
    found = classify(returns.plain(f"{text.format(WHOM)}\n\n--- Original message ---"))[0]
    assert (found.kind, found.recipient) == ("hard", WHOM)


@pytest.mark.parametrize(
    "subject",
    ["Your parcel could not be delivered", "Fwd: Undelivered Mail Returned to Sender", "Delivery problem"],
)
def test_what_a_person_writes_of_something_undelivered_is_no_bounce(subject) -> None:
    text = "They say: 550 5.1.1 <bo@harbour.example>: User unknown.\nWhat does that mean?\n"
    letter = f"Return-Path: <{WHOM}>\nFrom: Astrid <{WHOM}>\nSubject: {subject}\n\n{text}"
    assert classify(letter.encode())[0].kind == "none"
    # What a program wrote has no sender, or says that it is automatic.
    for report in (
        letter.replace(f"Return-Path: <{WHOM}>", "Return-Path: <>"),
        letter.replace("Return-Path", "Auto-Submitted: auto-replied\nReturn-Path"),
        letter.replace(f"From: Astrid <{WHOM}>", "From: <postmaster@harbour.example>"),
    ):
        assert classify(report.encode())[0].kind == "hard"


def test_a_guess_is_not_a_hard_bounce() -> None:
    assert phrase.reason(phrase.plain("the group may not exist, or you may not write to it")) != "userunknown"


def test_words_in_an_address_or_a_host_name_say_nothing() -> None:
    text = phrase.plain("550 5.0.0 <user-unknown@spam.example> mailbox-full.example said https://x.example/spam")
    assert phrase.reason(text) == ""


ALL = [
    returns.report(*REPORTS[0][:2]),
    returns.complaint(),
    returns.away(),
    *(returns.plain(text, more=more) for text, more, _, _ in NOTICES.values()),
]


@pytest.mark.parametrize("front", ["\n", "   \n", "\t \n\n  \r\n"])
def test_a_blank_line_in_front_hides_no_header(front) -> None:
    """Programs that show a message as it came put one there."""
    assert classify(front.encode() + returns.away()) == classify(returns.away())


def test_a_warning_that_somebody_is_unknown_is_no_delay() -> None:
    told = returns.plain(
        f"{returns.WHOM} - no such user here.\n", subject=f"Warning: {returns.WHOM} - User unknown!"
    )
    (found,) = classify(told)
    assert (found.kind, found.final) == ("hard", True)


@pytest.mark.parametrize("raw", ALL, ids=range(len(ALL)))
def test_line_ends_change_nothing_and_a_cut_breaks_nothing(raw) -> None:
    whole = classify(raw)
    for end in (b"\r\n", b"\r"):
        assert classify(raw.replace(b"\n", end)) == whole
    for cut in range(0, len(raw), max(1, len(raw) // 50)):
        assert classify(raw[:cut])


@settings(max_examples=300)
@given(
    st.binary(max_size=2000)
    | st.text(alphabet="\n\r -:;<>@=?/abfrtFinal-Recipient0159.", max_size=2000).map(str.encode)
)
def test_no_bytes_crash_it(raw) -> None:
    assert classify(raw)
    assert classify(b"Content-Type: multipart/report; boundary=a\n\n--a\n" + raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"a@" * 250_000,
        b"a" * 500_000 + b"@",
        b"<" * 500_000,
        b"Subject: " + b"=?utf-8?q?" * 50_000,
        b"Content-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 10_000,
        b"From: <>\n\n" + b"Final-Recipient: rfc822; a@b.example\n" * 10_000,
        b"From: <>\n\n" + b"-" * 400_000,
        b"From: <>\n\n" + b"Received: x\n " * 40_000,
        b"Subject: x\n" + b" y\n" * 150_000,
        b"From: <>\nContent-Type: text/html\n\n" + b"<a href=" * 50_000,
        *(b"From: <>\nContent-Type: text/html\n\n" + each for each in (b"<style>" * 70_000, b"<" * 500_000)),
    ],
    ids=range(12),
)
def test_hostile_messages_end_soon(raw) -> None:
    with computes():
        assert classify(raw)


@pytest.mark.parametrize("field", ["From", "To"])
@pytest.mark.parametrize("number", [90, 250, 40_000])
def test_comments_in_comments_without_end_keep_no_mailbox_from_being_read(field, number) -> None:
    """Anybody may write to the address of returns: what reads it would stop at that message for ever."""
    (found,) = classify(f"{field}: {'(' * number}\nSubject: hello\n\nHow are you?\n".encode())
    assert found.kind == "none"


def test_parts_in_parts_without_end_are_left_closed() -> None:
    """Each with a boundary of its own: to open all would need more depth than a program has."""
    kind = "Content-Type: multipart/mixed; boundary=b{0:05}\n\n--b{0:05}\n"
    raw = "".join(map(kind.format, range(8_000))).encode()
    with computes():
        assert classify(raw)
        assert len(mime.open_message(raw).parts) == 1


def test_no_more_is_kept_of_a_message_than_a_report_needs() -> None:
    """A forwarded folder has thousands of parts, and a forwarded log is long: both are read for every bounce."""
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000 + b"--b--\n"
    assert len(mime.open_message(raw).parts) == mime.PARTS
    (part,) = mime.open_message(b"Subject: x\n\n" + b"y" * 400_000).parts
    assert len(part.text) == mime.TEXT


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a<HEAD><style>x</style><title>y</title></head>b", "a b"),
        ("<style>a<style>b</style>c", "c"),
        ("<script>a<style></script>b", "b"),
        ("<header>a</header>b", "a b"),
        ("<head>a<body>b", "a b"),
        ('<a href="mailto:x@quay.example?a=b" class="c">y</a>', "x@quay.example y"),
    ],
)
def test_of_html_the_words_are_read_that_a_reader_sees(html, words) -> None:
    opened = mime.open_message(f"Content-Type: text/html\n\n{html}".encode())
    assert letter.words(opened)[0].split() == words.split()


def test_files_are_classified_on_the_command_line(tmp_path, capfd) -> None:
    (tmp_path / "one.eml").write_bytes(returns.report(*REPORTS[0][:2]))
    (tmp_path / "two.eml").write_bytes(returns.away())
    assert ended("feedback", "classify", str(tmp_path), "--json") == 0
    told = json.loads(capfd.readouterr().out)["messages"]
    assert [(one["kind"], one["recipient"], one["status"], one["reason"]) for one in told] == [
        ("hard", WHOM, "5.1.1", "userunknown"),
        ("auto-reply", WHOM, "", "away"),
    ]
    assert ended("feedback", "classify", str(tmp_path / "none.eml")) == 4
    assert "there is no such file" in capfd.readouterr().err


def test_a_mailbox_file_is_classified_message_by_message(tmp_path, capfd) -> None:
    """Mail programs export what came back as one file (RFC 4155)."""
    marks = ("From MAILER-DAEMON Thu Jun 12 10:00:00 2025\n", "From - Thu Jun  5 9:00:00 2025\r\n")
    text = returns.plain(f"<{WHOM}>: no such user\n\nFrom here on it is the letter.\n\nFrom ")
    whole = b"".join((marks[0].encode(), text, b"\n", marks[1].encode(), returns.away(), b"\n"))
    (tmp_path / "box").write_bytes(whole)
    # A message that holds such a line is one, if it does not begin with one.
    (tmp_path / "one.eml").write_bytes(text + b"\n" + marks[0].encode() + b"a: b\n")
    ended("feedback", "classify", str(tmp_path), "--json")
    told = json.loads(capfd.readouterr().out)["messages"]
    lines = whole[: whole.index(b"From - ")].count(b"\n")
    assert [(one["file"].removeprefix(f"{tmp_path}/"), one["kind"]) for one in told] == [
        ("box:1", "hard"),
        (f"box:{lines + 1}", "auto-reply"),
        ("one.eml", "hard"),
    ]


def test_half_a_character_and_a_long_report_lose_nothing() -> None:
    events = [{"event": "spamreport", "email": f"{number}@quay.example"} for number in range(2_500)]
    told = json.dumps([*events, {"event": "bounce", "email": "a\ud83d@quay.example", "reason": "550 \ud83d"}])
    found = list(provider.sendgrid(json.loads(told)))
    assert len(found) == 2_501
    assert [one.recipient.encode() for one in found][-1] == b"a?@quay.example"


def test_no_phrase_stands_behind_one_that_it_holds() -> None:
    before: list[str] = []
    for word, phrases in (*TELLING, *VAGUE):
        # Of these two what stands around a phrase counts, too: another place of the same text may tell.
        if word not in {"notaccept", "hostunknown"}:
            assert [(one, other) for one in phrases for other in phrases if one != other and other in one] == []
            assert [(one, other) for one in phrases for other in before if other in one] == []
            before += phrases
