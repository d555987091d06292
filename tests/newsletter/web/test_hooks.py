"""Mail services report bounces and complaints; who does not sign as they do changes nothing."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from newsletter.bounce.services import signature
from newsletter.cli.back import hooking
from newsletter.config import parse
from newsletter.errors import RouteError, SettingsError
from newsletter.files.workspace import find
from newsletter.receive import intake
from newsletter.settings.hook import KINDS
from newsletter.web import app
from newsletter.web.hooks import Hooks
from subscribers.errors import StoreError
from subscribers.event import Rule
from subscribers.store.ledger import sends
from subscribers.store.register import suppressions
from tests import blank, readers, webserver

TOPIC = "arn:aws:sns:eu-north-1:123456789012:letters"
ELLIPTIC = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    ELLIPTIC.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
SETTINGS = f"""
[[hook]]
kind = "ses"
topic = "{TOPIC}"
[[hook]]
kind = "sendgrid"
key = "{PUBLIC}"
[[hook]]
kind = "postmark"
secret_env = "POSTMARK"
[[hook]]
kind = "mailgun"
secret_env = "MAILGUN"
[[hook]]
kind = "generic"
secret_env = "GENERIC"
[[hook]]
kind = "mailersend"
secret_env = "MAILERSEND"
[[hook]]
kind = "resend"
secret_env = "RESEND"
[[hook]]
kind = "brevo"
secret_env = "BREVO"
[[hook]]
kind = "mailjet"
secret_env = "MAILJET"
[[hook]]
kind = "sparkpost"
secret_env = "SPARKPOST"
[[hook]]
kind = "mandrill"
secret_env = "MANDRILL"
"""
#: The key that Svix signs with, in the form that Resend shows it in.
SVIX = b"twenty-four bytes of it!"
SECRETS = {
    **dict.fromkeys(("postmark", "brevo", "mailjet", "sparkpost"), "name:word"),
    **{kind: f"{kind}-secret" for kind in ("mailgun", "generic", "mailersend", "mandrill")},
    "resend": f"whsec_{base64.b64encode(SVIX).decode()}",
}
BASE = "https://news.example.org"
PEM = "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-1.pem"
CONFIRM = "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"


@pytest.fixture(scope="module")
def amazon():
    """A key and its certificate, as Amazon publishes one."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=900)).sign(key, SHA256())
    )  # fmt: skip
    return key, made.public_bytes(Encoding.PEM)


@pytest.fixture
def world(tmp_path, amazon):
    """A site with hooks, and an issue that went to Anna."""
    with webserver.standing(tmp_path, webserver.SETTINGS + SETTINGS) as opened:
        opened.person()
        opened.fetched = []

        async def take(kind, body, found, once):
            told = {"kind": kind, "body": body, "found": found, "once": once}
            now, ring = opened.clock[0], opened.site.ring
            await opened.site.writer.run(partial(intake.hear, **told, ring=ring, now=now, rule=Rule()))

        async def fetch(url):
            opened.fetched.append(url)
            return amazon[1]

        known = {hook.kind: hook for hook in opened.site.settings.hooks}
        hooks = Hooks(known, SECRETS, take, fetch, lambda: opened.clock[0], opened.said.append, BASE)
        opened.site = replace(opened.site, hooks=hooks)
        opened.site.writer.submit(lambda connection: _send(connection, opened.clock[0])).result(10)
        with webserver.fronted(app.make(opened.site)) as url:
            opened.url = url
            yield opened


def _send(connection, now):
    made = sends.create(
        connection,
        issue="2025-06",
        list="monthly",
        rule="{}",
        content="h",
        variants={"en": b"x"},
        now=now,
        due=now,
    )
    sends.start(connection, made.id, readers.EVERYBODY, readers.ENGLISH, now)
    connection.execute("UPDATE deliveries SET state = 'accepted'")


def gone(world):
    return {each.canonical: each.reason for each in suppressions.all(world.site.reader)}


def post(world, kind, document, **headers):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    fields = {"content-type": "application/json", **headers}
    return world.client.post(f"{world.url}/hooks/{kind}", content=body, headers=fields).status_code


def stamp(world):
    return str(int(world.clock[0].timestamp()))


def sns(world, amazon, **changes):
    bounce = {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [
            {"emailAddress": "anna@example.org", "status": "5.1.1",
             "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]},
    }  # fmt: skip
    told = {
        "Type": "Notification", "MessageId": "m", "TopicArn": TOPIC, "Message": json.dumps(bounce),
        "Timestamp": "2025-06-01T08:00:00.000Z", "SignatureVersion": "2", "SigningCertURL": PEM, **changes,
    }  # fmt: skip
    names = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    signed = "".join(f"{name}\n{told[name]}\n" for name in names if name in told).encode()
    told["Signature"] = base64.b64encode(amazon[0].sign(signed, padding.PKCS1v15(), SHA256())).decode()
    return told


def test_amazon_is_believed_by_its_signature_and_only_about_our_topic(world, amazon) -> None:
    good = sns(world, amazon)
    for wrong in (
        {**good, "Message": good["Message"].replace("anna", "bo")},
        {**good, "SigningCertURL": PEM.replace("amazonaws.com", "amazonaws.com.evil.example")},
        {**good, "SigningCertURL": PEM.replace("https://", "https://evil.example\\@")},
        # What Amazon answers there may hold a certificate that somebody wrote into the question, or kept with it.
        {**good, "SigningCertURL": "https://sns.eu-north-1.amazonaws.com/?Action=GetTopicAttributes"},
        {**good, "SigningCertURL": PEM + "?x=.pem"},
        {**good, "SigningCertURL": "https://sns.eu-north-1.amazonaws.com/x/SimpleNotificationService-1.pem"},
        sns(world, amazon, TopicArn=TOPIC + "x"),
        {**good, "Signature": "AAAA"},
    ):
        assert post(world, "ses", wrong) == 403
    assert gone(world) == {}
    assert world.fetched == [PEM]
    assert post(world, "ses", good) == 200
    assert gone(world) == {"anna@example.org": "bounce"}
    assert world.fetched == [PEM]


def mandrill(world, events, url=f"{BASE}/hooks/mandrill", secret=b"mandrill-secret", more=()):
    fields = {"mandrill_events": json.dumps(events), **dict(more)}
    said = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    signed = base64.b64encode(hmac.digest(secret, said.encode(), "sha1")).decode()
    form = {"content-type": "application/x-www-form-urlencoded", "X-Mandrill-Signature": signed}
    return post(world, "mandrill", urlencode(fields).encode(), **form)


def test_mandrill_is_believed_by_its_signature_of_the_form_and_the_address(world) -> None:
    said = "smtp;550 5.1.1 The email account that you tried to reach does not exist. ü"
    bounce = {"event": "hard_bounce", "_id": "b1", "ts": 1, "msg": {"email": "anna@example.org", "diag": said}}
    assert world.client.head(f"{world.url}/hooks/mandrill").status_code == 200
    assert mandrill(world, [bounce], secret=b"another") == 403
    assert mandrill(world, [bounce], url="https://evil.example/hooks/mandrill") == 403
    for odd in (b"", b"mandrill_events", b"mandrill_events=%7B", b"other=1", b"\xff=1", b"a=1&" * 5000, b"[]"):
        assert post(world, "mandrill", odd) in (400, 403)
    assert gone(world) == {}
    assert mandrill(world, []) == 200
    assert mandrill(world, [bounce], more=[("b", "2"), ("a", "1")]) == 200
    assert gone(world) == {"anna@example.org": "bounce"}
    assert mandrill(world, [bounce]) == 200


def test_certificates_that_a_stranger_names_fill_no_memory(world, amazon) -> None:
    for number in range(20):
        named = PEM.replace("-1.pem", f"-{number}.pem")
        assert post(world, "ses", {**sns(world, amazon, SigningCertURL=named), "Signature": "AAAA"}) == 403
    assert len(world.fetched) == 20
    assert len(world.site.hooks._certificates) <= 8


def test_a_subscription_of_amazons_is_confirmed_at_amazon_only(world, amazon) -> None:
    ask = {"Type": "SubscriptionConfirmation", "Token": "t", "Message": "m"}
    evil = sns(world, amazon, **ask, SubscribeURL="https://evil.example/")
    assert post(world, "ses", evil) == 403
    assert post(world, "ses", sns(world, amazon, **ask, SubscribeURL=CONFIRM)) == 200
    assert world.fetched == [PEM, CONFIRM]


def test_postmark_is_believed_by_its_password(world) -> None:
    told = {"RecordType": "SpamComplaint", "Email": "anna@example.org"}
    assert post(world, "postmark", told) == 403
    assert post(world, "postmark", told, authorization="Basic bmFtZTp3cm9uZw==") == 403
    right = base64.b64encode(b"name:word").decode()
    assert post(world, "postmark", told, authorization=f"Basic {right}") == 200
    assert gone(world) == {"anna@example.org": "complaint"}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("brevo", {"event": "spam", "email": "anna@example.org"}),
        ("mailjet", {"event": "spam", "email": "anna@example.org"}),
        ("sparkpost", [{"msys": {"message_event": {"type": "spam_complaint", "rcpt_to": "anna@example.org"}}}]),
    ],
)
def test_a_service_that_signs_nothing_is_believed_by_its_password(world, kind, told) -> None:
    wrong = base64.b64encode(b"name:wrong").decode()
    for header in ({}, {"authorization": f"Basic {wrong}"}, {"authorization": "Bearer name:word"}):
        assert post(world, kind, told, **header) == 403
    right = base64.b64encode(b"name:word").decode()
    assert gone(world) == {}
    assert post(world, kind, told, authorization=f"Basic {right}") == 200
    assert gone(world) == {"anna@example.org": "complaint"}


def test_resend_is_believed_by_svixs_signature_while_it_is_fresh(world) -> None:
    body = json.dumps({"type": "email.complained", "data": {"to": ["anna@example.org"]}}).encode()

    def headers(at, key=SVIX, name="msg_1"):
        made = base64.b64encode(hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")).decode()
        return {"svix-id": "msg_1", "svix-timestamp": at, "svix-signature": f"v1,AAAA v1a,{made} v1,{made}"}

    old = str(int((world.clock[0] - timedelta(hours=48)).timestamp()))
    good = headers(stamp(world))
    only = {**good, "svix-signature": good["svix-signature"].split()[1]}
    for wrong in ({}, only, headers(old), headers(stamp(world), b""), headers(stamp(world), name="msg_2")):
        assert post(world, "resend", body, **wrong) == 403
    assert post(world, "resend", body + b" ", **good) == 403
    assert gone(world) == {}
    assert post(world, "resend", body, **good) == 200
    assert gone(world) == {"anna@example.org": "complaint"}
    world.site.hooks.secrets = {"resend": "whsec_no base64"}
    assert post(world, "resend", body, **good) == 403


def test_mailersend_is_believed_by_its_signature(world) -> None:
    body = b'{"type": "activity.spam_complaints", "data": {"id": "1", "recipient": "anna@example.org"}}'
    made = hmac.digest(b"mailersend-secret", body, "sha256").hex()
    for wrong in ({}, {"signature": ""}, {"signature": made[:-1]}, {"signature": "\u00e9".encode("latin-1")}):
        assert post(world, "mailersend", body, **wrong) == 403
    assert post(world, "mailersend", body + b" ", signature=made) == 403
    assert gone(world) == {}
    assert post(world, "mailersend", body, signature=made) == 200
    assert gone(world) == {"anna@example.org": "complaint"}


def test_the_first_report_that_is_refused_is_told_with_what_helps(world, amazon) -> None:
    bounce = json.loads(sns(world, amazon)["Message"])
    for _ in range(2):
        assert post(world, "ses", bounce, **{"x-amz-sns-rawdelivery": "true"}) == 403
        assert post(world, "mailgun", {"signature": {}}) == 403
    assert len(world.said) == 2
    assert "/hooks/ses was refused: it is not signed: turn raw message delivery off" in world.said[0]
    assert "/hooks/mailgun was refused: it is not signed with what the variable MAILGUN holds" in world.said[1]
    assert gone(world) == {}


def test_a_thousand_events_come_in_one_request(world) -> None:
    one = {"type": "bounce", "bounce_class": "10", "raw_reason": "550 5.1.1 user unknown", "subject": "x" * 1500}
    told = [
        {"msys": {"message_event": {**one, "event_id": str(number), "rcpt_to": f"reader{number}@example.org"}}}
        for number in range(1000)
    ]
    told[-1]["msys"]["message_event"]["rcpt_to"] = "anna@example.org"
    right = base64.b64encode(b"name:word").decode()
    assert post(world, "sparkpost", told, authorization=f"Basic {right}") == 200
    assert gone(world) == {"anna@example.org": "bounce"}


def test_mailgun_is_believed_by_its_signature_while_it_is_fresh(world) -> None:
    def signed(at, secret="mailgun-secret"):
        made = hmac.digest(secret.encode(), f"{at}token".encode(), "sha256").hex()
        return {
            "signature": {"timestamp": at, "token": "token", "signature": made},
            "event-data": {"event": "unsubscribed", "recipient": "anna@example.org"},
        }

    # Mailgun tries for eight hours.
    late, old = (str(int((world.clock[0] - timedelta(hours=hours)).timestamp())) for hours in (8, 48))
    assert post(world, "mailgun", signed(stamp(world), "wrong")) == 403
    assert post(world, "mailgun", signed(old)) == 403
    assert world.status(1) == {"monthly": "confirmed"}
    assert post(world, "mailgun", signed(late)) == 200
    # A token is for one event, which may be told of again; the store knows it when `serve` starts anew.
    other = {**signed(late), "event-data": {"event": "complained", "id": "2", "recipient": "anna@example.org"}}
    for _ in range(2):
        assert post(world, "mailgun", other) == post(world, "mailgun", signed(late)) == 200
    assert gone(world) == {}
    assert world.status(1) == {"monthly": "unsubscribed"}


def test_sendgrid_is_believed_by_its_signature_and_counts_once(world) -> None:
    body = json.dumps(
        [{"event": "bounce", "email": "anna@example.org", "status": "5.1.1", "reason": "550 no such user"}]
    )
    at = stamp(world)
    made = base64.b64encode(ELLIPTIC.sign(at.encode() + body.encode(), ec.ECDSA(SHA256()))).decode()
    names = ("x-twilio-email-event-webhook-timestamp", "x-twilio-email-event-webhook-signature")
    assert post(world, "sendgrid", body.encode() + b" ", **dict(zip(names, (at, made), strict=True))) == 403
    for _ in range(2):
        assert post(world, "sendgrid", body.encode(), **dict(zip(names, (at, made), strict=True))) == 200
    assert gone(world) == {"anna@example.org": "bounce"}
    assert len(world.rows("events")) == len(world.rows("received")) == 1


def test_our_own_form_is_signed_with_a_secret(world) -> None:
    body = json.dumps({"kind": "hard", "recipient": "anna@example.org", "status": "5.1.1"}).encode()
    made = hmac.digest(b"generic-secret", stamp(world).encode() + b"." + body, "sha256").hex()
    header = f"t={stamp(world)},v1={made}"
    assert post(world, "generic", body) == 403
    assert post(world, "generic", body.replace(b"anna", b"anno"), **{"x-newsletter-signature": header}) == 403
    assert post(world, "generic", body, **{"x-newsletter-signature": header}) == 200
    assert gone(world) == {"anna@example.org": "bounce"}
    world.later(hours=25)
    assert post(world, "generic", body, **{"x-newsletter-signature": header}) == 403, "a day old"


@pytest.mark.parametrize("secrets", [{}, dict.fromkeys(SECRETS, "")])
def test_where_a_secret_is_missing_nobody_can_sign_with_nothing(world, secrets) -> None:
    world.site.hooks.secrets = secrets
    body = {"kind": "hard", "recipient": "anna@example.org", "status": "5.1.1", "Type": "HardBounce"}
    plain = json.dumps(body).encode()
    made = hmac.digest(b"", stamp(world).encode() + b"." + plain, "sha256").hex()
    assert post(world, "generic", plain, **{"x-newsletter-signature": f"t={stamp(world)},v1={made}"}) == 403
    signed = hmac.digest(b"", f"{stamp(world)}t".encode(), "sha256").hex()
    table = {"timestamp": stamp(world), "token": "t", "signature": signed}
    assert post(world, "mailgun", {**body, "signature": table}) == 403
    assert gone(world) == {}


def test_a_report_that_comes_while_nothing_can_be_written_is_asked_for_again(world) -> None:
    told = {"event": "spam", "email": "anna@example.org"}
    right = {"authorization": f"Basic {base64.b64encode(b'name:word').decode()}"}

    async def full(kind, body, found, once):
        raise StoreError("the disk is full")

    take, world.site.hooks.take = world.site.hooks.take, full
    # After 503 Brevo throws it away.
    assert post(world, "brevo", told, **right) == 429
    assert gone(world) == {}
    world.site.hooks.take = take
    assert post(world, "brevo", told, **right) == 200
    assert gone(world) == {"anna@example.org": "complaint"}


def test_what_is_no_report_is_refused(world) -> None:
    assert post(world, "unknown", {}) == 404
    for kind in KINDS:
        for body in (b"", b"{", b"[]", b"null", b"[" * 2000, b'{"signature": 1}', b'{"Type": 1}'):
            assert post(world, kind, body) in (400, 403), (kind, body)
        assert world.client.get(f"{world.url}/hooks/{kind}").status_code == 405
    half = {"timestamp": stamp(world), "token": "\ud800", "signature": "\ud800"}
    assert post(world, "mailgun", {"signature": half}) == 403
    assert post(world, "mailgun", {"signature": {**half, "timestamp": "\ud800"}}) == 403
    assert gone(world) == {}
    assert len(world.said) <= len(KINDS), "a stranger fills the log"


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-north-1.amazonaws.com/x.pem", "https://sns.eu-north-1.amazonaws.com:444/x.pem",
        "https://user@sns.eu-north-1.amazonaws.com/x.pem", "https://evil.example/sns.eu-north-1.amazonaws.com",
        "https://sns.eu-north-1.amazonaws.com.evil.example/", "https://snsxeu.amazonaws.com/", "", "https://[",
    ],
)  # fmt: skip
def test_an_address_that_is_not_amazons_is_never_asked(url) -> None:
    assert not signature.amazon_url(url)


@pytest.mark.parametrize(
    ("table", "remedy"),
    [
        ('kind = "ses"', "name it: topic"),
        ('kind = "sendgrid"', "add key"),
        ('kind = "generic"', "secret_env"),
        ('kind = "other"', "use one of"),
    ],
)
def test_a_hook_without_a_secret_is_refused(table, remedy) -> None:
    with pytest.raises(SettingsError, match=remedy):
        parse(f"{webserver.SETTINGS}[[hook]]\n{table}\n")


@pytest.mark.parametrize(
    ("kind", "secret", "looks"),
    [
        ("brevo", "s3cret", "user:password"),
        ("postmark", "s3cret", "user:password"),
        ("resend", "s3cret!", "whsec_"),
    ],
)
def test_what_can_be_no_secret_is_told_at_the_start(tmp_path, monkeypatch, kind, secret, looks) -> None:
    root = blank.letter(tmp_path / "letter").root
    with (root / "newsletter.toml").open("a") as settings:
        settings.write(f'\n[[hook]]\nkind = "{kind}"\nsecret_env = "HOOK"\n')
    monkeypatch.setenv("HOOK", secret)
    with pytest.raises(RouteError, match=looks) as told:
        hooking.hooks(find(root), None, print)
    assert secret not in str(told.value)
    monkeypatch.setenv("HOOK", SECRETS[kind])
    assert hooking.hooks(find(root), None, print).secrets == {kind: SECRETS[kind]}
