"""A letter by servers that take no password: Postfix and Dovecot, who ask another whether a token is good."""

import asyncio
import json
from contextlib import contextmanager

import pytest

from newsletter.cli import wiring
from newsletter.cli.back import returning
from newsletter.cli.send import sending
from newsletter.errors import MailboxError, RouteError
from newsletter.files.workspace import Workspace
from newsletter.send.limits import Limits
from newsletter.send.login import log_in
from tests import dovecot, postfix
from tests.oauthserver import USER, Grants
from tests.shell import Shell

pytestmark = [
    pytest.mark.dovecot,
    pytest.mark.sink,
    pytest.mark.skipif(not postfix.found(), reason="needs root to run a Postfix of its own"),
]

SASL = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{port}
mynetworks = 127.0.0.9
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sender_login_maps = inline:{{ {{news@example.org = {user}}} }}
smtpd_sender_restrictions = reject_sender_login_mismatch
"""

SETTINGS = """
[[oauth]]
name = "office"
kind = "microsoft"
url = "{url}"
client = "app"
secret_env = "OFFICE_SECRET"

[[smtp]]
name = "office"
host = "127.0.0.1"
port = {smtp}
tls = "none"
username = "{user}"
oauth = "office"

[mailbox]
kind = "imap"
host = "localhost"
port = {imap}
authority = "ca.pem"
username = "{user}"
oauth = "office"
"""

BOUNCE = """From: MAILER-DAEMON@mx.example.org
To: news@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--=b
Content-Type: text/rfc822-headers

Message-ID: {name}

--=b--
"""


@contextmanager
def servers(run: Shell, grants: Grants):
    """Let the workspace of *run* send by a Postfix, and read from a Dovecot, that both take tokens."""
    with (
        dovecot.running(grants.introspection) as box,
        postfix.running(SASL.format(port=box.sasl, user=USER)) as relay,
    ):
        (run.folder / "ca.pem").write_bytes(box.authority.read_bytes())
        path = run.folder / "newsletter.toml"
        head = path.read_text().partition("[[smtp]]")[0]
        path.write_text(head + SETTINGS.format(url=grants.url, smtp=relay.port, imap=box.tls, user=USER))
        yield relay, box


def check(run: Shell, name: str) -> dict[str, str]:
    run("doctor", "--json")
    return next(one for one in json.loads(run.out)["checks"] if one["name"] == name)


def test_a_letter_goes_out_and_what_comes_back_is_read_without_a_password(run: Shell, monkeypatch) -> None:
    """The account may send by its own address only, as at Microsoft, Google and most who sell mailboxes."""
    monkeypatch.setenv("OFFICE_SECRET", "s3")
    assert run("subscribers", "add", "anna@example.org", "--list", "monthly", "--consent", "at the fair") == 0
    with Grants() as grants, servers(run, grants) as (relay, box):
        assert check(run, "smtp")["state"] == "ok"
        assert check(run, "returns")["state"] == "ok"
        assert run("send", "0001-hello", "--yes") == 1
        assert "not owned by user bounce; an account that may send as itself only" in run.err
        path = run.folder / "newsletter.toml"
        path.write_text(path.read_text().replace("[[smtp]]", '[[smtp]]\nsender = "news@example.org"'))
        assert run("resume", "1") == 0, run.err
        [name] = relay.settled(1)
        (box.maildir / "new" / "1.host").write_text(BOUNCE.format(name=name))
        assert run("feedback", "read") == 0, run.err
        assert "(1 hard), 1 proved to be about our letters; 1 reader given up by it" in run.out + run.err
    assert {form["client_secret"] for form in grants.asked} == {"s3"}


def test_a_token_that_a_server_does_not_take_is_told_and_got_anew(run: Shell, monkeypatch) -> None:
    monkeypatch.setenv("OFFICE_SECRET", "s3")
    with Grants(doubts=True) as grants, servers(run, grants):
        workspace = Workspace(run.folder)
        [way] = sending.routes(workspace)
        access = wiring.access(workspace, "office", USER, RouteError)

        async def twice() -> None:
            with pytest.raises(RouteError, match="may send as it"):
                await log_in(way, access, Limits())
            grants.doubts = False
            await (await log_in(way, access, Limits())).close()

        before = len(grants.asked)
        asyncio.run(twice())
        assert len(grants.asked) == before + 2
        grants.doubts = True
        with pytest.raises(MailboxError, match="may read its mail") as error:
            returning.box(workspace)
        assert "token-" not in str(error.value)


@pytest.mark.parametrize("length", [400, 2_500, 6_000])
def test_a_token_may_be_as_long_as_those_of_microsoft(run: Shell, monkeypatch, length) -> None:
    """Postfix takes no line as long as that, and 512 bytes are what every server takes."""
    monkeypatch.setenv("OFFICE_SECRET", "s3")
    with Grants(length=length) as grants, servers(run, grants):
        assert check(run, "smtp")["state"] == "ok"
        assert check(run, "returns")["state"] == "ok"
        grants.doubts = True
        assert "whether the application of [[oauth]] office may send as it" in check(run, "smtp")["message"]


def test_a_token_that_was_good_and_is_no_more_is_got_anew_at_once(run: Shell, monkeypatch) -> None:
    """As after a laptop slept: no send stops at it, and whoever is refused with a new one is not tried on."""
    monkeypatch.setenv("OFFICE_SECRET", "s3")
    with Grants() as grants, servers(run, grants):
        workspace = Workspace(run.folder)
        [way] = sending.routes(workspace)
        access = wiring.access(workspace, "office", USER, RouteError)

        async def work() -> None:
            await (await log_in(way, access, Limits())).close()
            grants.good.clear()
            await (await log_in(way, access, Limits())).close()
            assert len(grants.asked) == 2
            grants.doubts = True
            with pytest.raises(RouteError, match="may send as it"):
                await log_in(way, access, Limits())

        asyncio.run(work())
        assert len(grants.asked) == 3


def test_a_secret_that_is_not_set_is_told_before_anybody_is_asked(run: Shell, monkeypatch) -> None:
    monkeypatch.delenv("OFFICE_SECRET", raising=False)
    with Grants() as grants, servers(run, grants):
        assert "the variable OFFICE_SECRET with the secret is not set" in check(run, "smtp")["message"]
        assert not grants.asked
