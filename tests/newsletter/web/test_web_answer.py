"""The page of a question's answers: only a press of its button counts, and what is not ours leads nowhere."""

import html
import json
import re
from contextlib import closing

import html5lib
import httpx
import pytest

from newsletter.files.looks import words
from newsletter.files.shipped import shipped
from newsletter.mail.letterhead import Letterhead, pack
from newsletter.model import Asked, Rendered, Token
from subscribers.model import Where
from subscribers.store.file.open import connect
from subscribers.store.ledger import answers, sends
from subscribers.store.register import people, suppressions
from subscribers.token import Purpose, Ring, make
from tests.webserver import MORE, NOW, SETTINGS, World, serving

HEAD = Letterhead(
    "Harbour", "news@example.org", "news@example.org", "https://news.example.org", "monthly", "Monthly"
)
NAME = "NLabcd1234X0XNL"
WORTH = Asked("worth", f"Was it worth your time, {NAME}?", ("Yes, <all> of it", "Some of it", "No"))
TOLD = Asked("2", "Och detta?", ("Ja", "Nej"), "sv")
EVERYBODY = Where("1")


def letter(language: str = "en", *questions: Asked) -> Rendered:
    tokens = (Token(NAME, "name", "reader"),)
    return Rendered(
        "2025-06", language, frozenset(), "June", "", "<p>June</p>", "June", tokens, questions=questions
    )


def freeze(world: World, *variants: Rendered, issue: str = "2025-06") -> int:
    """Send these variants to everybody in their language, as far as the ledger can tell."""

    def job(connection):
        content = {each.variant: pack(each, HEAD) for each in variants}
        made = sends.create(
            connection, issue=issue, list="monthly", rule="{}", content="", variants=content, now=NOW, due=NOW
        )
        theirs = Where("iif(s.language = 'sv', 'sv', 'en')")
        return sends.start(connection, made.id, EVERYBODY, theirs, NOW).id

    return world.site.writer.submit(job).result(10)


def path(world: World, subscriber: int, send: int, name: str = "worth", number: object = 2, **more: object) -> str:
    ring = more.get("ring", world.site.ring)
    return f"/answer/{make(ring, more.get('purpose', Purpose.ANSWER), subscriber, send)}/{name}/{number}"


def asked(world: World) -> str:
    """Ask a new reader something; return where an answer of theirs leads."""
    reader = world.person("asked@example.org").id
    return path(world, reader, freeze(world, letter("en", WORTH), issue="2025-09"))


def given(world: World, issue: str = "2025-06") -> dict[tuple[str, int], int]:
    return dict(answers.counts(world.site.reader, issue))


@pytest.fixture
def anna(world):
    return world.person().id


@pytest.fixture
def send(world, anna):
    return freeze(world, letter("en", WORTH, TOLD), letter("sv", TOLD))


def heading(answer: httpx.Response) -> str:
    return html.unescape(re.search("<h1>(.*)</h1>", answer.text)[1])


def test_the_question_is_shown_with_the_answer_of_the_link_chosen(world, anna, send):
    answer = world.client.get(path(world, anna, send))
    assert answer.status_code == 200
    assert heading(answer) == "Your answer"
    assert "<legend>Was it worth your time, Anna?</legend>" in answer.text
    assert re.findall(r'value="(\d)"( checked)?', answer.text) == [("1", ""), ("2", " checked"), ("3", "")]
    assert "<span>Yes, &lt;all&gt; of it</span>" in answer.text
    assert "<script" not in answer.text
    for name, value in (("cache-control", "no-store"), ("referrer-policy", "no-referrer")):
        assert answer.headers[name] == value
    assert "anna@example.org" not in answer.text
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(answer.text)
    assert parser.errors == []


def test_what_only_looks_changes_nothing(world, anna, send):
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(20):
            world.client.request(method, path(world, anna, send))
    assert given(world) == {}


def test_a_press_counts_and_another_takes_its_place(world, anna, send):
    answer = world.client.post(path(world, anna, send, number=2), data={"answer": "3"})
    assert answer.status_code == 200
    assert heading(answer) == "Thank you for your answer"
    assert '<li dir="auto">No</li>' in answer.text
    assert "To change it, press another answer in the letter." in answer.text
    assert given(world) == {("worth", 3): 1}
    world.client.post(path(world, anna, send, number=1), data={"answer": "1"})
    bo = world.person("bo@example.org").id
    assert world.client.post(path(world, bo, send), data={"answer": "1"}).status_code == 404
    again = freeze(world, letter("en", WORTH, TOLD))
    for number in (anna, bo):
        assert world.client.post(path(world, number, again), data={"answer": "1"}).status_code == 200
    assert given(world) == {("worth", 1): 2}
    world.client.post(path(world, anna, send, "2"), data={"answer": "2"})
    assert given(world) == {("worth", 1): 2, ("2", 2): 1}


@pytest.mark.parametrize(
    "form", [{}, {"answer": ""}, {"answer": "4"}, {"answer": "0"}, {"answer": "٣"}, {"do": "1"}]
)
def test_a_body_that_is_not_our_form_counts_nothing(world, anna, send, form):
    assert world.client.post(path(world, anna, send), data=form).status_code == 400
    assert given(world) == {}


@pytest.mark.parametrize(
    ("name", "number"),
    [("worth", 0), ("worth", 4), ("worth", 22), ("worth", "x"), ("worth", "%D9%A1"), ("other", 1), ("WORTH", 1)],
)
def test_what_was_not_asked_leads_nowhere(world, anna, send, name, number):
    answer = world.client.get(path(world, anna, send, name, number))
    assert (answer.status_code, heading(answer)) == (404, "This link does not work")


def test_a_hyphen_that_is_written_otherwise_is_one(world):
    readers = [world.person(f"reader{number}@example.org").id for number in range(12)]
    send = freeze(world, letter("en", WORTH))
    there = next(one for one in (path(world, reader, send) for reader in readers) if "-" in one)
    assert heading(world.client.get(there.replace("-", "%2D"))) == "Your answer"


def test_the_end_of_a_sentence_after_a_link_does_no_harm(world, anna, send):
    assert world.client.get(path(world, anna, send, number="2).")).status_code == 200


def test_a_token_of_somebody_or_something_else_leads_nowhere(world, anna, send):
    later = freeze(world, letter("en", TOLD), issue="2025-07")
    good = path(world, anna, send)
    token = good.split("/")[2]
    forged = [
        path(world, anna, send, ring=Ring((b"x" * 32,))),
        path(world, anna, send, purpose=Purpose.PREFERENCES),
        path(world, anna, send, purpose=Purpose.UNSUBSCRIBE),
        path(world, anna + 1, send),
        # The letter of July asked nothing of the kind, and no letter has this number.
        path(world, anna, later),
        path(world, anna, later + 1),
        *(
            good.replace(token, token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :])
            for at in range(44)
        ),
    ]
    for one in forged:
        for answer in (world.client.get(one), world.client.post(one, data={"answer": "1"})):
            assert (answer.status_code, heading(answer)) == (404, "This link does not work")
    for door in ("preferences", "unsubscribe"):
        assert world.client.get(f"/{door}/{token}").status_code == 404
    assert given(world) == given(world, "2025-07") == {}


def test_a_link_of_a_test_mail_says_so_and_counts_nothing(world, send):
    for answer in (
        world.client.get(path(world, 0, 0)),
        world.client.post(path(world, 0, 0), data={"answer": "1"}),
    ):
        assert (answer.status_code, heading(answer)) == (404, "This link is from a test mail")
    assert given(world) == {}


def test_who_was_erased_leaves_no_answer_and_can_give_none(world, anna, send):
    world.client.post(path(world, anna, send), data={"answer": "1"})
    keys = world.site.ring.derived(suppressions.PURPOSE)
    world.site.writer.submit(lambda c: people.erase(c, anna, keys, NOW)).result()
    assert given(world) == {}
    for answer in (
        world.client.get(path(world, anna, send)),
        world.client.post(path(world, anna, send), data={"answer": "1"}),
    ):
        assert (answer.status_code, heading(answer)) == (404, "This link does not work")
    assert given(world) == {}


def test_each_reader_is_asked_as_their_letter_asked(world, anna, send):
    """Who reads Swedish by now reads our words in it, and the question as the letter had it."""
    world.site.writer.submit(lambda c: people.change(c, anna, language="sv")).result()
    answer = world.client.get(path(world, anna, send))
    assert answer.headers["content-language"] == "sv"
    assert heading(answer) == "Ditt svar"
    assert '<fieldset lang="en" dir="auto">' in answer.text
    assert '<fieldset lang="sv" dir="auto">' in world.client.get(path(world, anna, send, "2")).text


@pytest.mark.parametrize("language", words.shipped((shipped("templates"),)))
def test_the_pages_are_there_in_every_language(tmp_path, language):
    spoken = SETTINGS.replace('"sv"]', f'"sv", "{language}"]') if language not in {"en", "sv"} else SETTINGS
    with serving(tmp_path, spoken + MORE) as world:
        anna = world.person().id
        send = freeze(world, letter("en", WORTH))
        there = path(world, anna, send) + f"?lang={language}"
        pages = [world.client.get(there), world.client.post(there, data={"answer": "1"})]
        assert given(world) == {("worth", 1): 1}
        for page in pages:
            assert page.headers["content-language"] == language
            assert (heading(page) in {"Your answer", "Thank you for your answer"}) is (language == "en")


def test_a_personal_field_in_what_is_asked_cannot_be_a_page(world, anna):
    send = freeze(world, letter("en", WORTH))
    world.site.writer.submit(lambda c: people.change(c, anna, name="<b>Bo</b> {{ 7*7 }}")).result()
    text = world.client.get(path(world, anna, send)).text
    assert "&lt;b&gt;Bo&lt;/b&gt; {{ 7*7 }}?" in text
    assert "<b>" not in text


def test_nothing_of_an_answer_names_a_reader(world, anna, send, tmp_path):
    world.client.post(path(world, anna, send), data={"answer": "1"})
    (row,) = world.rows("answers")
    assert set(row) == {"send_id", "reader", "question", "answer"}
    assert re.fullmatch("[0-9a-f]{64}", row["reader"])
    assert world.said == []
    with closing(connect(tmp_path / "subscribers.db", durable=False)) as store:
        written = json.dumps([list(each) for each in store.execute("SELECT * FROM consents")])
    assert "answer" not in written
