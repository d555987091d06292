"""What more mail services report, each in its own form: who is gone, who complains, and whose fault it is."""

import pytest

from newsletter.bounce.services import brevo, mailersend, mailjet, mandrill, provider, resend, sparkpost
from tests.returns import WHOM

GONE = "550 5.1.1 The email account that you tried to reach does not exist"
LISTED = "554 5.7.1 Service unavailable; client host [192.0.2.9] blocked using bl.example"
NAMED = "<7.aaaa@example.org>"


def _brevo(event, reason="", **more):
    told = {"event": event, "email": WHOM, "reason": reason, "id": 26224, "date": "2025-06-20 10:00:00"}
    return {**told, "ts_epoch": 1750406400123, "message-id": "<2025.1@relay.example>", "tags": [], **more}


def _mailjet(event, error="", *, hard=False, comment="", **more):
    told = {"event": event, "email": WHOM, "time": 1750406400, "MessageID": 19421777835146490, "blocked": hard}
    return {**told, "hard_bounce": hard, "error": error, "comment": comment, "CustomID": "", "Payload": "", **more}


def _spark(sort, number="", said="", group="message_event", **more):
    told = {"type": sort, "bounce_class": number, "raw_reason": said, "reason": said, "event_id": "923569276"}
    return {"msys": {group: {**told, "rcpt_to": WHOM, "raw_rcpt_to": WHOM, "timestamp": "1750406400", **more}}}


def _mandrill(event, said):
    return {"event": event, "_id": "b1", "ts": 1, "msg": {"email": WHOM, "diag": said}}


def _resend(event, **more):
    told = {"email_id": "56761188", "from": "News <news@example.org>", "to": [WHOM], "subject": "June"}
    return {"type": f"email.{event}", "created_at": "2025-06-20T08:00:00.000Z", "data": {**told, **more}}


def _resend_bounce(sort, below, said="The recipient's email provider sent a bounce message.", server=None):
    told = {"type": sort, "subType": below, "message": said}
    return _resend("bounced", bounce=told if server is None else {**told, "diagnosticCode": server})


def _mailersend(event, **meta):
    data = {"id": "62f114f8165fe0d8db0288e3", "type": event, "recipient": WHOM, "message_id": "62f1", "meta": meta}
    return {"type": f"activity.{event}", "created_at": "2025-06-20T08:00:00.000000Z", "data": data}


def _mailersend_first(event, reason):
    letter = {"object": "email", "recipient": {"object": "recipient", "email": WHOM}}
    data = {
        "id": "62f1",
        "type": event,
        "email": letter,
        "morph": {"object": "recipient_bounce", "reason": reason},
    }
    return {"type": f"activity.{event}", "data": data}


@pytest.mark.parametrize(
    ("found", "kind", "final"),
    [
        (brevo.read(_brevo("hard_bounce", GONE)), "hard", True),
        (brevo.read(_brevo("hard_bounce", "550 user unknown")), "hard", True),
        (brevo.read(_brevo("hard_bounce")), "hard", True),
        (brevo.read(_brevo("hard_bounce", LISTED)), "block", True),
        (brevo.read(_brevo("invalid_email")), "hard", True),
        (brevo.read(_brevo("soft_bounce", GONE)), "soft", True),
        (brevo.read(_brevo("soft_bounce", "452 4.2.2 mailbox full")), "soft", True),
        (brevo.read(_brevo("deferred", "421 try again")), "soft", False),
        (brevo.read(_brevo("blocked")), "block", True),
        (brevo.read(_brevo("spam")), "complaint", True),
        (brevo.read(_brevo("complaint")), "complaint", True),
        (brevo.read(_brevo("unsubscribed")), "unsubscribe", True),
        (mailjet.read(_mailjet("bounce", "user unknown", hard=True)), "hard", True),
        (mailjet.read([_mailjet("bounce", "user unknown")]), "soft", True),
        (mailjet.read(_mailjet("bounce", "invalid domain", hard=True, comment="Host not found")), "hard", True),
        (mailjet.read(_mailjet("bounce", "mailbox inactive", hard=True)), "soft", True),
        (mailjet.read(_mailjet("bounce", "content blocked", hard=True)), "block", True),
        (mailjet.read(_mailjet("bounce", "", hard=True)), "soft", True),
        (mailjet.read(_mailjet("bounce", "", hard=True, comment=GONE)), "hard", True),
        (mailjet.read(_mailjet("blocked", "preblocked")), "block", True),
        (mailjet.read(_mailjet("blocked", "spam reporter")), "complaint", True),
        (mailjet.read(_mailjet("spam", source="JMRPP")), "complaint", True),
        (mailjet.read(_mailjet("unsub", mj_list_id=1)), "unsubscribe", True),
        (sparkpost.read([_spark("bounce", "10", GONE)]), "hard", True),
        (sparkpost.read([_spark("bounce", "10", "550 no such user")]), "hard", True),
        (sparkpost.read([_spark("bounce", "10", LISTED)]), "block", True),
        (sparkpost.read([_spark("bounce", "30")]), "soft", True),
        (sparkpost.read([_spark("bounce", "22", "552 full")]), "soft", True),
        (sparkpost.read([_spark("bounce", "1", GONE)]), "soft", True),
        (sparkpost.read([_spark("bounce", "51", "550 unknown user or spam")]), "block", True),
        (sparkpost.read([_spark("out_of_band", "10", GONE)]), "hard", True),
        (sparkpost.read([_spark("out_of_band", "60")]), "auto-reply", True),
        (sparkpost.read([_spark("bounce", "90")]), "unsubscribe", True),
        (sparkpost.read([_spark("policy_rejection", "25", "recipient address was suppressed")]), "block", True),
        (sparkpost.read([_spark("delay", "21", "454 4.4.4 no DNS")]), "soft", False),
        (sparkpost.read([_spark("spam_complaint", fbtype="abuse")]), "complaint", True),
        (sparkpost.read([_spark("spam_complaint", fbtype="not-spam")]), "none", True),
        (sparkpost.read([_spark("spam_complaint", fbtype="virus")]), "block", True),
        (sparkpost.read([_spark("spam_complaint", fbtype="opt-out")]), "unsubscribe", True),
        (sparkpost.read([_spark("list_unsubscribe", group="unsubscribe_event")]), "unsubscribe", True),
        (mandrill.read([_mandrill("hard_bounce", "smtp;550 5.1.1 user unknown")]), "hard", True),
        (mandrill.read([_mandrill("hard_bounce", "smtp;554 5.7.1 rejected as spam")]), "block", True),
        (mandrill.read([_mandrill("hard_bounce", "")]), "hard", True),
        (mandrill.read([_mandrill("soft_bounce", "smtp;452 4.2.2 mailbox full")]), "soft", True),
        (mandrill.read([_mandrill("deferral", "smtp;421 4.4.2 try later")]), "soft", False),
        (mandrill.read([_mandrill("reject", "")]), "block", True),
        (mandrill.read([_mandrill("spam", "")]), "complaint", True),
        (mandrill.read([_mandrill("unsub", "")]), "unsubscribe", True),
        (resend.read(_resend_bounce("Permanent", "General")), "hard", True),
        (resend.read(_resend_bounce("Permanent", "Suppressed")), "hard", True),
        (resend.read(_resend_bounce("Transient", "General")), "soft", True),
        (resend.read(_resend_bounce("Transient", "MailboxFull", "The inbox was full.")), "soft", True),
        (resend.read(_resend_bounce("Transient", "ContentRejected")), "block", True),
        (resend.read(_resend_bounce("Undetermined", "Undetermined", GONE)), "soft", True),
        (resend.read(_resend_bounce("", "", "It hurts your reputation as a sender.")), "soft", True),
        (resend.read(_resend_bounce("Permanent", "General", server=[f"smtp; {GONE}"])), "hard", True),
        (resend.read(_resend_bounce("Permanent", "General", server=[f"smtp; {LISTED}"])), "block", True),
        (resend.read(_resend_bounce("Permanent", "General", server=["smtp; 552 5.2.2 full"])), "soft", True),
        (resend.read(_resend_bounce("Permanent", "Suppressed", server=[f"smtp; {LISTED}"])), "hard", True),
        (resend.read(_resend_bounce("Transient", "General", server=[f"smtp; {GONE}"])), "soft", True),
        (resend.read(_resend_bounce("Permanent", "General", server=[5, None])), "hard", True),
        (resend.read(_resend_bounce("Permanent", "ContentRejected", server={})), "block", True),
        (resend.read(_resend("complained")), "complaint", True),
        (resend.read(_resend("failed", failed={"reason": "reached_daily_quota"})), "block", True),
        (resend.read(_resend("delivery_delayed")), "soft", False),
        (
            mailersend.read(_mailersend("hard_bounced", bounce_code=550, bounce_reason="User unknown")),
            "hard",
            True,
        ),
        (mailersend.read(_mailersend("hard_bounced", bounce_reason=LISTED)), "block", True),
        (mailersend.read(_mailersend("soft_bounced", bounce_code=550, bounce_reason=GONE)), "soft", True),
        (mailersend.read(_mailersend("deferred", bounce_reason="451 later")), "soft", False),
        (mailersend.read(_mailersend("spam_complaints")), "complaint", True),
        (mailersend.read(_mailersend("unsubscribed", unsubscribe_reason="other")), "unsubscribe", True),
        (mailersend.read(_mailersend("suppressed", suppression_reason="on hold")), "block", True),
        (mailersend.read(_mailersend_first("hard_bounced", GONE)), "hard", True),
        (mailersend.read(_mailersend_first("spam_complaint", "")), "complaint", True),
    ],
)
def test_the_reports_of_more_services_are_understood(found, kind, final) -> None:
    (told,) = found
    assert (told.kind, told.final, told.recipient) == (kind, final, WHOM)


def test_what_tells_nothing_of_a_failure_is_left_out() -> None:
    for read, documents in {
        brevo.read: [_brevo("delivered"), _brevo("unique_opened"), _brevo("error")],
        mailjet.read: [_mailjet("sent"), _mailjet("open"), _mailjet("blocked", "duplicate in campaign")],
        sparkpost.read: [[{"msys": {}}], [_spark("delivery")], [_spark("click", group="track_event")]],
        resend.read: [_resend("delivered"), _resend("opened")],
        mailersend.read: [_mailersend("delivered"), {"type": "webhook.test"}, _mailersend("opened")],
    }.items():
        for document in documents:
            assert list(read(document)) == [], (read, document)


@pytest.mark.parametrize(
    "read",
    [
        *(brevo.read, mailjet.read, sparkpost.read, resend.read, mailersend.read),
        *(provider.ses, provider.postmark, provider.mailgun, provider.sendgrid, provider.generic),
    ],
)
def test_a_report_of_other_types_than_documented_says_nothing_of_anybody(read) -> None:
    odd = (None, 1, True, "x", [], {}, [None], [[]], 10**400, {"data": []}, [{"msys": [1]}], {"event": {}})
    odd += ({"event-data": []}, {"kind": {}})
    mixed = {
        "event": "hard_bounce",
        "email": 7 * 10**40,
        "type": "email.bounced",
        "data": {"to": [None, 3], "bounce": []},
    }
    for document in (*odd, mixed, [mixed], [{"msys": {"message_event": {**mixed, "type": "bounce"}}}]):
        assert [one.recipient for one in read(document) if one.recipient] == []


def test_our_own_name_of_the_letter_is_found_where_a_service_keeps_it() -> None:
    bare = NAMED.strip("<>")
    postmark = {"RecordType": "SpamComplaint", "Email": WHOM, "Metadata": {"message_id": bare}}
    headers = [{"name": "X-Message-Key", "value": bare}, {"name": "Message-ID", "value": "<other@example.org>"}]
    for found in (
        brevo.read(_brevo("spam", **{"X-Mailin-custom": bare})),
        mailjet.read(_mailjet("spam", CustomID=bare)),
        resend.read(_resend("complained", headers=headers)),
        provider.postmark(postmark),
    ):
        assert [one.message_id for one in found] == [NAMED]


def test_events_in_one_request_have_names_of_their_own_and_the_same_ones_again() -> None:
    for read, one, other in (
        (brevo.read, _brevo("spam"), _brevo("spam", ts_epoch=1750406400124)),
        (mailjet.read, _mailjet("spam"), _mailjet("spam", time=1750406401)),
        (sparkpost.read, _spark("spam_complaint"), _spark("spam_complaint", event_id="2")),
    ):
        names = [told.event for told in read([one, other, one])]
        assert names[0] == names[2] != names[1]
        assert all(names)
