"""What mail services report in their own forms is read as what it means."""

import pytest

from newsletter.bounce.services import provider
from tests.returns import WHOM


def test_services_are_read_in_their_own_forms() -> None:
    ses = {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [
            {"emailAddress": WHOM, "status": "5.1.1", "action": "failed",
             "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]},
    }  # fmt: skip
    postmark = {"RecordType": "Bounce", "Type": "HardBounce", "Email": WHOM, "Details": "550 no such user"}
    mailgun = {"event-data": {
        "event": "failed", "severity": "permanent", "recipient": WHOM,
        "delivery-status": {"code": 550, "message": "5.1.1 user unknown", "enhanced-code": "5.1.1"},
    }}  # fmt: skip
    sendgrid = [{"event": "bounce", "email": WHOM, "status": "5.1.1", "reason": "550 5.1.1 user unknown"}]
    generic = {"kind": "hard", "recipient": WHOM, "status": "5.1.1"}
    forms = {"ses": ses, "postmark": postmark, "mailgun": mailgun, "sendgrid": sendgrid, "generic": generic}
    for name, document in forms.items():
        assert [(one.kind, one.recipient) for one in getattr(provider, name)(document)] == [("hard", WHOM)], name
        for odd in (None, 1, "x", [], {}, [None], {"event-data": []}, {"kind": {}}):
            assert list(getattr(provider, name)(odd)) == []


def test_a_service_that_temporarily_fails_makes_nobody_bad() -> None:
    mailgun = {"event-data": {"event": "failed", "severity": "temporary", "recipient": WHOM,
        "delivery-status": {"code": 550, "message": "5.1.1 user unknown"}}}  # fmt: skip
    assert [one.kind for one in provider.mailgun(mailgun)] == ["soft"]
    spam = {"RecordType": "SpamComplaint", "Email": WHOM}
    assert [one.kind for one in provider.postmark(spam)] == ["complaint"]


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
        (
            "complaint",
            provider.mailgun(_kept("suppress-complaint", "a user who marked it as spam")),
        ),
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
