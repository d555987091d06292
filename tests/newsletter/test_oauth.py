"""Access by OAuth 2.0: what is asked for in which words, what an answer grants, and for how long it is kept."""

import asyncio
import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from newsletter.config import parse
from newsletter.errors import NewsletterError, RouteError, SettingsError, TryAgainError
from newsletter.fetch.access import Access
from newsletter.grant import GrantError, Held, answer, request
from tests.oauthserver import Grants

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)

LETTER = '[letter]\nname = "The quay"\nfrom = "Quay <news@example.org>"\n'
MICROSOFT = '[[oauth]]\nname = "office"\nkind = "microsoft"\nclient = "app"\nsecret_env = "SECRET"\n'
TENANT = f'{MICROSOFT}tenant = "example.org"\n'
GOOGLE = '[[oauth]]\nname = "office"\nkind = "google"\nkey_file = "subscribers/google.json"\n'
REFRESH = (
    '[[oauth]]\nname = "office"\nkind = "refresh"\nurl = "https://login.example.org/token"\nclient = "app"\n'
    'refresh_env = "REFRESH"\n'
)
ROUTE = '[[smtp]]\nname = "relay"\nhost = "smtp.example.org"\nusername = "news@example.org"\noauth = "office"\n'
BOX = '[mailbox]\nkind = "imap"\nhost = "imap.example.org"\nusername = "news@example.org"\noauth = "office"\n'


def settings(text):
    return parse(LETTER + text)


def door(text):
    [found] = settings(text).oauths
    return found


@pytest.fixture(scope="module")
def account():
    """A service account: its key, and the file that Google gives out of it."""
    key = generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    file = {"client_email": "letters@project.example", "private_key_id": "k1", "private_key": pem}
    return key.public_key(), json.dumps(file).encode()


def test_an_application_of_microsoft_asks_as_itself():
    by = door(TENANT)
    assert by.url == "https://login.microsoftonline.com/example.org/oauth2/v2.0/token"
    assert request(by, Held(secret="s3"), "news@example.org", NOON) == {
        "grant_type": "client_credentials",
        "client_id": "app",
        "client_secret": "s3",
        "scope": "https://outlook.office365.com/.default",
    }


def test_who_agreed_once_is_not_asked_again():
    by = door(REFRESH)
    asked = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": "r1"}
    assert request(by, Held(refresh="r1"), "news@example.org", NOON) == asked
    more = request(door(f'{REFRESH}scope = "mail"\n'), Held(secret="s3", refresh="r1"), "news@example.org", NOON)
    assert more == {**asked, "client_secret": "s3", "scope": "mail"}


def test_what_is_held_is_neither_shown_nor_repeated():
    held = Held(secret="s3", refresh="r1", key=b"k7")
    assert repr(held) == "Held()"
    assert held.hide("neither s3 nor r1") == "neither … nor …"
    assert Held().hide("as it was") == "as it was"


def test_a_service_account_signs_whose_mail_it_asks_for(account):
    public, file = account
    asked = request(door(GOOGLE), Held(key=file), "news@example.org", NOON)
    assert asked["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    text, _, signature = asked["assertion"].rpartition(".")
    public.verify(decoded(signature), text.encode(), PKCS1v15(), SHA256())
    head, claims = (json.loads(decoded(part)) for part in text.split("."))
    assert head == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
    assert claims == {
        "iss": "letters@project.example",
        "sub": "news@example.org",
        "scope": "https://mail.google.com/",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": NOON.timestamp(),
        "exp": NOON.timestamp() + 3600,
    }


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b"[" * 99_999, b'{"client_email": "a", "private_key": "no key"}']
)
def test_a_file_that_is_no_key_of_an_account_is_told(content):
    with pytest.raises(ValueError, match="no key of a service account"):
        request(door(GOOGLE), Held(key=content), "news@example.org", NOON)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MICROSOFT, ":4: [oauth] has no tenant"),
        (f'{MICROSOFT}tenant = "a/../b"\n', "“a/../b” names no directory"),
        (TENANT.replace('secret_env = "SECRET"\n', ""), "secret is missing; name the environment variable"),
        (f'{TENANT}secret = "s3"\n', "secret must not stand here"),
        (GOOGLE.replace("subscribers/google.json", ""), "names no file"),
        (GOOGLE.replace("google.json", "a\\u0000b"), "names no file"),
        (f'{TENANT}key_file = "k"\n', "[oauth] has no setting “key_file”"),
        (TENANT.replace("microsoft", "yahoo"), "kind cannot be “yahoo”"),
        (REFRESH.replace('refresh_env = "REFRESH"\n', ""), "the refresh token is missing"),
        (REFRESH.replace("https:", "http:"), "readable by everybody"),
        (TENANT + TENANT, "two [[oauth]] are called “office”"),
        (ROUTE, "there is no [[oauth]] called “office”; add one"),
        (
            TENANT + ROUTE.replace('"office"', '"ofice"'),
            "there is no [[oauth]] called “ofice”; known here: office",
        ),
        (f'{TENANT}{ROUTE}password_env = "PASSWORD"\n', "take password_env out"),
        (TENANT + ROUTE.replace('username = "news@example.org"\n', ""), "add username"),
        (f'{TENANT}{BOX}password_env = "PASSWORD"\n', "take password_env out"),
    ],
)
def test_settings_that_let_nobody_in_are_refused(text, told):
    with pytest.raises(SettingsError) as error:
        settings(text)
    assert told in str(error.value)
    assert "s3" not in str(error.value)


def test_a_route_and_a_mailbox_may_be_let_in_by_one():
    found = settings(TENANT + ROUTE + BOX)
    assert found.routes[0].oauth == found.mailbox.oauth == "office"


def test_access_is_granted_for_as_long_as_is_said():
    granted = answer(200, b'{"token_type": "bearer", "access_token": "t1", "expires_in": "3599"}')
    assert (granted.token, granted.seconds) == ("t1", 3599)
    assert "t1" not in repr(granted)
    assert answer(200, b'{"access_token": "t1"}').seconds == 300
    assert answer(200, b'{"access_token": "t1", "expires_in": "soon"}').seconds == 300


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("NaN", 300), ('"nan"', 300), ("1" + "0" * 400, 300), ("1e999", 86_400), ("99999999", 86_400), ("-5", 0)],
)
def test_no_access_lasts_for_ever_whatever_is_said_of_it(said, seconds):
    assert answer(200, b'{"access_token": "t1", "expires_in": %b}' % said.encode()).seconds == seconds


@pytest.mark.parametrize(
    ("status", "content", "told", "passing"),
    [
        (
            401,
            b'{"error": "invalid_client", "error_description": "AADSTS7: bad.\\r\\nTrace: 1"}',
            "AADSTS7: bad",
            False,
        ),
        (400, b'{"error": "invalid_grant"}', "invalid_grant", False),
        (400, b'{"error": "temporarily_unavailable"}', "temporarily_unavailable", True),
        (400, b'{"error": ["odd"]}', "400", False),
        (400, b'{"error": "\\ud800 \\u001b[31mred"}', "\N{REPLACEMENT CHARACTER} [31mred", False),
        (429, b'{"error": "slow_down"}', "slow_down", True),
        (400, b'{"error": "server_error"}', "server_error", True),
        (200, b'{"access_token": "t\\u00e9"}', "no mail server takes", False),
        (503, b"<html>", "it answers 503", True),
        (200, b"<html>", "it answers 200", False),
        (200, b"[" * 99_999, "it answers 200", False),
        (302, b"", "it answers 302", False),
        (200, b'{"access_token": "a\\nb"}', "no mail server takes", False),
        (200, b'{"access_token": ""}', "no mail server takes", False),
        (200, b'{"access_token": "t", "token_type": "mac"}', "no mail server takes", False),
        (200, b'{"access_token": 7}', "200", False),
    ],
)
def test_what_is_not_granted_is_told(status, content, told, passing):
    with pytest.raises(GrantError) as error:
        answer(status, content)
    assert told in str(error.value)
    assert "Trace" not in str(error.value)
    assert error.value.passing is passing


def access(grants):
    by = door(f'{MICROSOFT}url = "{grants.url}"\n')
    return Access(by, Held(secret="s3"), "news@example.org", RouteError, lambda: NOON)


def gets(grants, times):
    async def work():
        of = access(grants)
        return [await of.get() for _ in range(times)]

    return asyncio.run(work())


def test_one_answer_serves_all_that_ask_until_it_ends():
    async def work(of):
        first = await asyncio.gather(*(of.get() for _ in range(20)))
        # Twenty were let in by it: a new one may help, and one that was got just now may not.
        assert of.forget("token-1")
        second = await of.get()
        assert of.forget("token-1")
        assert await of.get() == second
        of.forget(second)
        third = await of.get()
        assert not of.forget(third)
        return {*first, second, third}

    with Grants() as grants:
        assert asyncio.run(work(access(grants))) == {"token-1", "token-2", "token-3"}
        assert len(grants.asked) == 3
    with Grants(lasts=0) as grants:
        assert gets(grants, 2) == ["token-1", "token-2"]


def test_access_is_got_anew_before_it_ends(monkeypatch):
    """Two minutes before, so that it lasts for a log-in; what is good for a moment, at half of that."""
    for lasts, good, over in ((3600, 3479, 3481), (100, 49, 51)):
        with Grants(lasts=lasts) as grants:

            async def work(of, good=good, over=over):
                found = []
                for clock in (0, good, over):
                    monkeypatch.setattr("newsletter.fetch.access.monotonic", lambda clock=clock: clock)
                    found.append(await of.get())
                return found

            assert asyncio.run(work(access(grants))) == ["token-1", "token-1", "token-2"]


def test_a_refusal_says_what_to_do_and_no_secret():
    words = b'{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid secret."}'
    with Grants(says=(401, words)) as grants, pytest.raises(RouteError) as error:
        gets(grants, 1)
    assert str(error.value) == (
        "[[oauth]] office: no access is granted: AADSTS7000215: Invalid secret; check client, and the secret in "
        "the variable SECRET: such secrets end one day"
    )


@pytest.mark.parametrize("says", [(401, b'{"error": "no s3"}'), (503, b'{"error": "no s3"}')])
def test_a_secret_that_is_repeated_is_not_told(says):
    with Grants(says=says) as grants, pytest.raises(NewsletterError, match="granted: no …") as error:
        gets(grants, 1)
    assert "s3" not in str(error.value)


@pytest.mark.parametrize("said", ["socks5://127.0.0.1:9", "odd://x", "http://127.0.0.1:9"])
def test_no_proxy_of_the_environment_gets_a_secret_to_see(monkeypatch, said):
    monkeypatch.setenv("ALL_PROXY", said)
    monkeypatch.setenv("HTTP_PROXY", said)
    with Grants() as grants:
        assert gets(grants, 1) == ["token-1"]


@pytest.mark.parametrize("host", ["xn--.example", "\u2603.example"])
def test_a_host_that_there_cannot_be_is_told(host):
    of = Access(door(f'{MICROSOFT}url = "https://{host}/"\n'), Held(), "a", RouteError, lambda: NOON)
    with pytest.raises(RouteError, match="no host can be called as url says; check url"):
        asyncio.run(of.get())


def test_who_talks_and_never_ends_holds_nobody_up(monkeypatch):
    monkeypatch.setattr("newsletter.fetch.access.PATIENCE", 0.5)
    ended = asyncio.Event()

    async def drip(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n")
        try:
            for _ in range(30):
                writer.write(b" ")
                await asyncio.sleep(0.1)
        finally:
            writer.transport.abort()
            ended.set()

    async def work():
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        of = Access(door(f'{MICROSOFT}url = "{url}"\n'), Held(), "a", RouteError, lambda: NOON)
        with pytest.raises(TryAgainError, match="does not answer in time"):
            await of.get()
        await ended.wait()
        server.close()

    asyncio.run(asyncio.wait_for(work(), 5))


@pytest.mark.parametrize("says", [(503, b"busy"), (429, b'{"error": "slow_down"}')])
def test_who_is_busy_is_asked_again_later(says):
    with Grants(says=says) as grants, pytest.raises(TryAgainError):
        gets(grants, 1)


def test_nobody_is_led_elsewhere_with_a_secret():
    with Grants(says=(302, b"")) as grants, pytest.raises(RouteError, match="answers 302"):
        gets(grants, 1)
    assert len(grants.asked) == 1


def test_an_answer_without_end_fills_no_memory():
    with Grants(says=(200, b" " * 20_000_000)) as grants, pytest.raises((RouteError, TryAgainError)):
        gets(grants, 1)


def test_who_does_not_answer_is_told_and_asked_again():
    with Grants() as grants:
        of = access(grants)
    with pytest.raises(TryAgainError, match=r"\[\[oauth\]\] office: 127\.0\.0\.1 does not answer"):
        asyncio.run(of.get())
