"""Signing up: the same answer for everybody, one mail at most, and evidence of every word."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import html5lib
import pytest

from subscribers.address import parse
from subscribers.store.register import limits, people
from subscribers.token import CONFIRM_FOR
from tests.webserver import MORE, SETTINGS, World, serving, six

PROXIED = SETTINGS + MORE + '[web]\ntrusted_proxies = ["127.0.0.1"]\n'


def test_the_answer_never_tells_whose_address_it_is(world: World) -> None:
    answers = []
    for email in six(world):
        answer = world.sign_up(email)
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        answers.append((answer.status_code, headers, answer.text))
    assert answers[0][0] == 200
    assert "Look in your inbox" in answers[0][2]
    assert all(answer == answers[0] for answer in answers)
    documents = [
        (answer.status_code, answer.text)
        for answer in (
            world.client.post("/subscribe", json={"email": f"j-{email}", "lists": ["monthly"]})
            for email in six_more()
        )
    ]
    assert set(documents) == {documents[0]}
    assert documents[0][0] == 202


def six_more() -> list[str]:
    return ["confirmed@example.org", "new@example.org", "suppressed@example.org"]


def test_only_those_who_may_be_mailed_are(world: World) -> None:
    for email in six(world):
        world.sign_up(email)
    sent = {
        (row["kind"], people.get(world.site.reader, row["subscriber_id"]).address.typed)
        for row in world.rows("mails")
    }
    assert sent == {
        ("confirm", "new@example.org"),
        ("confirm", "pending@example.org"),
        ("confirm", "unsubscribed@example.org"),
        ("link", "confirmed@example.org"),
    }


def hostile(number: int, stamp: str) -> bytes:
    """Return a post to one victim, in one of six spellings, from one of a thousand networks."""
    email = ("victim@gmail.com", "Victim@gmail.com", f"v.ictim+{number}@gmail.com")[number % 3]
    if number % 2:
        kind, body = "application/json", json.dumps({"email": email, "lists": ["monthly"]})
    else:
        kind, body = (
            "application/x-www-form-urlencoded",
            urlencode({"email": email, "list": "monthly", "stamp": stamp}),
        )
    return (
        f"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"X-Forwarded-For: {1 + number % 200}.{number % 1000 // 200}.7.9\r\n\r\n{body}"
    ).encode()


async def post_all(url: str, posts: Iterator[bytes]) -> Counter[bytes]:
    """Send *posts* over many connections; return how often there was which status."""
    statuses: Counter[bytes] = Counter()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        for post in posts:
            writer.write(post)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head)[1]))
            statuses[head.split()[1]] += 1
        writer.close()

    await asyncio.gather(*(connection() for _ in range(40)))
    return statuses


def test_ten_thousand_hostile_posts_from_a_thousand_networks_make_one_mail(tmp_path: Path) -> None:
    with serving(tmp_path, PROXIED) as world:
        stamp = world.stamp()
        statuses = asyncio.run(post_all(world.url, (hostile(number, stamp) for number in range(10_000))))
        assert statuses == {b"200": 5_000, b"202": 5_000}
        assert len(world.rows("mails")) == 1


def test_an_address_gets_one_mail_a_day_and_twelve_a_year(world: World) -> None:
    counts = []
    for _ in range(365):
        world.sign_up("anna@example.org")
        world.sign_up("anna@example.org")
        counts.append(len(world.rows("mails")))
        world.later(days=1)
    assert counts[:6] == [1, 2, 3, 3, 3, 3]
    assert counts[-1] == 12


def test_no_stranger_keeps_anybody_out_by_signing_them_up(world: World) -> None:
    for _ in range(40):
        world.sign_up("anna@example.org")
        latest = max(datetime.fromisoformat(str(row["created"])) for row in world.rows("mails"))
        assert world.clock[0] - latest < CONFIRM_FOR, "a link in the mailbox works"
        world.later(days=1)


def test_a_clock_that_ran_ahead_and_was_put_right_keeps_nobody_out(world: World) -> None:
    for days in (300, -300, 0):
        world.later(days=days)
        world.sign_up("anna@example.org")
    assert len(world.rows("mails")) == 2
    world.later(minutes=-10)
    world.sign_up("anna@example.org")
    assert len(world.rows("mails")) == 2, "a small step back makes no second mail"


def test_limits_outlive_a_restart(tmp_path: Path) -> None:
    for _ in range(3):
        with serving(tmp_path) as world:
            world.sign_up("anna@example.org")
            assert len(world.rows("mails")) == 1


def test_whoever_confirmed_may_be_asked_again_later(world: World) -> None:
    for _ in range(3):
        world.sign_up("anna@example.org")
        world.later(hours=25)
    (person,) = world.rows("subscribers")
    world.client.post(f"/confirm/{world.token('confirm', person['id'])}")
    world.client.post(f"/unsubscribe/{world.token('unsubscribe', person['id'])}")
    world.sign_up("anna@example.org")
    assert [row["kind"] for row in world.rows("mails")] == [*["confirm"] * 3, "welcome", "confirm"]


def test_one_network_causes_a_limited_number_of_mails(tmp_path: Path) -> None:
    most = limits.NETWORK[0].most
    with serving(tmp_path, PROXIED) as world:
        for number in range(most + 20):
            post = {"email": f"r{number}@example.org", "lists": ["monthly"]}
            world.client.post("/subscribe", json=post, headers={"X-Forwarded-For": f"192.0.2.{number % 250}"})
        assert len(world.rows("mails")) == most
        # And nobody beyond it is even written down; the operator hears of it, of nobody by name.
        assert len(world.rows("subscribers")) == most
        (said,) = world.said
        assert said.startswith(f"Signups are dropped: more than {most} in an hour or 500 in a day came from one")
        assert "@" not in said
        world.client.post("/subscribe", json=post, headers={"X-Forwarded-For": "198.51.100.1"})
        assert len(world.rows("mails")) == most + 1


def test_a_forwarded_address_counts_only_from_a_proxy_of_ours(tmp_path: Path) -> None:
    with serving(tmp_path) as world:
        world.client.post(
            "/subscribe",
            json={"email": "a@example.org", "lists": ["monthly"]},
            headers={"X-Forwarded-For": "192.0.2.7"},
        )
        assert [row["network"] for row in world.rows("consents")] == ["127.0.0.0/24"]


def test_the_evidence_says_what_was_agreed_to_where_and_when(world: World) -> None:
    page = world.client.get("/subscribe?lang=sv").text
    sentence = "Ja, skicka ”Månadsbrevet” till mig med e-post. Jag kan avsluta prenumerationen när som helst."
    assert sentence in page
    world.sign_up("Anna.Å@exempel.example", name="  Anna \n Åberg ", language="sv")
    (consent,) = world.rows("consents")
    assert consent["what"] == "signup"
    assert consent["wording"] == sentence
    assert (consent["language"], consent["source"], consent["network"]) == ("sv", "signup form", "127.0.0.0/24")
    assert datetime.fromisoformat(str(consent["at"])) == datetime(2025, 6, 1, 8, tzinfo=UTC)
    (person,) = world.rows("subscribers")
    assert (person["name"], person["language"]) == ("Anna Åberg", "sv")
    assert person["canonical"] == parse("Anna.Å@exempel.example").canonical
    (mail,) = world.rows("mails")
    assert (mail["kind"], mail["list"], mail["language"], mail["state"]) == ("confirm", "monthly", "sv", "queued")


def test_a_stranger_changes_nothing_of_a_known_person(world: World) -> None:
    anna = world.person("anna@example.org", "confirmed")
    before = world.rows("subscribers")
    world.sign_up("ANNA@example.org", name="Mallory", language="sv")
    assert world.rows("subscribers") == before
    assert world.status(anna.id) == {"monthly": "confirmed"}


def test_one_mail_asks_for_all_lists_that_were_ticked(world: World) -> None:
    world.sign_up("anna@example.org", list=["monthly", "events"])
    (mail,) = world.rows("mails")
    assert mail["list"] == ""
    assert world.status(mail["subscriber_id"]) == {"monthly": "pending", "events": "pending"}


def test_one_mail_welcomes_to_all_lists_that_were_confirmed_at_once(world: World) -> None:
    world.sign_up("anna@example.org", list=["monthly", "events"])
    (person,) = world.rows("subscribers")
    for _ in range(2):
        world.client.post(f"/confirm/{world.token('confirm', person['id'], '')}")
    assert world.status(person["id"]) == {"monthly": "confirmed", "events": "confirmed"}
    assert [(row["kind"], row["list"]) for row in world.rows("mails")] == [("confirm", ""), ("welcome", "")]


def test_a_single_opt_in_list_confirms_at_once_and_says_so(world: World) -> None:
    answer = world.sign_up("anna@example.org", list="quick")
    (person,) = world.rows("subscribers")
    assert world.status(person["id"]) == {"quick": "confirmed"}
    assert [(row["kind"], row["list"]) for row in world.rows("mails")] == [("welcome", "quick")]
    assert "Look in your inbox" not in answer.text


def test_a_list_may_greet_nobody(tmp_path: Path) -> None:
    silent = MORE.replace('opt_in = "single"', 'opt_in = "single"\nwelcome = false')
    with serving(tmp_path, SETTINGS + silent) as world:
        world.sign_up("anna@example.org", list="quick")
        assert world.rows("mails") == []


def test_letters_follow_the_welcome_and_none_of_them_twice(tmp_path: Path) -> None:
    monthly = SETTINGS.replace('slug = "monthly"', 'slug = "monthly"\nseries = {best = 30, tips = 7}')
    quick = MORE.replace('slug = "quick"', 'slug = "quick"\nseries = {tips = 3}')
    with serving(tmp_path, monthly + quick) as world:

        def queued() -> list[tuple[object, ...]]:
            names = ("list", "issue", "due", "language")
            return [tuple(row[name] for name in names) for row in world.rows("mails") if row["kind"] == "series"]

        world.sign_up("anna@example.org", list=["monthly", "events"])
        (person,) = world.rows("subscribers")
        assert queued() == []
        world.later(hours=1)
        for _ in range(2):
            world.client.post(f"/confirm/{world.token('confirm', person['id'], '')}")
        wanted = [
            ("monthly", "tips", "2025-06-08T09:00:00.000Z", "en"),
            ("monthly", "best", "2025-07-01T09:00:00.000Z", "en"),
        ]
        assert queued() == wanted
        # Who joins another list, or comes back, has them already.
        world.sign_up("anna@example.org", list="quick")
        world.client.post(f"/unsubscribe/{world.token('unsubscribe', person['id'])}")
        world.later(days=2)
        world.sign_up("anna@example.org")
        world.client.post(f"/confirm/{world.token('confirm', person['id'])}")
        assert world.status(person["id"]) == {
            "monthly": "confirmed",
            "events": "confirmed",
            "quick": "confirmed",
        }
        assert queued() == wanted
        world.sign_up("bo@example.org", list="quick")
        assert queued()[2:] == [("quick", "tips", "2025-06-06T09:00:00.000Z", "en")]


def test_nobody_is_brought_back_by_a_stranger(world: World) -> None:
    anna = world.person("anna@example.org", "unsubscribed", "quick")
    world.sign_up("anna@example.org", list="quick")
    assert world.status(anna.id) == {"quick": "pending"}
    assert [row["kind"] for row in world.rows("mails")] == ["confirm"]


def test_what_fills_the_hidden_field_gets_the_same_answer_and_no_row(world: World) -> None:
    person, program = world.sign_up("a@example.org"), world.sign_up("b@example.org", website="http://spam.example")
    assert person.text == program.text
    assert [row["email"] for row in world.rows("subscribers")] == ["a@example.org"]


@pytest.mark.parametrize("stamp", ["", "x", "A" * 44, "late", "other"])
def test_a_form_that_is_not_ours_or_too_old_is_shown_again_filled_in(world: World, stamp: str) -> None:
    made = world.stamp()
    if stamp == "late":
        stamp = made
        world.later(hours=25)
    if stamp == "other":
        stamp = world.token("preferences", 1)
    answer = world.sign_up("anna@example.org", stamp=stamp, name="Anna")
    assert 'value="anna@example.org"' in answer.text
    assert "once more" in answer.text
    assert world.rows("subscribers") == []


def test_the_form_as_it_is_shown_can_be_sent(world: World) -> None:
    page = world.client.get("/subscribe").text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    answer = world.client.post("/subscribe", data={**hidden, "email": "a@example.org", "list": "monthly"})
    assert "Look in your inbox" in answer.text
    assert len(world.rows("mails")) == 1


BAD = {
    "": "Please write",
    "   ": "Please write",
    "anna": "spelt right",
    "a@b@example.org": "spelt right",
    "a@example.org\r\nBcc: b@example.org": "spelt right",
    "x" * 300 + "@example.org": "spelt right",
    "'; DROP TABLE subscribers; --": "spelt right",
    "<script>alert(1)</script>@example.org": "spelt right",
    "a\x00@example.org": "spelt right",
}


@pytest.mark.parametrize("email", BAD)
def test_a_bad_address_is_explained_beside_its_field(world: World, email: str) -> None:
    answer = world.sign_up(email)
    assert answer.status_code == 422
    assert BAD[email] in answer.text
    assert 'aria-describedby="email-fault" autofocus' in answer.text
    assert "<script" not in answer.text
    assert world.rows("subscribers") == []


def test_the_first_wrong_field_has_the_focus_and_only_that(world: World) -> None:
    answer = world.sign_up("a@example.org", name="n" * 201, list=[])
    assert answer.status_code == 422
    assert answer.text.count(" autofocus") == 1
    assert 'aria-describedby="name-fault" autofocus' in answer.text
    assert "Please choose at least one." in answer.text


def test_no_box_is_ticked_beforehand(world: World) -> None:
    page = world.client.get("/subscribe").text
    assert page.count('type="checkbox"') == 5
    assert "checked" not in page.replace('value="en" checked', "")


def test_with_one_list_there_is_nothing_to_choose(tmp_path: Path) -> None:
    with serving(tmp_path, SETTINGS) as world:
        page = world.client.get("/subscribe").text
        assert "checkbox" not in page
        assert "Yes, send me “The monthly letter” by e-mail. I can unsubscribe at any time." in page
        world.sign_up("a@example.org", list=[])
        assert len(world.rows("mails")) == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b'{"email": 5}', b'{"email": "a@example.org", "lists": {}}', b"[" * 50_000]
)
def test_broken_json_is_refused_as_json(world: World, body: bytes) -> None:
    answer = world.client.post("/subscribe", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"]
    assert world.rows("subscribers") == []


def test_languages_come_from_the_link_then_the_browser_then_the_letter(world: World) -> None:
    for query, header, wanted in (
        ("", "", "en"),
        ("", "sv-SE,sv;q=0.9,en;q=0.1", "sv"),
        ("", "da, en;q=0.2, sv;q=0.8", "sv"),
        ("?lang=sv", "en", "sv"),
        ("?lang=xx", "sv", "sv"),
        ("?lang=../../etc", ";;;q=,q=x", "en"),
    ):
        page = world.client.get(f"/subscribe{query}", headers={"Accept-Language": header})
        assert f'<html lang="{wanted}"' in page.text
        assert page.headers["content-language"] == wanted


def test_the_host_header_makes_no_link(world: World) -> None:
    for path in ("/", "/subscribe", "/nowhere"):
        assert "evil" not in world.client.get(path, headers={"Host": "evil.example"}).text


def test_a_name_with_control_characters_is_kept_without_them(world: World) -> None:
    world.sign_up("a@example.org", name="An\x00na\u0085 \u2028Öberg\x1b")
    body = b'{"email": "b@example.org", "lists": ["monthly"], "name": "B\\ud800o"}'
    world.client.post("/subscribe", content=body, headers={"Content-Type": "application/json"})
    assert [row["name"] for row in world.rows("subscribers")] == ["An na Öberg", "B o"]


def test_no_address_stands_in_the_limits(world: World) -> None:
    world.sign_up("anna@example.org")
    assert world.rows("hits")
    assert not [row for row in world.rows("hits") if "anna" in str(row["bucket"])]


def test_who_mistyped_a_great_providers_name_is_asked_once(world: World) -> None:
    page = world.sign_up("Anna@gmial.com", name="Anna & Co", topic="boats", language="sv")
    assert page.status_code == 200
    assert "Menade du Anna@gmail.com?" in page.text
    assert world.rows("subscribers") == []
    forms = html5lib.parse(page.text, namespaceHTMLElements=False).iter("form")
    right, own = ([(one.get("name"), one.get("value")) for one in form.iter("input")] for form in forms)
    assert ("sure", "Anna@gmial.com") in own
    assert ("email", "Anna@gmial.com") in own
    world.client.post("/subscribe", data=dict(right))
    (person,) = world.rows("subscribers")
    assert (person["email"], person["name"], person["language"]) == ("Anna@gmail.com", "Anna & Co", "sv")
    assert [row["topic"] for row in world.rows("topics")] == ["boats"]


def test_who_is_sure_of_an_address_gets_their_mail_there(world: World) -> None:
    assert "Did you mean" in world.sign_up("anna@gmial.com", sure="anna@gmail.con").text
    assert "Look in your inbox" in world.sign_up("anna@gmial.com", sure="anna@gmial.com").text
    assert [row["email"] for row in world.rows("subscribers")] == ["anna@gmial.com"]
