"""Laws of the settings: what is right is typed, what is wrong is told with its line and its remedy."""

from datetime import UTC, datetime

import pytest

from newsletter.config import parse
from newsletter.errors import SettingsError
from newsletter.files.shipped import shipped

LETTER = """\
[letter]
name = "The harbour letter"
from = "Harbour <news@example.org>"
"""

SOURCE = '[[source]]\nname = "site"\nurl = "https://site.example/"\n'
ROUTE = """\
[[smtp]]
name = "relay"
host = "mail.example.org"
"""


def test_the_shipped_settings_are_valid() -> None:
    text = (shipped("templates") / "workspace" / "newsletter.toml").read_text(encoding="utf-8")
    settings = parse(text.replace("@NAME@", "My letter"))
    assert settings.letter.languages == ("en", "sv")
    assert settings.letter.timezone.key == "Europe/Stockholm"
    assert [section.block for section in settings.sections] == ["lead", "story", "brief"]
    assert settings.lists[0].title("sv") == settings.lists[0].title("sv-FI") == "Månadsbrevet"
    assert settings.lists[0].title("de") == "The monthly letter"
    assert settings.routes[0].loopback
    assert not settings.public


def test_what_is_left_out_has_a_sensible_value() -> None:
    settings = parse(LETTER)
    assert settings.letter.reply_to == "news@example.org"
    assert settings.letter.language == "en"
    assert settings.letter.domain == "example.org"
    assert settings.web.host == "127.0.0.1"


def test_the_letters_that_follow_a_welcome_come_by_their_days() -> None:
    (found,) = parse(f'{LETTER}[[list]]\nslug = "m"\nwelcome = "hello"\nseries = {{best = 30, tips = 7}}').lists
    assert [(each.issue, each.after.days) for each in found.series] == [("tips", 7), ("best", 30)]
    assert found.greetings == ("hello", "tips", "best")


@pytest.mark.parametrize("days", ["0", "366", "true", '"7d"', "1.5"])
def test_letters_that_follow_wait_for_days(days: str) -> None:
    with pytest.raises(SettingsError, match=r"“tips” cannot follow after .* write a number from 1 to 365"):
        parse(f'{LETTER}[[list]]\nslug = "m"\nseries = {{tips = {days}}}')


def test_a_rate_is_messages_a_second() -> None:
    assert parse(LETTER + ROUTE + 'rate = "600/minute"').routes[0].rate == 10.0
    assert parse(LETTER + ROUTE).routes[0].rate is None


@pytest.mark.parametrize(
    "line",
    [
        'password = "hush hush 7"',
        'username = "news"\npassword = "hush hush 7"',
        'username = "news"\npassword_env = "hush hush 7"',
    ],
)
def test_a_secret_that_stands_in_the_settings_is_told_without_being_cited(line) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(LETTER + ROUTE + line)
    assert "no secret belongs in this file" in str(raised.value)
    assert "hush" not in str(raised.value)


def test_a_password_that_stands_in_an_address_is_told_without_being_cited() -> None:
    with pytest.raises(SettingsError, match="a user or a password stands in url") as raised:
        parse(LETTER + SOURCE.replace("site.example", "eva:hush@site.example"))
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LETTER + 'nmae = "x"', "newsletter.toml:4: [letter] has no setting “nmae”; did you mean name?"),
        (LETTER + "timezone = 5", "newsletter.toml:4: timezone must be a text in quotes; write it as timezone"),
        (LETTER + 'timezone = "Mars/Base"', "newsletter.toml:4: no time zone is called “Mars/Base”; use a name"),
        (LETTER + 'timezone = "../etc"', "newsletter.toml:4: no time zone is called"),
        (LETTER + 'languages = ["sv_SE"]', 'newsletter.toml:4: “sv_SE” is no language code; write "sv-SE"'),
        (LETTER + 'languages = ["Norsk"]', 'newsletter.toml:4: “Norsk” is no language code; write "no"'),
        (LETTER + 'languages = ["NO!"]', "newsletter.toml:4: “NO!” is no language code; use codes such as"),
        (LETTER + "languages = []", "newsletter.toml:4: languages is empty; name at least one"),
        (LETTER + "languages = [1]", "newsletter.toml:4: languages must hold texts only"),
        (LETTER + 'base_url = "news.example.org"', "newsletter.toml:4: base_url is no web address"),
        (LETTER + 'base_url = "https://a.example?x=1"', "newsletter.toml:4: base_url has a query or fragment"),
        (LETTER + 'base_url = "https://a.example:99999"', "newsletter.toml:4: base_url is no web address"),
        ('[letter]\nname = "x"', "newsletter.toml:1: [letter] has no from; add a line such as from"),
        ('[letter]\nname = "x"\nfrom = "nobody"', "newsletter.toml:3: from is no e-mail address"),
        (
            '[letter]\nname = "x"\nfrom = {en = "A <a@example.org>", sv = "B <b@example.org>"}',
            "newsletter.toml:3: from has two addresses: a@example.org and b@example.org; write the same one",
        ),
        (LETTER + "[[smpt]]\nx = 1", "newsletter.toml:4: there is no setting [smpt]; did you mean [smtp]?"),
        ("source = [1]\n" + LETTER, "newsletter.toml:1: source can stand several times; write [[source]]"),
        (LETTER + "[smtp]\nx = 1", "newsletter.toml:4: smtp can stand several times; write [[smtp]]"),
        (LETTER + ROUTE + "port = 0", "newsletter.toml:7: port cannot be 0; choose a number from 1 to 65535"),
        (LETTER + ROUTE + "port = true", "newsletter.toml:7: port must be a whole number"),
        (
            LETTER.replace("[letter]", "[leter]"),
            "newsletter.toml:1: there is no setting [leter]; did you mean [letter]?",
        ),
        (
            LETTER + "theme = “plain”",
            "newsletter.toml:4: not valid TOML: there is no value that can be read; use straight quotes",
        ),
        (
            LETTER + r'theme = "C:\Users"',
            r"newsletter.toml:4: not valid TOML: there is a \ in a text; write it twice: \\",
        ),
        (LETTER + ROUTE + 'tls = "ssl"', "newsletter.toml:7: tls cannot be “ssl”; use one of none, starttls, tls"),
        (LETTER + ROUTE + 'tls = "none"', "newsletter.toml:7: mail to mail.example.org would travel readable"),
        (LETTER + ROUTE + 'username = "me"', "newsletter.toml:7: there is a username and no password; name the"),
        (LETTER + ROUTE + 'rate = "fast"', "newsletter.toml:7: “fast” is no rate"),
        (LETTER + ROUTE + 'rate = "0/minute"', "newsletter.toml:7: “0/minute” is no rate"),
        (LETTER + ROUTE + "\n" + ROUTE, "newsletter.toml:9: two [[smtp]] are called “relay”; give one"),
        (LETTER + '[[list]]\nslug = "Två ord"', "newsletter.toml:5: “Två ord” is no slug"),
        (
            LETTER + "[[list]]\ntitle = 5\nslug = 'a'",
            "newsletter.toml:5: title must be a text, or texts by language",
        ),
        (
            LETTER + 'name = "twice"',
            "newsletter.toml:4: not valid TOML: name stands here twice; keep one of the two",
        ),
        (
            LETTER + 'theme = "plain',
            "newsletter.toml:4: not valid TOML: there is no quote at the end of a text; write it",
        ),
        (LETTER + "theme letter", "newsletter.toml:4: not valid TOML: there is no = behind the name; texts need"),
        (LETTER + "x = ", "newsletter.toml:4: not valid TOML"),
        (LETTER + "x = " + "9" * 5000, "newsletter.toml: not valid TOML: a number has no end"),
        (LETTER + "x = " + "[" * 9000, "newsletter.toml: not valid TOML: a number has no end, or brackets"),
        (LETTER.replace("name", "nmae"), "newsletter.toml:2: [letter] has no setting “nmae”; did you mean name?"),
        (LETTER + "[web]\n[web]", "newsletter.toml:5: not valid TOML: [web] stands here twice; keep one"),
        (LETTER + "[a.b]\n[a.b]", "newsletter.toml:5: not valid TOML: [a.b] stands here twice; keep one"),
        ("letter = 5", "newsletter.toml:1: letter must be a table; write [letter] on a line of its own"),
        ("", "newsletter.toml: there is no [letter]; add a table [letter]"),
        (LETTER + "[[source]]\nname = 'a'\nurl = 'ftp://x'", "newsletter.toml:6: url is no web address"),
        (LETTER + "[[section]]\nblock = 'story'\nmax = 101", "newsletter.toml:6: max cannot be 101"),
        (LETTER + "[web]\nport = 'x'", "newsletter.toml:5: port must be a whole number; write it as port = 8000"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_a_remedy(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)
    assert caught.value.remedy


def test_the_mark_that_windows_puts_in_front_does_no_harm() -> None:
    assert parse("\ufeff" + LETTER).letter == parse(LETTER).letter
    with pytest.raises(SettingsError, match=r"^newsletter\.toml:4: there is no setting"):
        parse("\ufeff" + LETTER + "[[smpt]]\nx = 1")


def test_the_second_table_of_an_array_is_told_by_its_own_line() -> None:
    with pytest.raises(SettingsError, match=r"^newsletter\.toml:10: "):
        parse(LETTER + ROUTE + '[[smtp]]\nname = "two"\nhost = "b.example.org"\nport = -1\n')


@pytest.mark.parametrize("text", ['since = "2026-06-01"', "since = 2026-06-01"])
def test_a_source_may_say_from_when_it_counts(text: str) -> None:
    [one] = parse(f"{LETTER}{SOURCE}{text}\n").sources
    assert one.since == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("scheme", ["webcal", "webcals", "WEBCAL"])
def test_the_address_to_subscribe_to_a_calendar_is_read_as_one_of_the_web(scheme: str) -> None:
    (found,) = parse(LETTER + f"[[source]]\nname = 'a'\nurl = '{scheme}://example.org/e.ics'").sources
    assert found.url == "https://example.org/e.ics"


def test_a_source_that_begins_on_no_day_is_told() -> None:
    with pytest.raises(SettingsError, match="write it as since = 2025-06-01"):
        parse(f'{LETTER}{SOURCE}since = "soon"\n')


@pytest.mark.parametrize(
    ("who", "address", "imprint"),
    [
        ("Harbour", "", "Harbour"),
        ("Harbour", "Quay 4, 123 45 Norrvik", "Harbour, Quay 4, 123 45 Norrvik"),
        ("Harbour", "harbour, Quay 4, 123 45 Norrvik", "harbour, Quay 4, 123 45 Norrvik"),
        ("What's new?", "Quay 4, 123 45 Norrvik", "What's new? Quay 4, 123 45 Norrvik"),
    ],
)
def test_a_page_names_who_writes_once(who: str, address: str, imprint: str) -> None:
    text = f'[letter]\nname = "News"\nfrom = "{who} <news@example.org>"\naddress = "{address}"\n'
    assert parse(text).letter.imprint == imprint


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("news@example.org", ""),
        ("<news@example.org>", ""),
        ("Harbour <news@example.org>", "Harbour"),
        ("Hej, Flemingsberg <news@example.org>", "Hej, Flemingsberg"),
        ("News: weekly (the letter) <news@example.org>", "News: weekly (the letter)"),
        ("News@Home <news@example.org>", "News@Home"),
        (r'"News, \"the\" letter" <news@example.org>', 'News, "the" letter'),
        ("A <a@example.org>, B <b@example.org>", None),
        ("a@example.org, b@example.org", None),
        ("Harbour <news@example.org", None),
    ],
)
def test_the_name_of_a_sender_needs_no_quotes_and_one_sends(said, name):
    text = f"[letter]\nname = 'x'\nfrom = '{said}'\nreply_to = '{said}'"
    if name is None:
        with pytest.raises(SettingsError, match="from is no e-mail address"):
            parse(text)
    else:
        letter = parse(text).letter
        assert (letter.sender_name, letter.sender, letter.reply_to) == (
            name,
            "news@example.org",
            "news@example.org",
        )


def test_two_keys_that_sign_have_a_record_each() -> None:
    keys = '[dkim]\ndomain = "example.org"\nselector = "news"\nkey_file = "a.pem"\nsecond_key_file = "b.pem"\n'
    with pytest.raises(SettingsError, match=r"newsletter\.toml:9: two keys have the same selector") as told:
        parse(f'{LETTER}{keys}second_selector = "news"\n')
    assert told.value.remedy == "give each its own record in DNS"
    settings = parse(f'{LETTER}{keys}second_selector = "more"\n')
    assert [(one.selector, one.file) for one in settings.dkim.pairs] == [("news", "a.pem"), ("more", "b.pem")]


def test_a_letter_may_have_a_name_in_each_language() -> None:
    both = parse(LETTER.replace('"The harbour letter"', '{sv = "Hamnbrevet", en = "The harbour letter"}')).letter
    assert both.name == both.to("fi").name == both.to("en-GB").name == "The harbour letter"
    assert both.to("sv").name == both.to("sv-FI").name == "Hamnbrevet"
    assert parse(LETTER).letter.to("sv").name == "The harbour letter"
    with pytest.raises(SettingsError, match=r"newsletter\.toml:2: name must be a text, or texts by language"):
        parse(LETTER.replace('"The harbour letter"', "5"))
