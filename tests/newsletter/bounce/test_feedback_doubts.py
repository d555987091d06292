"""Nobody is removed on a doubt: words that somebody is not there count only where they say so, and of somebody."""

import pytest

from newsletter.feedback import classify
from tests import returns
from tests.returns import WHOM


def _kind(text: str) -> tuple[str, str]:
    found = classify(returns.plain(f"{text.format(WHOM)}\n\n--- Original message ---\n", subject="Returned mail"))[
        0
    ]
    assert found.recipient == WHOM
    return found.kind, found.reason


@pytest.mark.parametrize(
    "text",
    [
        "undeliverable to {}",
        "Your message was undeliverable to the following recipients:\n\n  {}",
        "Undeliverable address: {}",
    ],
)
def test_that_something_was_not_delivered_is_no_reason(text) -> None:
    assert _kind(text)[0] == "soft"


@pytest.mark.parametrize(
    "text",
    [
        "Your message to {} was deleted without being read.",
        "Your message to <{}> has been deleted because it contains a forbidden word.",
        "The message for {} was removed from the queue after 5 days.",
        "The delivery to {} was cancelled by the administrator.",
        "Something went wrong while your mail was brought to {}.",
        "Connection closed while sending to {}.",
        "Your mail to {} came without a subject and was not delivered.",
        "The server of {} is unavailable.",
        "Could not find a gateway for {}",
        "{} on Friday\n    The recipient was unavailable to take delivery of the message",
        "{}: Certifikatet är inte längre giltigt",
        "{}: Das Zertifikat ist nicht mehr gültig",
    ],
)
def test_what_is_gone_may_be_the_letter_or_the_way(text) -> None:
    assert _kind(text)[0] != "hard"


@pytest.mark.parametrize(
    "text",
    [
        "<{}>: recipient does not have enough space",
        "<{}>: the user does not have a valid subscription",
        "{} has no room for so large a letter.",
        "<{}>: you are not known to this recipient",
        "Din adress är okänd för mottagaren {}",
        "<{}>: nobody is authorised to write to this address but members",
        "<{}>: the account is not paid for, and no longer receives mail until it is",
    ],
)
def test_what_is_missing_may_be_something_else_than_the_reader(text) -> None:
    assert _kind(text)[0] != "hard"


@pytest.mark.parametrize(
    "text",
    [
        "Delivery to <{}> failed. If the recipient does not exist, please check the spelling.",
        "Delivery to <{}> failed. Possible reasons: the user does not exist, or the server is down.",
        "Delivery to <{}> failed. Make sure that this is not an invalid address.",
        "Leveransen till {} misslyckades. Om adressen är ogiltig, kontrollera stavningen.",
        "Die Nachricht an {} kam nicht an. Falls die Adresse ungültig ist, prüfen Sie sie.",
        "Le message à {} n'a pas été remis. Si l'adresse est invalide, corrigez-la.",
    ],
)
def test_a_condition_is_no_reason(text) -> None:
    assert _kind(text)[0] == "soft"


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, {} does not exist.",
        "I could not find any user called {}.",
        "The account {} has been closed.",
        "The mailbox {} has been removed.",
        "This address is wrong: {}",
        "This user doesn't have a harbour.example account ({}).",
        "Your message to {} was refused: mailbox unavailable. If this goes on, call us.",
    ],
)
def test_who_is_not_there_is_still_known(text) -> None:
    assert _kind(text) == ("hard", "userunknown")


def test_a_mailbox_that_is_switched_off_is_not_gone_because_it_is_unavailable() -> None:
    off = classify(returns.report("550 5.2.1 Mailbox not available", "5.2.1"))[0]
    assert (off.kind, off.reason) == ("soft", "suspended")
    gone = classify(returns.report("550 5.2.1 No such user", "5.2.1"))[0]
    assert (gone.kind, gone.reason) == ("hard", "userunknown")


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        ("550 Your server requires confirmation, see https://harbour.example/let-me-in", "block", "policy"),
        ("550 User has too many messages on the server.", "soft", "mailboxfull"),
        ("550 Benutzer hat zuviele Mails auf dem Server.", "soft", "mailboxfull"),
        ("550 sorry, that recipient is not accepting email from you", "soft", "filtered"),
        ("550 This user only accepts mail from known senders", "soft", "filtered"),
        ("550 Could not verify sender", "block", "rejected"),
        ("550 Invalid HELO", "block", "policy"),
        ("550 Unusual sending activity detected", "block", "reputation"),
        ("421 too many messages in one connection", "soft", "toofast"),
        ("550 A letter with two dates is not RFC 5322 compliant, which keeps spam out", "block", "content"),
        ("550 Letters that did not come over a TLS connection are spam to us", "block", "security"),
        ("454 DANE validation of the next domain failed", "soft", "networkerror"),
        ("550 This domain signs with DomainKeys, and that one does not match", "block", "authentication"),
        ("550 Your host is not in our allowlist", "block", "policy"),
        ("550 193.0.2.7 is a banned sending IP", "block", "blocklist"),
        ("550 The sending IP and the pointer (PTR) record differ", "block", "reversedns"),
        ("450 The quay is receiving mail too quickly", "soft", "toofast"),
        ("550 Its per hour message receive limit is reached", "soft", "toofast"),
        ("550 Maximum email size exceeded", "soft", "toobig"),
        ("550 Recipient storage full, try later", "soft", "mailboxfull"),
        ("550 This address no longer accepts mail", "soft", "suspended"),
        ("550 You are not pre-approved by this reader", "soft", "filtered"),
        ("553 The user refused to receive it", "soft", "filtered"),
        ("451 The agent is busy", "soft", "systemerror"),
        ("550 A letter of a non-member to a members-only list", "soft", "filtered"),
        ("550 The quay is only accepting mail from its friends", "soft", "filtered"),
        ("550 The content filter did not let it pass", "block", "spam"),
        ("550 A link in it is in our URIBL", "block", "spam"),
        ("550 The space has been used up", "soft", "mailboxfull"),
        ("550 Not currently accepting mail from your harbour", "block", "rejected"),
        ("550 We do not act as a relay", "block", "relay"),
        ("535 Authentication failure", "block", "security"),
        ("550 An error while being processed", "soft", "systemerror"),
        ("421 no MXs for this domain could be reached", "soft", "networkerror"),
        ("550 Your from domain: unresolvable quay.example.org from domain", "block", "rejected"),
    ],
)
def test_a_refusal_is_put_where_it_belongs(said, kind, reason) -> None:
    found = classify(returns.report(said, f"{said[0]}.0.0"))[0]
    assert (found.kind, found.reason) == (kind, reason)


@pytest.mark.parametrize(
    "said",
    [
        "550 This reader does not accept mail in languages that they cannot read",
        "550 The harbour does not accept email over IPv6",
        "550 harbour.example does not accept mail larger than a crate",
        "550 Our host does not accept mail between midnight and four",
        "550 This domain does not accept mail sent without a relay",
        "550 The mailbox is send only until the fee is paid",
        "550 This server does not accept mail at this time",
        "550 The user here reads nothing without an appointment",
    ],
)
def test_who_takes_some_letters_is_not_gone_because_they_take_no_others(said) -> None:
    assert classify(returns.report(said, "5.0.0", notice=_at_rcpt(said)))[0].kind != "hard"


@pytest.mark.parametrize(
    "said", ["550 This domain does not accept mail", "550 harbour.example never accepts any."]
)
def test_who_takes_no_letters_at_all_is_gone(said) -> None:
    found = classify(returns.report(said, "5.0.0", notice=_at_rcpt(said)))[0]
    assert (found.kind, found.reason) == ("hard", "notaccept")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("550 5.7.25 the host name of this sending machine was not found", "reversedns"),
        ("550 5.7.26 no such domain, says the one that signs", "authentication"),
        ("550 5.1.8 no such domain", "rejected"),
    ],
)
def test_a_status_that_says_what_is_wrong_with_us_is_believed(said, reason) -> None:
    found = classify(returns.report(said, said[4:10].strip(), notice=_at_rcpt(said)))[0]
    assert (found.kind, found.reason) == ("block", reason)


@pytest.mark.parametrize(
    "text",
    [
        "Det gick inte att leverera brevet till {0}.\n\nastrid hittades inte på harbour.example.",
        "{0}\nAdressen gick inte att hitta. Se efter hur den stavas.",
        "Brevet til {0} kunne ikke leveres.\n\nastrid blev ikke fundet på harbour.example.",
        "{0}\nFinner ikke adressen som du skrev.",
        "{0}\nFant ikke e-postadressen du skrev inn.",
        "Viestiä vastaanottajalle {0} ei voitu toimittaa.\n\nastrid ei löytynyt kohteesta harbour.example.",
        "Die Nachricht an {0} kam zurück.\n\nastrid wurde unter harbour.example nicht gefunden.",
        "Your letter to {0} came back.\n\nastrid wasn't found at harbour.example.",
        "Brevet till {0} kom inte fram. Adressen används inte längre.",
        "Brevet til {0} kom ikke fram. Adressen er ikke lenger i bruk.",
        "Brevet til {0} nåede ikke frem. Adressen bruges ikke længere.",
        "Die Nachricht an {0} kam zurück. Diese Adresse wird nicht mehr verwendet.",
        "Viestiä vastaanottajalle {0} ei voitu toimittaa. Osoite ei ole enää käytössä.",
        "{0}\nNie można odnaleźć tego adresu.",
        "{0}\nНе удалось найти адрес, который Вы указали.",
        "{0}\nНе вдалося знайти вказану адресу.",
        "{0}\nTuto adresu nelze nalézt.",
        "{0}\nO endereço indicado não pôde ser encontrado.",
        "{0}\nNepavyko rasti nurodyto adreso.",
        "{0}\nNorādīto adresi nevarēja atrast.",
        "{0}\nAdresa indicată nu a putut fi găsită.",
        "{0}\nΔεν ήταν δυνατή η εύρεση της διεύθυνσης.",
    ],
)
def test_exchange_says_in_its_users_language_that_somebody_is_not_there(text) -> None:
    assert _kind(text) == ("hard", "userunknown")


def test_a_server_that_knows_its_people_is_believed_in_its_notice_alone() -> None:
    said = f"550 Not taken. The mailbox {WHOM} is unavailable: user not found"
    raw = returns.report("550 no", "5.0.0", notice=f"{WHOM}\n    {said}").decode()
    raw = raw.replace("Diagnostic-Code: smtp; 550 no\n", "")
    found = classify(raw.encode())[0]
    assert (found.kind, found.reason) == ("hard", "userunknown")


def _at_rcpt(said: str) -> str:
    return f"<{WHOM}>: host mx.harbour.example said: {said} (in reply to RCPT TO command)"


def test_whoever_a_report_is_sent_to_is_not_who_failed() -> None:
    said = (
        "Sorry, bounce+7-00000000000000000000@news.example.org. Nobody here has the name that you wrote to: agnes"
    )
    (found,) = classify(
        f"From: MAILER-DAEMON@mx.example.org\nTo: {said[7:53]}\nSubject: Returned mail\n\n{said}".encode()
    )
    assert found.recipient == ""
    raw = f"From: {WHOM}\nTo: bounce@news.example.org\nSubject: Delivery failure\n\n{WHOM}: no such user\n"
    (found,) = classify(f"Return-Path: <>\n{raw}".encode())
    assert (found.kind, found.recipient) == ("hard", WHOM)


def test_a_gateway_that_sends_its_reports_as_people_do_is_understood_if_it_gives_the_letter_back() -> None:
    path = "Return-Path: <ndr@harbour.example>\n"
    sender, subject = "ndr@harbour.example", "Mail delivery failed: returning message"
    said = f"A message could not be delivered to {WHOM}. This is no valid user of the system.\n"
    raw = returns.plain(said, sender=sender, subject=subject, more=path)
    kind = b'Content-Type: multipart/mixed; boundary="quay"\n\n--quay\nContent-Type: text/plain\n'
    back = raw.replace(b"Content-Type: text/plain; charset=utf-8\n", kind)
    back = back.replace(
        returns.LETTER.encode(), b"--quay\nContent-Type: message/rfc822\n\n" + returns.LETTER.encode()
    )
    (found,) = classify(back)
    assert (found.kind, found.recipient) == ("hard", WHOM)
    assert classify(back.replace(b"Subject: Mail", b"Subject: Fwd: Mail"))[0].kind == "none"


def test_what_one_paragraph_says_is_not_read_with_the_next() -> None:
    said = "552 Account(s) <astrid@harbour.example> does not have enough space"
    notice = f"<{WHOM}>: {said}\n\nThis is the mail system at host out.example.org.\n"
    assert classify(returns.report(said, "5.0.0", notice=notice))[0].kind == "soft"
    assert _kind("Your letter to {} came back.\n\nUser not known\n\nSender of your letter: the quay")[0] == "hard"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("553 sorry, badrcptto (user mail-box not found) (#5.7.1)", "hard"),
        ("550 5.7.1 No such user 17si-quay", "hard"),
        ("554 5.7.1 <{}>: Recipient address rejected: nonexistent user", "hard"),
        ("554 5.7.1 <{0}>: Recipient address rejected: user {0} does not exist", "hard"),
        ("550 5.7.1 Mailbox <{}> not found", "hard"),
        ("550 5.7.1 Requested action not taken: mailbox unavailable", "soft"),
        ("550 5.7.1 Rejected: no such user allowed to send to this group", "block"),
        ("550 5.7.1 <{}>: unknown users may not relay", "block"),
        ("550 5.7.1 Authentication required: invalid credentials for account", "block"),
        ("550 5.7.1 User {} has no valid whitelist entry for you", "soft"),
        ("550 5.7.1 Invalid recipient limit for this account", "soft"),
    ],
)
def test_a_table_of_an_operator_may_say_that_somebody_is_gone_if_it_says_so_plainly(said, kind) -> None:
    said = said.format(WHOM)
    for command, expected in (("RCPT TO", kind), ("end of DATA", "soft" if kind == "hard" else kind)):
        notice = f"<{WHOM}>: host mx.harbour.example[192.0.2.1] said: {said} (in reply to {command} command)\n"
        assert classify(returns.report(said, "5.7.1", notice=notice))[0].kind == expected, command


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<{}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 mailbox unavailable", "hard"),
        ("<{}>:\n192.0.2.1 failed after I sent the message.\nRemote host said: 550 no such user", "soft"),
        ("<{}>:\nConnected to 192.0.2.1 but sender was rejected.\nRemote host said: 550 no such user", "block"),
    ],
)
def test_qmail_says_what_was_refused(text, kind) -> None:
    assert _kind(text)[0] == kind


@pytest.mark.parametrize(
    "said",
    [
        "554 5.0.0 Service unavailable",
        "550 Code d'authentification invalide",
        "552 Account has no space",
        "552 Account(s) <astrid@harbour.example> does not have enough space",
        "503 valid RCPT command must precede DATA",
        "503 bad sequence, RCPT command first",
        "550 This server requires authentication when attempting to send to a non-local address",
        "550-Verification failed for <bounce@example.org> 550-The account or domain may not exist",
        "552 Boite du destinataire pleine",
        "550 TLS not available",
        "550 The attribute is not defined",
        "554 Unknown language",
        "550 No such file",
        "550 Invalid signature",
    ],
)
def test_what_a_reporting_server_adds_is_not_read_with_what_it_was_told(said) -> None:
    postfix = f"<{WHOM}>: host mx.harbour.example[192.0.2.1] said: {said} (in reply to RCPT TO command)\n"
    sendmail = (
        f"   ----- Transcript of session follows -----\n... while talking to mx.harbour.example.:\n"
        f">>> RCPT To:<{WHOM}>\n<<< {said}\n554 5.0.0 Service unavailable\n"
    )
    exim = (
        f"  {WHOM}\n    host mx.harbour.example [192.0.2.1]\n"
        f"    SMTP error from remote mail server after RCPT TO:<{WHOM}>:\n    {said}\n"
    )
    for notice in (postfix, sendmail, exim):
        assert classify(returns.report(said, "5.0.0", notice=notice))[0].kind != "hard", notice
    assert classify(returns.plain(exim, more=f"X-Failed-Recipients: {WHOM}\n"))[0].kind != "hard"


def test_a_queue_that_waits_switches_no_mailbox_off() -> None:
    said = "delivery temporarily suspended: connect to mx.harbour.example[192.0.2.1]: Connection refused"
    found = classify(returns.report(said, "4.4.1", notice=f"<{WHOM}>: {said}\n"))[0]
    assert (found.kind, found.reason) == ("soft", "networkerror")


@pytest.mark.parametrize(
    "said",
    [
        "unknown mail transport error",
        "alias database unavailable",
        "Command output: lda: Error: user astrid: Invalid settings in userdb",
        "delivery via mx.harbour.example: unknown service: smtps/tcp",
        "unable to find primary relay for harbour.example",
        "failed to expand: unknown variable",
        "cannot access UNIX passwd database",
    ],
)
def test_what_fails_in_the_house_of_a_server_is_no_readers_fault(said) -> None:
    assert _kind(f"{{}}\n    {said}")[0] != "hard"
    assert classify(returns.report(said, "5.0.0", notice=f"<{WHOM}>: {said}\n"))[0].kind != "hard"


@pytest.mark.parametrize(
    "said",
    [
        "550 domain of bounce+7-00000000000000000000@news.example.org does not exist",
        "550 <news@example.org>: no such user",
        "550 Cannot verify <news@example.org>: mailbox does not exist",
        "554 Your domain example.org does not exist in DNS",
        "550 invalid host name of client",
        "550 Return domain not found",
        "550 unresolvable domain in From",
        "550-Postmaster verification failed while checking <news@example.org> "
        "550-Sent: RCPT TO:<postmaster@example.org> 550-Response: 550 <postmaster@example.org>: User unknown",
        "550-It appears that the DNS operator for example.org 550-has installed an invalid MX record",
    ],
)
def test_a_server_that_knows_no_sender_speaks_of_us(said) -> None:
    notice = f"<{WHOM}>: host mx.harbour.example[192.0.2.1] said: {said} (in reply to RCPT TO command)\n"
    assert classify(returns.report(said, "5.0.0", notice=notice))[0].kind != "hard"
    exim = f"  {WHOM}\n    SMTP error from remote mail server after RCPT TO:<{WHOM}>:\n    {said}\n"
    raw = returns.plain(f"{exim}\n--- Original message ---\n", more=f"X-Failed-Recipients: {WHOM}\n")
    assert classify(raw)[0].kind != "hard"


@pytest.mark.parametrize(
    "aside",
    [
        "Please do not reply to this message: its mailbox does not accept mail.",
        "This notice comes from an unattended mailbox, which does not exist for answers.",
        "Svara inte på det här brevet. Adressen finns inte.",
        "Ikke svar på dette brevet. Postkassen finnes ikke.",
        "Svar ikke på dette brev. Postkassen findes ikke.",
        "Bitte nicht antworten. Dieses Postfach existiert nicht.",
    ],
)
def test_what_a_notice_says_of_answers_to_itself_is_about_nobody(aside) -> None:
    told = f"Your letter to {WHOM} came back.\n\nThe connection timed out.\n\n{aside}\n"
    for raw in (returns.plain(told), returns.report("", "5.0.0", notice=told)):
        (found,) = classify(raw)
        assert (found.kind, found.reason) == ("soft", "expired")
    assert _kind("{}: no such user. Do not reply to this message.")[0] == "hard"


@pytest.mark.parametrize(
    "guess",
    [
        "The account may have been closed.",
        "Please find out if the user has moved.",
        "Possible reasons: host not found, connection timed out.",
        "550 Domain may not exist or DNS check failed",
    ],
)
def test_a_guess_removes_nobody_whatever_it_guesses(guess) -> None:
    assert _kind(f"Your letter to {{}} came back.\n\nThe connection timed out.\n\n{guess}")[0] == "soft"


@pytest.mark.parametrize(
    "foot",
    [
        "This letter has been scanned for viruses and dangerous content, and is believed to be clean.",
        "No virus found in this letter.\nChecked by Quay Guard, virus database: 4604/12555",
        "Brevet är genomsökt efter virus och bedöms vara rent.",
        "Virusfri. www.guard.example",
        "Diese E-Mail wurde von Quay Antivirus auf Viren geprüft.",
    ],
)
def test_the_foot_of_a_program_that_looks_for_viruses_is_no_reproach(foot) -> None:
    assert _kind(f"Your letter to {{}} came back.\n\nNo such user.\n\n{foot}") == ("hard", "userunknown")
    assert _kind(f"Your letter to {{}} came back.\n\nThe connection timed out.\n\n{foot}") == ("soft", "expired")


@pytest.mark.parametrize(
    "beside",
    [
        "If you think that this message is spam, click here: https://quay.example/report",
        "Om du tror att brevet är skräppost, anmäl det till oss.",
        "X-Spam-Status: No, score=-1.9",
        "> X-Spam-Flag: NO\n> X-Virus-Scanned: by the guard",
    ],
)
def test_what_a_notice_says_of_spam_beside_the_matter_is_no_reproach(beside) -> None:
    assert _kind(f"Your letter to {{}} came back.\n\nNo such user.\n\n{beside}") == ("hard", "userunknown")
    assert _kind(f"Your letter to {{}} came back.\n\nThe connection timed out.\n\n{beside}") == ("soft", "expired")
    assert _kind("{}: 550 The letter is spam. If you think that it is none, call us.")[0] == "block"


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        ("550 An HTML tag is unacceptable to us", "block", "content"),
        ("550 No such domain, by the records of today", "block", "rejected"),
        ("451 The reader of letters is out", "soft", "expired"),
        ("550 5.1.1 No such user", "hard", "userunknown"),
        ("552 The mailbox is full", "soft", "mailboxfull"),
    ],
)
def test_what_is_said_of_the_letter_itself_is_about_it(said, kind, reason) -> None:
    notice = f"<{WHOM}>: host mx.harbour.example said: {said} (in reply to end of DATA command)"
    found = classify(returns.report(said, f"{said[0]}.0.0", notice=notice))[0]
    assert (found.kind, found.reason) == (kind, reason)


def test_a_reply_that_begins_with_the_reader_s_address_is_about_them() -> None:
    told = f"Failed to deliver to '{WHOM}'\n host harbour.example says:\n 550 {WHOM} unknown user account\n"
    (found,) = classify(returns.report("", "5.0.0", notice=told))
    assert (found.kind, found.reason) == ("hard", "userunknown")


def test_a_virus_that_was_found_is_one() -> None:
    caught = "The letter was scanned for viruses and is infected."
    assert _kind(f"Your letter to {{}} came back.\n\n{caught}") == ("block", "virus")


@pytest.mark.parametrize(("said", "kind"), [("(state 14)", "hard"), ("(state 18)", "soft")])
def test_gmail_numbers_the_command_that_was_refused(said, kind) -> None:
    told = f"Delivery to this recipient failed permanently:\n\n     {WHOM}\n\nThe other server returned: 550 550 "
    raw = returns.plain(f"{told}Address unknown {said}.\n\n----- Original message -----\n")
    assert [(one.kind, one.recipient) for one in classify(raw)] == [(kind, WHOM)]


def test_whom_a_letter_was_for_is_told_by_its_header_although_it_is_cited() -> None:
    text = (
        f"Names here are written first.last@harbour.example. The address of your letter, {WHOM},\n"
        "is like none of them. Did you mean bo.holm@harbour.example?\n\n"
        f">Return-Path: <news@example.org>\n>Received: by mx.harbour.example for <{WHOM}>; Mon\n"
    )
    raw = f"From: MAILER-DAEMON@mx.harbour.example\nTo: news@example.org\nSubject: Failed mail\n\n{text}"
    assert [one.recipient for one in classify(raw.encode())] == [WHOM]
