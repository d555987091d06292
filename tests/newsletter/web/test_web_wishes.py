"""What readers can wish for by themselves: how often, a pause, their clock, the way back, a link to all of it."""

import re
import resource
from datetime import date

import pytest

from subscribers import roster
from subscribers.model import Suppression
from subscribers.status import Frequency
from subscribers.store.register import people, suppressions, wishes
from subscribers.wishes import Reason, Wishes
from tests.webserver import World


def audience(world: World, *, yearly: bool = False) -> list[str]:
    where = roster.audience("monthly", now=world.clock[0], yearly=yearly)
    return [each.address.typed for each in people.select(world.site.reader, where)]


def choose(world: World, person: int, **fields: str):
    form = {"do": "save", "list": "monthly", "language": "en", **fields}
    return world.client.post(f"/preferences/{world.token('preferences', person)}", data=form)


def test_a_pause_keeps_letters_away_until_its_day(world: World) -> None:
    anna = world.person()
    assert choose(world, anna.id, paused="2025-08-01").status_code == 200
    assert audience(world) == []
    world.later(days=60)
    assert audience(world) == []
    world.later(days=1)
    assert audience(world) == ["anna@example.org"]


def test_whoever_wants_one_letter_a_year_gets_that_one(world: World) -> None:
    anna = world.person()
    choose(world, anna.id, frequency="yearly")
    assert audience(world) == []
    assert audience(world, yearly=True) == ["anna@example.org"]
    assert [row["wording"] for row in world.rows("consents") if row["what"] == "change"] == [
        "frequency: yearly, paused until: -"
    ]
    assert wishes.of(world.site.reader, anna.id) == Wishes(Frequency.YEARLY)


def test_whoever_saves_without_any_list_reads_that_this_is_leaving(world: World) -> None:
    anna = world.person()
    assert "You have unsubscribed from everything." in choose(world, anna.id, list="").text
    assert "Saved." in choose(world, anna.id, list="", name="Anna B").text
    assert "Saved." in choose(world, anna.id).text


@pytest.mark.parametrize("day", ["2025-06-01", "2020-01-01", "2099-01-01", "soon", "20250801", "2025-W33-1"])
def test_a_pause_must_end_within_two_years(world: World, day: str) -> None:
    anna = world.person()
    answer = choose(world, anna.id, paused=day, name="Other")
    assert answer.status_code == 422
    assert 'aria-describedby="paused-fault"' in answer.text
    assert people.get(world.site.reader, anna.id).name == "Anna"
    assert audience(world) == ["anna@example.org"]


def test_the_clock_is_one_that_there_is(world: World) -> None:
    anna = world.person()
    assert choose(world, anna.id, zone="Mars/Olympus").status_code == 422
    assert choose(world, anna.id, zone="America/New_York").status_code == 200
    assert people.get(world.site.reader, anna.id).attributes == {"timezone": "America/New_York"}
    page = world.client.get(f"/preferences/{world.token('preferences', anna.id)}").text
    assert re.search(r'<input id="zone"[^>]* value="America/New_York"', page)
    choose(world, anna.id, zone="")
    assert people.get(world.site.reader, anna.id).attributes == {}


def test_a_form_without_a_field_leaves_what_it_would_say(world: World) -> None:
    anna = world.person()
    choose(world, anna.id, frequency="yearly", paused="2025-12-24", zone="Europe/Paris")
    choose(world, anna.id, name="Anna B")
    assert wishes.of(world.site.reader, anna.id) == Wishes(Frequency.YEARLY, date(2025, 12, 24))
    assert people.get(world.site.reader, anna.id).attributes == {"timezone": "Europe/Paris"}


def test_goodbye_asks_why_and_keeps_the_last_answer(world: World) -> None:
    anna = world.person()
    path = f"/unsubscribe/{world.token('unsubscribe', anna.id)}"
    page = world.client.post(path).text
    assert page.count('name="reason"') == len(Reason)
    for reason in ("too-often", "other"):
        answer = world.client.post(path, data={"do": "reason", "reason": reason})
        assert "Thank you for telling us" in answer.text
    assert [(row["list"], row["reason"]) for row in world.rows("departures")] == [("monthly", "other")]
    made_up = world.client.post(path, data={"do": "reason", "reason": "'; DROP TABLE departures"})
    assert made_up.text == answer.text
    assert [row["reason"] for row in world.rows("departures")] == ["other"]
    assert world.status(anna.id) == {"monthly": "unsubscribed"}


def test_a_click_too_much_is_taken_back_for_a_day_and_no_longer(world: World) -> None:
    anna = world.person()
    path = f"/unsubscribe/{world.token('unsubscribe', anna.id)}"
    world.client.post(path)
    assert "You are in" in world.client.post(path, data={"do": "undo"}).text
    assert world.status(anna.id) == {"monthly": "confirmed"}
    assert [row["source"] for row in world.rows("consents")][-1] == "undo on the goodbye page"
    world.client.post(path)
    world.later(hours=25)
    assert "You have unsubscribed" in world.client.post(path, data={"do": "undo"}).text
    assert world.status(anna.id) == {"monthly": "unsubscribed"}


def test_coming_back_after_leaving_everything_brings_back_what_was_left_then(world: World) -> None:
    anna = world.person()
    world.client.post(f"/unsubscribe/{world.token('unsubscribe', anna.id)}")
    world.later(days=2)
    choose(world, anna.id, list="events")
    path = f"/unsubscribe/{world.token('unsubscribe', anna.id, '')}"
    world.client.post(path)
    world.client.post(path, data={"do": "undo"})
    assert world.status(anna.id) == {"monthly": "unsubscribed", "events": "confirmed"}


@pytest.mark.parametrize("status", ["confirmed", "pending", "unsubscribed", "suppressed", ""])
def test_the_link_goes_only_to_readers_and_the_answer_tells_nothing(world: World, status: str) -> None:
    email = "anna@example.org"
    if status:
        world.person(email, "confirmed" if status == "suppressed" else status)
    if status == "suppressed":
        stop = Suppression(email, "complaint", "", world.clock[0])
        world.site.writer.submit(lambda c: suppressions.add(c, stop)).result()
    form = {"email": email, "stamp": world.stamp()}
    answer = world.client.post("/preferences", data=form)
    assert answer.status_code == 200
    assert "If this address subscribes" in answer.text
    assert [row["kind"] for row in world.rows("mails")] == (["link"] if status == "confirmed" else [])
    other = world.client.post("/preferences", data={"email": "nobody@example.org", "stamp": world.stamp()})
    assert other.text == answer.text


def test_a_program_that_asks_for_the_link_gets_the_same_answer_and_nothing_else(world: World) -> None:
    world.person()
    form = {"email": "anna@example.org", "stamp": world.stamp()}
    trapped = world.client.post("/preferences", data={**form, "website": "http://spam.example"})
    assert world.rows("mails") == []
    old = world.client.post("/preferences", data={**form, "stamp": "x"})
    assert world.rows("mails") == []
    assert trapped.text == world.client.post("/preferences", data=form).text != old.text
    assert len(world.rows("mails")) == 1


def test_asking_for_the_link_floods_nobody(world: World) -> None:
    world.person()
    for _ in range(20):
        world.client.post("/preferences", data={"email": "anna@example.org", "stamp": world.stamp()})
    assert len(world.rows("mails")) == 1


def test_a_wrong_address_is_explained_on_the_form_for_the_link(world: World) -> None:
    answer = world.client.post("/preferences", data={"email": "anna", "stamp": world.stamp()})
    assert answer.status_code == 422
    assert "spelt right" in answer.text


def test_topics_count_for_somebody_new_only(world: World) -> None:
    world.sign_up("new@example.org", topic=["boats", "wolves"])
    anna = world.person()
    world.sign_up("anna@example.org", topic=["fish"])
    new = people.by_address(world.site.reader, "new@example.org")
    assert new is not None
    assert new.topics == {"boats"}
    assert people.get(world.site.reader, anna.id).topics == frozenset()


def test_wishes_in_python_and_in_sql_agree(world: World) -> None:
    today = world.clock[0].date()
    for number, (frequency, days) in enumerate((f, d) for f in Frequency for d in (None, -1, 0, 1)):
        person = world.person(f"p{number}@example.org")
        paused = None if days is None else date.fromordinal(today.toordinal() + days)
        wished = Wishes(frequency, paused)
        world.site.writer.submit(lambda c, p=person, w=wished: wishes.choose(c, p.id, w)).result()
        for yearly in (False, True):
            assert (person.address.typed in audience(world, yearly=yearly)) == wished.grants(
                world.clock[0], yearly
            )


def test_health_says_in_one_word_whether_the_pages_can_write(world: World) -> None:
    answer = world.client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    world.site.writer.close()
    answer = world.client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")


def test_a_full_disk_is_told_to_a_watchdog_to_whoever_asks_and_once_to_the_operator(world: World) -> None:
    leave = f"/unsubscribe/{world.token('unsubscribe', world.person().id)}"
    world.client.get("/health")
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A file that may not be written to is a disk without room, as far as SQLite can tell.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, room[1]))
    try:
        answer = world.client.get("/health")
        page = world.client.post(leave, data={"List-Unsubscribe": "One-Click"})
        asked = world.client.post("/subscribe", json={"email": "anna@example.org", "lists": ["monthly"]})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert (page.status_code, asked.status_code) == (503, 503)
    assert world.client.get("/health").status_code == 200
    (said,) = world.said
    assert "readers are told to try again later" in said
    assert "run the same command" not in said


def test_numbers_are_for_this_machine_and_name_nobody(world: World) -> None:
    world.person()
    answer = world.client.get("/metrics")
    assert answer.status_code == 200
    assert 'newsletter_subscriptions{status="confirmed"} 1\n' in answer.text
    assert "anna" not in answer.text
    for line in answer.text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) newsletter_\w+ .+|newsletter_\w+\{\w+="[^"]*"\} \d+', line), line
    # A web server in front of us speaks for strangers.
    assert world.client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
