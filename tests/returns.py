"""Messages as servers send them back, in the forms of well-known ones, about invented people."""

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

WHOM = "astrid@harbour.example"
LETTER = f"""Return-Path: <bounce+7-00000000000000000000@news.example.org>
From: The Quay <news@example.org>
To: {WHOM}
Subject: June on the quay
Message-ID: <7.aaaa@example.org>

Forty boats came.
"""


def report(diagnostic: str, status: str, *, action: str = "failed", whom: str = WHOM, notice: str = "") -> bytes:
    """Return a report as RFC 3464 has it, the way Postfix writes one."""
    said = f"<{whom}>: host mx.harbour.example[192.0.2.1] said: {diagnostic}"
    text = notice or f"The letter could not be delivered.\n\n{said}\n"
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: bounce+7-00000000000000000000@news.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="quay/1"

--quay/1
Content-Type: text/plain; charset=utf-8

{text}
--quay/1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {whom}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--quay/1
Content-Type: message/rfc822

{LETTER}
--quay/1--
""".encode()


def plain(
    text: str, *, sender: str = "MAILER-DAEMON@mx.example.org", subject: str = "failure notice", more: str = ""
) -> bytes:
    """Return a notice in free text, with the letter below it."""
    return f"""From: {sender}
To: bounce+7-00000000000000000000@news.example.org
Subject: {subject}
{more}Content-Type: text/plain; charset=utf-8

{text}
{LETTER}""".encode()


def complaint(kind: str = "abuse", fields: str = "") -> bytes:
    """Return a feedback report (RFC 5965) of which the provider took the reader's address out."""
    whole = MIMEMultipart("report", report_type="feedback-report")
    whole["From"], whole["To"], whole["Subject"] = (
        "fbl@provider.example",
        "abuse@example.org",
        "FW: June on the quay",
    )
    whole.attach(MIMEText("Somebody pressed the button.\n"))
    fields_part = MIMEText(f"Feedback-Type: {kind}\nUser-Agent: Loop/1\nVersion: 1\n{fields}\n")
    fields_part.replace_header("Content-Type", "message/feedback-report")
    letter = MIMEText(LETTER)
    letter.replace_header("Content-Type", "message/rfc822")
    whole.attach(fields_part)
    whole.attach(letter)
    return whole.as_bytes()


def away(subject: str = "Out of office: June on the quay", more: str = "Auto-Submitted: auto-replied\n") -> bytes:
    """Return the answer of a machine for somebody who is away (RFC 3834)."""
    return f"From: {WHOM}\nTo: bounce+7-0@news.example.org\nSubject: {subject}\n{more}\nBack on Monday.\n".encode()
