"""What an editor asks readers for besides: at signup, by program, and on their own page."""

import re
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest

from subscribers.store.register import attributes, people
from tests.webserver import FIELDS, SETTINGS, World, serving

WORK, SECTOR = "field.organization", "field.sector"


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[World]:
    with serving(tmp_path, SETTINGS + FIELDS) as world:
        yield world


def told(world: World, number: int = 1) -> dict[str, object]:
    return dict(people.get(world.site.reader, number).attributes)


def save(world: World, number: int, **fields: str) -> str:
    named = {f"field.{name}": value for name, value in fields.items()}
    form = {"do": "save", "list": "monthly", **named}
    return world.client.post(f"/preferences/{world.token('preferences', number)}?lang=en", data=form).text


@pytest.mark.parametrize(("language", "title", "care"), [("en", "Sector", "Care"), ("sv", "Bransch", "Vård")])
def test_the_page_asks_in_the_readers_language(asking: World, language: str, title: str, care: str) -> None:
    page = asking.client.get(f"/subscribe?lang={language}").text
    html5lib.HTMLParser(strict=True).parse(page)
    assert f'<label for="{SECTOR}">{title} <span' in page
    assert f'<option value="Care">{care}</option>' in page
    assert re.search(rf'name="{WORK}" autocomplete="organization" required ', page)


def test_answers_are_kept_as_attributes(asking: World) -> None:
    asking.sign_up("a@example.org", **{WORK: " Quay \x01 & Co <b> ", SECTOR: "Trade", "field.admin": "yes"})
    assert told(asking) == {"organization": "Quay & Co <b>", "sector": "Trade"}
    assert attributes.known(asking.site.reader) == {"organization", "sector"}


def test_nobody_changes_anothers_answers_by_typing_their_address(asking: World) -> None:
    for _ in range(2):
        asking.sign_up("a@example.org", **{WORK: "Quay"})
        before = asking.rows("subscribers")
        asking.sign_up("a@example.org", **{WORK: "Elsewhere", SECTOR: "Care"})
        asking.client.post("/subscribe", json={"email": "a@example.org", "fields": {"organization": "Elsewhere"}})
        assert asking.rows("subscribers") == before
        asking.client.post(f"/confirm/{asking.token('confirm', 1)}")
    assert told(asking) == {"organization": "Quay"}


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({}, WORK, "Please fill this in."),
        ({WORK: " \x02 "}, WORK, "Please fill this in."),
        ({WORK: "x" * 201}, WORK, "Please write 200 letters at most."),
        ({WORK: "Quay", SECTOR: "Vård"}, SECTOR, "Please choose one of these."),
    ],
)
def test_a_fault_is_told_at_its_field(asking: World, answers: dict[str, str], field: str, words: str) -> None:
    answer = asking.sign_up("a@example.org", **answers)
    assert answer.status_code == 422
    assert f'<p class="fault" id="{field}-fault">{words}</p>' in answer.text
    marked = re.findall(
        r'name="([^"]+)"[^>]* aria-invalid="true" aria-describedby="([^"]+)" autofocus', answer.text
    )
    assert marked == [(field, f"{field}-fault")]
    assert asking.rows("subscribers") == []


def test_what_was_answered_stays_while_an_address_is_asked_about(asking: World) -> None:
    page = asking.sign_up("a@gmial.com", **{WORK: "Quay", SECTOR: "Trade"}).text
    assert f'type="hidden" name="{WORK}" value="Quay"' in page
    assert f'type="hidden" name="{SECTOR}" value="Trade"' in page
    assert '<option value="Trade" selected>' in page


def test_readers_see_and_change_their_own(asking: World) -> None:
    asking.sign_up("a@example.org", **{WORK: "Quay", SECTOR: "Trade"})
    page = asking.client.get(f"/preferences/{asking.token('preferences', 1)}").text
    html5lib.HTMLParser(strict=True).parse(page)
    assert 'value="Quay"' in page
    assert '<option value="Trade" selected>' in page
    save(asking, 1, organization="Harbour")
    assert told(asking) == {"organization": "Harbour", "sector": "Trade"}
    save(asking, 1, sector="")
    assert told(asking) == {"organization": "Harbour"}
    assert "Please fill this in." in save(asking, 1, organization="", sector="Care")
    assert "Please choose one of these." in save(asking, 1, sector="Vård")
    assert told(asking) == {"organization": "Harbour"}


def test_a_field_holds_up_nobody_who_was_here_before_it(asking: World) -> None:
    anna = asking.person()
    kept = {"sector": "Shipping", "organization": ""}
    asking.site.writer.submit(lambda c: people.change(c, anna.id, attributes={**kept, "berth": 7})).result()
    page = asking.client.get(f"/preferences/{asking.token('preferences', anna.id)}").text
    assert '<option value="Shipping" selected>Shipping</option>' in page
    assert " required" not in page
    assert "Saved." in save(asking, anna.id, **kept)
    assert told(asking, anna.id) == {"sector": "Shipping", "berth": 7}


def test_programs_answer_too(asking: World) -> None:
    answers = {"organization": "Quay", "sector": "Care"}
    sent = asking.client.post("/subscribe", json={"email": "a@example.org", "fields": answers})
    assert (sent.status_code, told(asking)) == (202, answers)


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, {WORK: "empty"}),
        ({"organization": "x" * 201, "sector": "Vård"}, {WORK: "long", SECTOR: "invalid"}),
        ({"organization": 5}, {"fields": "invalid"}),
        ({"organization": "Quay", "admin": "yes"}, {"fields": "invalid"}),
        ("Quay", {"fields": "invalid"}),
    ],
)
def test_programs_are_told_what_is_wrong(asking: World, fields: object, faults: dict[str, str]) -> None:
    answer = asking.client.post("/subscribe", json={"email": "a@example.org", "fields": fields})
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, faults)


def test_the_privacy_page_tells_that_more_is_kept(asking: World) -> None:
    assert "What else you told us about yourself" in asking.client.get("/privacy?lang=en").text
