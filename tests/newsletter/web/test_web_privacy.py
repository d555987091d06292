"""What readers are told of their data, before they give it: as the settings are, in their language."""

from pathlib import Path

import pytest

from newsletter.config import parse
from newsletter.errors import SettingsError
from newsletter.spoken import span
from subscribers.store.file.open import transaction
from subscribers.store.register import attributes
from tests.webserver import MORE, SETTINGS, serving

WORDS = Path("templates/words")
PAGES = ("/", "/subscribe", "/preferences", "/archive", "/nowhere")


def told(folder: Path, more: str = "", language: str = "en") -> str:
    with serving(folder, SETTINGS + MORE + more) as world:
        answer = world.client.get(f"/privacy?lang={language}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_every_page_leads_to_what_is_kept(tmp_path: Path) -> None:
    with serving(tmp_path) as world:
        for page in PAGES:
            assert 'href="/privacy?lang=sv"' in world.client.get(page, params={"lang": "sv"}).text


def test_it_says_who_is_responsible_and_what_can_be_asked(tmp_path: Path) -> None:
    page = told(tmp_path, language="sv")
    assert "Ansvarig: Harbour, Quay 1, 111 22 Harbour" in page
    assert 'href="mailto:news@example.org"' in page
    assert "Integritetsskyddsmyndigheten" in page


def test_it_says_how_long_as_the_settings_do(tmp_path: Path) -> None:
    page = told(tmp_path, "[retention]\npending_days = 9\nnetwork_months = 1\n")
    assert "not confirmed is deleted after 9 days" in page
    assert "The network address is deleted after 1 month." in page


@pytest.mark.parametrize("language", ["en", *sorted(path.stem for path in WORDS.glob("*.po"))])
def test_it_says_how_long_who_left_is_kept_if_that_has_an_end(tmp_path: Path, language: str) -> None:
    settings = SETTINGS.replace('"sv"]', f'"sv", "{language}"]') if language not in {"en", "sv"} else SETTINGS
    pages = []
    for folder, months in (("kept", ""), ("erased", "[retention]\nleft_months = 33\n")):
        (tmp_path / folder).mkdir()
        with serving(tmp_path / folder, settings + MORE + months) as world:
            pages.append(world.client.get(f"/privacy?lang={language}").text)
    kept, erased = pages
    assert "33" not in kept
    assert span(33, "month", language) in erased
    assert ("without being asked" in erased) is (language == "en")


@pytest.mark.parametrize(("language", "words"), [("is", "is deleted after 9 days"), ("ar", "9 أيام")])
def test_it_says_how_long_in_the_language_of_its_words(tmp_path: Path, language: str, words: str) -> None:
    """Nobody has put the words into Icelandic; those in Arabic are a workspace's own."""
    lists = tmp_path / "templates" / "words"
    lists.mkdir(parents=True)
    (lists / "ar.po").write_text('msgid "Save"\nmsgstr "حفظ"\n', "utf-8")
    with serving(tmp_path, SETTINGS.replace('"sv"]', '"is", "ar"]') + "[retention]\npending_days = 9\n") as world:
        assert words in world.client.get(f"/privacy?lang={language}").text


def test_what_is_kept_for_no_month_goes_within_the_hour(tmp_path: Path) -> None:
    assert "tas bort efter 1 timme" in told(tmp_path, "[retention]\nnetwork_months = 0\n", "sv")


def test_it_tells_of_what_an_import_brought_along(tmp_path: Path) -> None:
    words = "What else you told us about yourself"
    with serving(tmp_path) as world:
        for names, says in ((["timezone"], False), (["employees"], True)):
            with transaction(world.site.reader):
                attributes.note(world.site.reader, names)
            assert (words in world.client.get("/privacy?lang=en").text) is says


@pytest.mark.parametrize(
    ("tracking", "words", "never"),
    [
        ("", "We do not see whether you open a letter", "How often each link"),
        ("clicks = true", "How often each link is followed, by all readers together", "We do not see"),
        ("clicks = true\npeople = true\ndays = 33", "deleted after 33 days", "We do not see"),
    ],
)
def test_it_says_what_is_seen_as_the_settings_do(tmp_path: Path, tracking: str, words: str, never: str) -> None:
    page = told(tmp_path, f"[tracking]\n{tracking}\n")
    assert words in page
    assert never not in page


def test_an_editor_may_lead_to_their_own_words(tmp_path: Path) -> None:
    own = SETTINGS.replace("[[list]]", 'privacy = "https://example.org/data?a=1&b=2"\n[[list]]')
    with serving(tmp_path, own) as world:
        assert 'href="https://example.org/data?a=1&amp;b=2"' in world.client.get("/subscribe").text
        assert world.client.get("/privacy").status_code == 404


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(SettingsError, match="privacy"):
        parse(SETTINGS.replace("[[list]]", 'privacy = "javascript:alert(1)"\n[[list]]'))
