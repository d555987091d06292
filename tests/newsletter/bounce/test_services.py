"""What mail services report, in the shapes that they document: read right, and each event once."""

from datetime import UTC, datetime

import pytest

from newsletter.bounce.services import provider
from newsletter.cli import wiring
from newsletter.receive import intake
from subscribers.event import Rule
from subscribers.store.back import events
from subscribers.store.file.open import transaction
from subscribers.token import Ring
from tests import blank, readers

WHOM = "reader1@example.org"
NAMED = "<7.aaaa@example.org>"
NOW = datetime(2025, 6, 20, tzinfo=UTC)
RING = Ring((b"k" * 32,))

#: Amazon SES, "Notification contents"; with the subtype that stands for a reason where there is none.
SES = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "reportingMTA": "dns; a1-1.smtp-out.example",
        "bouncedRecipients": [{"emailAddress": WHOM}],
        "timestamp": "2025-06-20T08:00:00.000Z",
        "feedbackId": "0102-f",
    },
    "mail": {
        "timestamp": "2025-06-20T07:59:00.000Z",
        "source": "news@example.org",
        "messageId": "0102-m",
        "destination": [WHOM],
        "headersTruncated": False,
        "commonHeaders": {"from": ["news@example.org"], "to": [WHOM], "messageId": NAMED},
    },
}
SES_FULL = {
    **SES,
    "bounce": {
        "bounceType": "Transient",
        "bounceSubType": "MailboxFull",
        "bouncedRecipients": [
            {"emailAddress": WHOM, "action": "failed", "status": "5.2.2", "diagnosticCode": "smtp; 552 5.2.2 full"}
        ],
    },
}
SES_COMPLAINT = {
    "eventType": "Complaint",
    "complaint": {
        "complainedRecipients": [{"emailAddress": WHOM}],
        "complaintFeedbackType": "abuse",
        "userAgent": "Loop/1",
    },
    "mail": SES["mail"],
}
#: Postmark, "Bounce webhook" and "Spam complaint webhook".
POSTMARK = {
    "RecordType": "Bounce",
    "ID": 4323372036854775807,
    "Type": "HardBounce",
    "TypeCode": 1,
    "Name": "Hard bounce",
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
    "Email": WHOM,
    "From": "news@example.org",
    "BouncedAt": "2025-06-20T08:00:00Z",
    "Inactive": True,
    "CanActivate": True,
    "Metadata": {"message_id": NAMED},
}
POSTMARK_LATE = {**POSTMARK, "ID": 2, "Type": "Transient", "Details": "smtp;450 4.2.0 greylisted, come back"}
POSTMARK_COMPLAINT = {**POSTMARK, "RecordType": "SpamComplaint", "Type": "SpamComplaint", "ID": 3}
#: Mailgun, "Webhooks", event-data of version 3.
MAILGUN = {
    "signature": {"timestamp": "1750406400", "token": "t", "signature": "s"},
    "event-data": {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": 1750406400.1,
        "recipient": WHOM,
        "delivery-status": {
            "attempt-no": 1,
            "code": 550,
            "message": "5.1.1 The email account that you tried to reach does not exist",
            "description": "",
            "enhanced-code": "5.1.1",
        },
        "message": {"headers": {"to": WHOM, "message-id": NAMED.strip("<>"), "from": "news@example.org"}},
        "flags": {"is-routed": False, "is-test-mode": False},
    },
}
MAILGUN_LATE = {
    "event-data": {
        **MAILGUN["event-data"],
        "severity": "temporary",
        "id": "later",
        "delivery-status": {"code": 452, "message": "4.2.2 The mailbox is over quota", "retry-seconds": 600},
    }
}
MAILGUN_COMPLAINT = {
    "event-data": {"event": "complained", "id": "c", "recipient": WHOM, "message": {"headers": {}}}
}
#: SendGrid, "Event webhook reference".
SENDGRID = [
    {
        "email": WHOM,
        "timestamp": 1750406400,
        "smtp-id": NAMED,
        "event": "bounce",
        "category": ["letter"],
        "sg_event_id": "6g4ZI7SA-xmRDv57GoPIPw==",
        "sg_message_id": "14c5d75ce93.dfd.64b469",
        "reason": "550 5.1.1 The email account that you tried to reach does not exist",
        "status": "5.1.1",
        "type": "bounce",
    },
    {"email": WHOM, "event": "delivered", "sg_event_id": "d", "response": "250 OK"},
]
SENDGRID_LATE = [
    {"email": WHOM, "event": "deferred", "sg_event_id": "later", "response": "400 try again later", "attempt": "5"}
]
SENDGRID_BLOCKED = [
    {"email": WHOM, "event": "bounce", "type": "blocked", "sg_event_id": "b", "reason": "554 listed at bl.example"}
]


@pytest.mark.parametrize(
    ("kind", "document", "expected"),
    [
        ("ses", SES, ("hard", True)),
        ("ses", SES_FULL, ("soft", True)),
        ("ses", SES_COMPLAINT, ("complaint", True)),
        ("postmark", POSTMARK, ("hard", True)),
        ("postmark", POSTMARK_LATE, ("soft", False)),
        ("postmark", POSTMARK_COMPLAINT, ("complaint", True)),
        ("mailgun", MAILGUN, ("hard", True)),
        ("mailgun", MAILGUN_LATE, ("soft", False)),
        ("mailgun", MAILGUN_COMPLAINT, ("complaint", True)),
        ("sendgrid", SENDGRID, ("hard", True)),
        ("sendgrid", SENDGRID_LATE, ("soft", False)),
        ("sendgrid", SENDGRID_BLOCKED, ("block", True)),
        ("generic", {"kind": "hard", "recipient": WHOM, "status": "5.1.1"}, ("hard", True)),
    ],
)
def test_the_reports_of_services_are_understood(kind, document, expected) -> None:
    (told,) = getattr(provider, kind)(document)
    assert ((told.kind, told.final), told.recipient) == (expected, WHOM)
    if document in (SES, POSTMARK, MAILGUN, SENDGRID):
        assert told.message_id == NAMED


#: For now only, as Mailgun says, whatever the server's words.
LATE = MAILGUN_LATE["event-data"]
GONE = {"code": 550, "message": "5.1.1 user unknown"}


def _kept(reason: str, said: str) -> dict[str, object]:
    told = {"event": "failed", "severity": "permanent", "reason": reason, "recipient": WHOM}
    return {"event-data": {**told, "delivery-status": {"code": 605, "message": said}}}


def _dropped(reason: str) -> list[dict[str, str]]:
    return [{"event": "dropped", "email": WHOM, "reason": reason}]


def _amazon(sort: str, below: str) -> dict[str, object]:
    about = {"bounceType": sort, "bounceSubType": below, "bouncedRecipients": [{"emailAddress": WHOM}]}
    return {"notificationType": "Bounce", "bounce": about}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("soft", provider.mailgun({"event-data": {**LATE, "delivery-status": GONE}})),
        ("complaint", provider.mailgun(_kept("suppress-complaint", "a user who marked it as spam"))),
        ("unsubscribe", provider.mailgun(_kept("suppress-unsubscribe", "Not delivering to unsubscribed address"))),
        ("hard", provider.mailgun(_kept("suppress-bounce", "Not delivering to previously bounced address"))),
        ("complaint", provider.sendgrid(_dropped("Spam Reporting Address"))),
        ("unsubscribe", provider.sendgrid(_dropped("Unsubscribed Address"))),
        ("hard", provider.sendgrid(_dropped("Bounced Address"))),
        ("block", provider.sendgrid(_dropped("Recipient List over Package Quota"))),
        ("block", provider.sendgrid(_dropped("Spam Content"))),
        ("unsubscribe", provider.ses(_amazon("Permanent", "UnsubscribedRecipient"))),
        ("hard", provider.ses(_amazon("Permanent", "OnAccountSuppressionList"))),
        ("block", provider.ses(_amazon("Transient", "ContentRejected"))),
        ("soft", provider.ses(_amazon("Transient", "MailboxFull"))),
    ],
)
def test_why_a_service_kept_a_letter_back_is_what_it_means(kind, said) -> None:
    assert [one.kind for one in said] == [kind]


@pytest.mark.parametrize(
    ("sort", "kind", "reason"),
    [
        ("", "complaint", "abuse"),
        ("fraud", "complaint", "fraud"),
        ("not-spam", "none", "not-spam"),
        ("virus", "block", "virus"),
        ("auth-failure", "block", "authentication"),
    ],
)
def test_what_a_provider_found_by_itself_is_no_readers_complaint(sort, kind, reason) -> None:
    told = {**SES_COMPLAINT, "complaint": {**SES_COMPLAINT["complaint"], "complaintFeedbackType": sort}}
    (found,) = provider.ses(told)
    assert (found.kind, found.reason, found.recipient) == (kind, reason, WHOM)


@pytest.mark.parametrize(("every", "kinds"), [(True, ["unsubscribe"]), (False, [])])
def test_who_leaves_by_amazons_own_page_is_heard(every, kinds) -> None:
    preferences = {"unsubscribeAll": every, "topicSubscriptionStatus": []}
    told = {"source": "UnsubscribeHeader", "newTopicPreferences": preferences}
    found = list(provider.ses({"eventType": "Subscription", "mail": SES["mail"], "subscription": told}))
    assert [(one.kind, one.recipient, one.message_id) for one in found] == [(each, WHOM, NAMED) for each in kinds]


@pytest.fixture
def hear(tmp_path):
    """Return what takes a request of a service in, and tells what is written down about the reader."""
    with wiring.people(blank.letter(tmp_path / "letter")) as connection:
        readers.add(connection, 1)
        readers.freeze(connection, issue="2025-06")
        with transaction(connection):
            connection.execute("UPDATE deliveries SET state = 'accepted'")

        def one(kind, body, document):
            found = tuple(getattr(provider, kind)(document))
            with transaction(connection):
                intake.hear(connection, kind, body, found, ring=RING, now=NOW, rule=Rule())
            return [(each.kind, each.reason) for each in events.of(connection, 1)]

        one.connection = connection
        yield one


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("550 User unknown", "hard"),
        ("550 5.4.1 Recipient address rejected: Access denied", "hard"),
        ("554 5.7.1 Message refused as spam", "block"),
        ("550 5.7.1 Client host blocked using list.example", "block"),
        ("552 5.2.2 Mailbox full", "soft"),
        ("421 4.3.2 Come back later", "soft"),
    ],
)
def test_of_what_a_service_calls_final_the_words_of_the_server_count(said, kind) -> None:
    about = {"emailAddress": WHOM, "action": "failed", "status": "5.0.0", "diagnosticCode": f"smtp; {said}"}
    bounce = {**SES["bounce"], "bouncedRecipients": [about]}
    code = {"code": int(said[:3]), "message": said[4:]}
    for (found,) in (
        provider.ses({**SES, "bounce": bounce}),
        provider.postmark({**POSTMARK, "Details": f"smtp;{said}"}),
        provider.mailgun({"event-data": {**MAILGUN["event-data"], "delivery-status": code}}),
        provider.sendgrid([{**SENDGRID[0], "reason": said, "status": ""}]),
    ):
        assert found.kind == kind


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        ("HardBounce", "hard", "userunknown"),
        ("SpamComplaint", "complaint", "abuse"),
        ("ManualSuppression", "unsubscribe", "unsubscribe"),
    ],
)
def test_postmark_says_in_our_words_why_it_will_not_write_to_somebody(said, kind, reason) -> None:
    change = {"RecordType": "SubscriptionChange", "Recipient": WHOM, "SuppressionReason": said}
    (found,) = provider.postmark({**change, "SuppressSending": True})
    assert (found.kind, found.recipient, found.reason) == (kind, WHOM, reason)
    assert list(provider.postmark({**change, "SuppressSending": False})) == []


def test_a_name_server_that_tells_a_service_nothing_removes_nobody() -> None:
    said = "unable to get mx info: failed to get IPs from PTR record: lookup <nil>: unrecognized address"
    (found,) = provider.sendgrid([{**SENDGRID[0], "reason": said, "status": ""}])
    assert (found.kind, found.reason) == ("soft", "networkerror")


@pytest.mark.parametrize(
    ("kind", "document"), [("mailgun", MAILGUN), ("sendgrid", SENDGRID), ("postmark", POSTMARK)]
)
def test_an_event_that_is_signed_anew_counts_once(hear, kind, document) -> None:
    assert hear(kind, b"first", document) == [("hard", "userunknown")]
    hear.connection.execute("DELETE FROM events")
    assert hear(kind, b"the same, with another signature", document) == []


def test_an_event_that_comes_again_among_others_counts_once_and_the_others_too(hear) -> None:
    hear("sendgrid", b"one", SENDGRID_BLOCKED)
    hear.connection.execute("DELETE FROM events")
    assert hear("sendgrid", b"two", [*SENDGRID_BLOCKED, *SENDGRID]) == [("hard", "userunknown")]


def test_a_delay_is_written_about_nobody(hear) -> None:
    for kind, document in (("mailgun", MAILGUN_LATE), ("sendgrid", SENDGRID_LATE), ("postmark", POSTMARK_LATE)):
        assert hear(kind, kind.encode(), document) == []
