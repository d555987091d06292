"""Every sentence that a reader can meet on a page is in every shipped language, and says in which one it is."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from newsletter.cli import wiring
from newsletter.cli.send.mailing import Mailer
from newsletter.files.looks import untranslated, words
from newsletter.files.shipped import shipped
from newsletter.spoken import called
from newsletter.web.site import accepted
from subscribers import token
from subscribers.errors import TokenError
from subscribers.model import Mail
from tests.webserver import MORE, SETTINGS, serving

#: Pages for the editor on this machine, which are in English.
OURS = {"preview.html"}


#: What words are put into besides Swedish, which the others are held to.
LANGUAGES = ("da", "de", "es", "et", "fi", "fr", "it", "nb", "nl", "pl", "uk")
#: English words that are words in none of the others.
ENGLISH = re.compile(r"\b(?:the|your|you|and|what|please|letter|unsubscribe|subscribe)\b", re.IGNORECASE)
#: What a text has in every language.
FIXED = re.compile(r"%\(\w+\)s|\{\{ name or ")


def listed(language: str) -> dict[str, str]:
    """Return the shipped words of *language* by the English ones."""
    with (shipped("templates") / "words" / f"{language}.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, abort_invalid=True) if entry.id}


def test_every_word_of_the_pages_is_translated() -> None:
    known, found = listed("sv"), 0
    for page in sorted((shipped("templates") / "pages").iterdir()):
        if page.name in OURS:
            continue
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", str(page)):
            found += 1
            assert known.get(message), f"{page.name}: {message}"
    assert found > 40


@pytest.mark.parametrize(
    ("code", "name"), [("sv", "Svenska"), ("pt-BR", "Português (Brasil)"), ("en-GB", "English (United Kingdom)"),
                       ("xx", "xx")]
)  # fmt: skip
def test_a_language_is_called_as_it_writes_itself(code: str, name: str) -> None:
    assert called(code) == name


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("sv", ["sv"]),
        ("en;q=0.5, sv", ["sv", "en"]),
        ("sv;q=0, en;q=0.1", ["en"]),
        ("da, sv;q=x, nb;q=-1, fi", ["da", "fi"]),
        ("", [""]),
    ],
)
def test_a_browser_says_which_languages_it_wants_and_which_it_does_not(header: str, wanted: list[str]) -> None:
    assert accepted(header) == wanted


@pytest.mark.parametrize("language", ["sv", *LANGUAGES])
def test_a_shipped_language_has_all_the_words_with_their_fields_and_none_in_english(language) -> None:
    known = listed(language)
    assert list(known) == list(listed("sv"))
    for english, said in known.items():
        assert said.strip(), english
        assert sorted(FIXED.findall(said)) == sorted(FIXED.findall(english)), english
        assert said.endswith("?") == english.endswith("?"), said
        assert not ENGLISH.search(FIXED.sub("", said)), said
        assert not re.search(r"  |\s$", said), said


def test_every_shipped_language_is_looked_at() -> None:
    assert words.shipped((shipped("templates"),)) == tuple(sorted(("en", "sv", *LANGUAGES)))


def test_what_somebody_agrees_to_is_in_the_letters_own_words(editor) -> None:
    agree = 'msgid "Yes, send me “%(list)s” by e-mail. I can unsubscribe at any time."\nmsgstr "{}"\n'
    said = "Ja, schickt mir %(list)s & Co. Abbestellen kann ich jederzeit."
    own = editor.root / "templates" / "words" / "de.po"
    own.parent.mkdir()
    own.write_text(agree.format(said), encoding="utf-8")
    editor.settings(r'"en", "sv"\]', '"en", "de"]')
    sentence = "Ja, schickt mir The monthly letter &amp; Co. Abbestellen kann ich jederzeit."
    _, form, _ = editor("form", "--language", "de", "--list", "monthly")
    assert sentence in form
    assert '<form class="newsletter-signup" lang="de" dir="ltr"' in form


def test_every_word_of_the_shipped_list_is_said_somewhere() -> None:
    marked = untranslated.marked(shipped("templates"))
    unsaid = [english for english in listed("sv") if english not in marked]
    # What a new issue is written with stands in the code and the settings.
    assert unsaid == ["Coming up", 'Dear {{ name or "reader" }},', "Here is what is new.", "Read on", "In brief"]


@pytest.mark.parametrize(
    ("asked", "spoken", "direction", "heading"),
    [
        ("sv", "sv", "ltr", "Få det med e-post"),
        ("fi", "fi", "ltr", "Tilaa sähköpostiisi"),
        # Of these we have no words: a voice for Arabic cannot read English, nor does English begin at the right.
        ("is", "en", "ltr", "Get it by e-mail"),
        ("ar", "en", "ltr", "Get it by e-mail"),
    ],
)
def test_a_page_says_in_which_language_its_words_are(tmp_path, asked, spoken, direction, heading) -> None:
    with serving(tmp_path, SETTINGS.replace('"sv"]', '"sv", "fi", "is", "ar"]') + MORE) as world:
        answer = world.client.get("/subscribe", params={"lang": asked})
        assert answer.headers["content-language"] == spoken
        assert f'<html lang="{spoken}" dir="{direction}">' in answer.text
        assert f'lang="{asked}" hreflang="{asked}" aria-current="true"' in answer.text
        assert f'name="language" value="{asked}" checked' in answer.text
        assert f"<h1>{heading}</h1>" in answer.text


def test_a_mail_and_doctor_say_in_which_language_the_words_are(editor) -> None:
    editor.settings(r'"en", "sv"\]', '"en", "sv", "ar"]')
    mail = Mail(1, "confirm", 1, "monthly", "a@example.org", "", "ar", 0, datetime(2026, 6, 1, tzinfo=UTC))
    with wiring.people(editor.workspace) as connection:
        made = message_from_bytes(Mailer(editor.workspace, connection)(mail).data)
    assert (made["Content-Language"], made["Subject"]) == ("en", "Please confirm: The monthly letter")
    [page] = [part for part in made.walk() if part.get_content_type() == "text/html"]
    assert b'<html lang="en" dir="ltr"' in page.get_payload(decode=True)
    _, found = editor.json("doctor")
    [words] = [one for one in found["checks"] if one["name"] == "templates"]
    assert words["state"] == "warning"
    assert words["message"].startswith("there are no words in ar: ")
    assert "`newsletter themes words ar` makes a list to fill" in words["message"]


@pytest.mark.parametrize(("code", "meant"), [("dk", "da"), ("se", "sv")])
def test_doctor_knows_which_language_a_country_was_named_for(editor, code, meant) -> None:
    editor.settings(r'"en", "sv"\]', f'"en", "{code}"]')
    _, found = editor.json("doctor")
    [words] = [one for one in found["checks"] if one["name"] == "templates"]
    assert words["message"].endswith(f"are in English; did you mean {meant}?")


def test_a_link_to_confirm_works_no_longer_than_its_reader_is_waited_for(editor) -> None:
    editor.settings(r"\Z", "\n[retention]\npending_days = 3\n")
    mail = Mail(1, "confirm", 1, "monthly", "a@example.org", "", "en", 0, datetime(2026, 6, 1, 9, tzinfo=UTC))
    with wiring.people(editor.workspace) as connection:
        mailer = Mailer(editor.workspace, connection)
        made = message_from_bytes(mailer(mail).data)
    text = next(part for part in made.walk() if part.get_content_type() == "text/plain").get_payload(decode=True)
    assert b"The link works until 3 June 2026." in text
    [found] = re.findall(rb"/confirm/(\S+)", text)
    at = datetime(2026, 6, 4, 9, tzinfo=UTC)
    assert token.read(mailer.ring, token.Purpose.CONFIRM, found.decode(), at - timedelta(seconds=1))
    with pytest.raises(TokenError):
        token.read(mailer.ring, token.Purpose.CONFIRM, found.decode(), at)


@pytest.mark.parametrize(("archive", "linked"), [("true", True), ("false", False)])
def test_the_first_page_leads_to_the_letters_that_everybody_may_read(tmp_path, archive, linked) -> None:
    with serving(tmp_path, f"{SETTINGS}archive = {archive}\n") as world:
        text = world.client.get("/", params={"lang": "sv"}).text
    assert ('href="/archive?lang=sv"' in text) is linked
