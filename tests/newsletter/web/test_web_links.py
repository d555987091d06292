"""Links in mails: only a button changes anything, each token opens its own door, and leaving always works."""

import html
import random
import string
from urllib.parse import urlsplit

import httpx
import pytest

from newsletter.gate import proof
from subscribers.store.register import people, suppressions, topics
from subscribers.token import Purpose, Ring, make
from tests.samples import rendered, sample
from tests.webserver import World

DOORS = ("confirm", "preferences", "unsubscribe")


def test_looking_changes_nothing_however_often_and_however(world: World) -> None:
    anna, bo = world.person("anna@example.org"), world.person("bo@example.org", "pending")
    paths = ["/", "/subscribe", "/health"]
    for one in (anna, bo):
        paths += [f"/{door}/{world.token(door, one.id, slug)}" for door in DOORS for slug in ("monthly", "")]
    before = world.everything()
    for number in range(1_000):
        method = ("GET", "HEAD", "OPTIONS")[number % 3]
        answer = world.client.request(method, paths[number % len(paths)], params={"do": "leave", "confirm": "1"})
        assert answer.status_code == (405 if method == "OPTIONS" else 200)
    assert world.everything() == before


def test_no_page_sends_a_form_by_itself(world: World) -> None:
    anna = world.person(status="pending")
    for door in DOORS:
        page = world.client.get(f"/{door}/{world.token(door, anna.id)}").text
        assert "<script" not in page
        assert "http-equiv" not in page
        assert 'method="post"' in page


def test_who_was_forwarded_a_letter_is_told_who_would_leave(world: World) -> None:
    anna = world.person("anna@example.org")
    page = world.client.get(f"/unsubscribe/{world.token('unsubscribe', anna.id)}?lang=sv").text
    assert "avslutar du prenumerationen för den som skickade det vidare" in page
    assert "anna" not in page


def test_a_token_opens_only_its_own_door(world: World) -> None:
    anna = world.person(status="pending")
    before = world.everything()
    for door in DOORS:
        for purpose in (*DOORS, "form"):
            if purpose == door:
                continue
            path = f"/{door}/{world.token(purpose, anna.id)}"
            assert (world.client.get(path).status_code, world.client.post(path).status_code) == (404, 404)
    assert world.everything() == before


@pytest.mark.parametrize("after", [".", ")", "/", "%3E", "%22", "%29.", "%E2%80%9D", "%20"])
def test_what_a_mail_program_leaves_at_the_end_of_a_link_does_no_harm(world: World, after: str) -> None:
    anna = world.person(status="pending")
    for door in DOORS:
        assert world.client.get(f"/{door}/{world.token(door, anna.id)}{after}").status_code == 200
    assert world.client.post(f"/unsubscribe/{world.token('unsubscribe', anna.id)}{after}").status_code == 200


def test_no_changed_token_opens_a_door(world: World) -> None:
    anna = world.person(status="pending")
    luck = random.Random(5)
    before = world.everything()
    letters = string.ascii_letters + string.digits + "-_"
    for door in DOORS:
        good = world.token(door, anna.id)
        for place in range(len(good)):
            other = luck.choice([letter for letter in letters if letter != good[place]])
            assert world.client.post(f"/{door}/{good[:place]}{other}{good[place + 1 :]}").status_code == 404
        for bad in (good[:-1], good + "A", good.lower(), "%00", "..%2f..", "å", "a" * 5000):
            assert world.client.post(f"/{door}/{bad}").status_code == 404
    assert world.everything() == before


def test_old_keys_still_open_and_unknown_ones_do_not(world: World) -> None:
    anna = world.person()
    for secret, wanted in ((b"k" * 32, 200), (b"x" * 32, 404)):
        made = make(Ring((secret,)), Purpose.UNSUBSCRIBE, anna.id, 1)
        assert world.client.get(f"/unsubscribe/{made}").status_code == wanted


def test_pressing_the_button_confirms_with_its_evidence(world: World) -> None:
    world.sign_up("anna@example.org", language="sv")
    (person,) = world.rows("subscribers")
    path = f"/confirm/{world.token('confirm', person['id'])}"
    page = world.client.get(path).text
    assert "Månadsbrevet" in page
    assert "Ja, skicka det till mig" in page
    answer = world.client.post(path)
    assert "Välkommen" in answer.text
    assert world.status(person["id"]) == {"monthly": "confirmed"}
    signup, confirm = world.rows("consents")
    assert confirm["what"] == "confirm"
    assert confirm["wording"] == signup["wording"]
    assert confirm["message_id"] == "<mail-1@example.org>"


def test_confirming_twice_is_as_good_as_once(world: World) -> None:
    anna = world.person(status="pending")
    path = f"/confirm/{world.token('confirm', anna.id)}"
    first = world.client.post(path)
    rows = world.rows("consents")
    second = world.client.post(path)
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert world.rows("consents") == rows
    assert "Welcome" in world.client.get(path).text


def test_an_old_confirm_link_brings_nobody_back(world: World) -> None:
    anna = world.person(status="pending")
    path = f"/confirm/{world.token('confirm', anna.id)}"
    world.client.post(path)
    world.client.post(f"/unsubscribe/{world.token('unsubscribe', anna.id)}")
    answer = world.client.post(path)
    assert world.status(anna.id) == {"monthly": "unsubscribed"}
    assert "You have unsubscribed" in answer.text


def test_a_confirm_link_ends_after_fourteen_days_and_an_unsubscribe_link_never(world: World) -> None:
    anna = world.person(status="pending")
    confirm, leave = world.token("confirm", anna.id), world.token("unsubscribe", anna.id)
    world.later(days=14)
    answer = world.client.post(f"/confirm/{confirm}")
    assert answer.status_code == 404
    assert "This link does not work" in answer.text
    world.later(days=3650)
    assert world.client.post(f"/unsubscribe/{leave}").status_code == 200


def test_a_link_without_a_list_confirms_all_that_waits_and_shows_it_first(world: World) -> None:
    world.sign_up("anna@example.org", list=["monthly", "events"])
    (person,) = world.rows("subscribers")
    path = f"/confirm/{world.token('confirm', person['id'], '')}"
    page = world.client.get(path).text
    assert "The monthly letter" in page
    assert "Events at the quay" in page
    world.client.post(path)
    assert world.status(person["id"]) == {"monthly": "confirmed", "events": "confirmed"}


ONE_CLICK = {
    "form-urlencoded": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
    "empty": {},
    "broken": {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=y"}},
}


@pytest.mark.parametrize("kind", ONE_CLICK)
def test_one_click_leaves_in_every_encoding(world: World, kind: str) -> None:
    anna = world.person()
    path = f"/unsubscribe/{world.token('unsubscribe', anna.id)}"
    answer = httpx.post(world.url + path, **ONE_CLICK[kind])
    assert answer.status_code == 200
    assert answer.history == []
    assert "set-cookie" not in answer.headers
    assert world.status(anna.id) == {"monthly": "unsubscribed"}
    rows = world.rows("consents")
    assert rows[-1]["what"] == "withdraw"
    again = httpx.post(world.url + path, **ONE_CLICK[kind])
    assert (again.status_code, again.text) == (200, answer.text)
    assert world.rows("consents") == rows


def test_who_has_left_by_the_mail_programs_button_is_not_asked_once_more(world: World) -> None:
    anna = world.person()
    path = f"/unsubscribe/{world.token('unsubscribe', anna.id)}"
    every = f"/unsubscribe/{world.token('unsubscribe', anna.id, '')}"
    asked = "Would you like to leave?"
    assert asked in world.client.get(path).text
    httpx.post(world.url + path, **ONE_CLICK["form-urlencoded"])
    before = world.everything()
    for way in (path, every):
        page = world.client.get(way).text
        assert asked not in page
        assert "You have unsubscribed" in page
        assert 'value="undo"' in page
    assert world.everything() == before
    world.client.post(path, data={"do": "undo"})
    assert asked in world.client.get(path).text
    httpx.post(world.url + path, **ONE_CLICK["form-urlencoded"])
    # By then only a new signup brings anybody back.
    world.later(hours=25)
    page = world.client.get(path).text
    assert "You have unsubscribed" in page
    assert 'value="undo"' not in page
    assert "/subscribe?lang=en" in page


def test_leaving_one_list_keeps_the_others(world: World) -> None:
    anna = world.person()
    world.client.post(
        f"/preferences/{world.token('preferences', anna.id)}", data={"do": "save", "list": ["monthly", "events"]}
    )
    world.client.post(f"/unsubscribe/{world.token('unsubscribe', anna.id, 'events')}")
    assert world.status(anna.id) == {"monthly": "confirmed", "events": "unsubscribed"}
    world.client.post(f"/unsubscribe/{world.token('unsubscribe', anna.id, '')}")
    assert world.status(anna.id) == {"monthly": "unsubscribed", "events": "unsubscribed"}


def test_whoever_was_erased_has_left_and_sees_no_fault(world: World) -> None:
    anna = world.person()
    leave, choose = world.token("unsubscribe", anna.id), world.token("preferences", anna.id)
    key = world.site.ring.derive(suppressions.PURPOSE)
    world.site.writer.submit(lambda c: people.erase(c, anna.id, [key], world.clock[0])).result()
    assert world.client.post(f"/unsubscribe/{leave}").status_code == 200
    assert world.client.get(f"/preferences/{choose}").status_code == 404
    assert world.client.post(f"/preferences/{choose}", data={"do": "save"}).status_code == 404


def test_preferences_change_lists_topics_language_and_name(world: World) -> None:
    anna = world.person()
    path = f"/preferences/{world.token('preferences', anna.id)}"
    page = world.client.get(path).text
    assert 'value="monthly" checked' in page
    assert 'value="events" checked' not in page
    form = {
        "do": "save",
        "list": ["events"],
        "topic": ["boats", "nonsense"],
        "language": "sv",
        "name": " Åsa  Ek ",
    }
    answer = world.client.post(path, data=form)
    assert "Sparat" in answer.text
    assert 'value="boats" checked' in answer.text
    now = people.get(world.site.reader, anna.id)
    assert (now.name, now.language, now.topics) == ("Åsa Ek", "sv", frozenset({"boats"}))
    assert world.status(anna.id) == {"monthly": "unsubscribed", "events": "confirmed"}
    whats = [(row["what"], row["list"], row["source"]) for row in world.rows("consents")][1:]
    assert whats == [
        ("withdraw", "monthly", "preferences page"),
        ("signup", "events", "preferences page"),
        ("change", "", "preferences page"),
    ]
    (said,) = [row["wording"] for row in world.rows("consents") if row["what"] == "signup"]
    assert said.startswith("Ja, skicka ”Evenemang på kajen” till mig ")
    assert said in html.unescape(answer.text)


def test_saving_what_is_so_already_writes_no_evidence(world: World) -> None:
    anna = world.person()
    before = world.rows("consents")
    form = {"do": "save", "list": "monthly", "name": "Anna", "language": "en"}
    world.client.post(f"/preferences/{world.token('preferences', anna.id)}", data=form)
    assert world.rows("consents") == before


def test_topics_that_the_settings_no_longer_name_are_kept(world: World) -> None:
    anna = world.person()
    world.site.writer.submit(lambda c: topics.choose(c, anna.id, ["old", "fish"])).result()
    form = {"do": "save", "list": "monthly", "topic": "boats"}
    world.client.post(f"/preferences/{world.token('preferences', anna.id)}", data=form)
    assert people.get(world.site.reader, anna.id).topics == {"old", "boats"}


def test_everything_can_be_left_from_the_preferences(world: World) -> None:
    anna = world.person()
    path = f"/preferences/{world.token('preferences', anna.id)}"
    answer = world.client.post(path, data={"do": "leave"})
    assert "unsubscribed from everything" in answer.text
    assert world.status(anna.id) == {"monthly": "unsubscribed"}


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Click"}, {"do": "other"}, {"list": "events"}])
def test_a_body_that_is_not_the_form_changes_no_preferences(world: World, body: dict[str, str]) -> None:
    anna = world.person()
    before = world.everything()
    world.client.post(f"/preferences/{world.token('preferences', anna.id)}", data=body)
    assert world.everything() == before


def test_a_name_too_long_is_explained_and_hostile_ones_are_text(world: World) -> None:
    anna = world.person()
    path = f"/preferences/{world.token('preferences', anna.id)}"
    answer = world.client.post(path, data={"do": "save", "list": "monthly", "name": "x" * 201})
    assert answer.status_code == 422
    assert "name-fault" in answer.text
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    answer = world.client.post(path, data={"do": "save", "list": "monthly", "name": hostile})
    assert "<script" not in answer.text
    assert "{{ 7*7 }}" in answer.text


def test_no_page_holds_the_address(world: World) -> None:
    anna = world.person("anna.secret@example.org", "pending")
    for door in DOORS:
        path = f"/{door}/{world.token(door, anna.id)}"
        assert "anna.secret" not in path + world.client.get(path).text


def test_a_link_of_a_preview_says_what_it_is(world: World) -> None:
    one = rendered(sample("0001-hello", "en"))
    links = proof.sample(one, world.site.settings)
    for name in ("preferences_url", "unsubscribe_url"):
        answer = world.client.get(urlsplit(links[name]).path)
        assert answer.status_code == 404
        assert "This link is from a test mail" in answer.text


@pytest.mark.parametrize("door", ["preferences", "unsubscribe", "confirm"])
def test_a_link_of_a_test_mail_says_so(world: World, door: str) -> None:
    answer = world.client.get(f"/{door}/{world.token(door, 0)}")
    assert answer.status_code == 404
    assert "This link is from a test mail" in answer.text
    assert "This link does not work" in world.client.get(f"/{door}/{world.token(door, 999)}").text


@pytest.mark.parametrize("path", ["/unsubscribe/broke", "/preferences/broke", "/unsubscribe"])
def test_who_comes_by_a_broken_link_is_led_to_a_new_one(world: World, path: str) -> None:
    shown = world.client.get(f"{path}?lang=sv").text
    if "<form" not in shown:
        assert 'href="/preferences?lang=sv">Ändra vad du får</a>' in shown
        shown = world.client.get("/preferences?lang=sv").text
    assert 'action="/preferences?lang=sv"' in shown
    assert "Skicka länken till mig" in shown
