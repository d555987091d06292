"""Laws of feeds that hold what XML forbids, or name letters their own way: no word is lost to that."""

import pytest

from newsletter.errors import SourceError
from newsletter.model import Source
from newsletter.reading import charset
from newsletter.reading.feeds import feedxml
from newsletter.reading.html import markup

URL = "https://site.example/feed/"


def told(inside: str, before: str = "") -> tuple[str, str]:
    """Return the title and the words of the one entry of a feed."""
    data = f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><item>{inside}</item></channel></rss>'
    [one] = feedxml.items(data.encode(), Source("site", "feed", URL), URL)
    return " ".join(one.title.split()), " ".join(markup.words(one.html).split())


@pytest.mark.parametrize("names", [("item", "rss"), ("a:entry", "a:feed")])
def test_an_entry_in_which_a_feed_breaks_off_is_none(names: tuple[str, str]) -> None:
    """A server that fails on its way sends no more; half a text would stand in the pool as another article."""
    entry, root = names
    space = ' xmlns:a="http://www.w3.org/2005/Atom"'
    title = entry.replace("item", "title").replace("entry", "title")
    said = "<a:summary>Code: &lt;item&gt;</a:summary>"
    one, two = (f"<{entry}><{title}>{name}</{title}>{said}</{entry}>" for name in "AB")
    feed = f"<{root}{space}>{one}{two}"
    for size in range(len(feed) - len(two), len(feed) - 1):
        assert [each.title for each in feedxml.items(feed[:size].encode(), Source("s", "feed", URL), URL)] == ["A"]
    for end in ("", f"</{root}>", f"</{root}> <!-- 12 ms -->"):
        found = feedxml.items(f"{feed}{end}".encode(), Source("s", "feed", URL), URL)
        assert [each.title for each in found] == ["A", "B"]
    shown = f"<{root}{space}>{one}{two}".replace("&lt;item&gt;", f"<![CDATA[<{entry}>]]>") + f"</{root}>"
    assert len(feedxml.items(shown.encode(), Source("s", "feed", URL), URL)) == 2


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x00", "\x1f", "\ufffe"])
def test_a_sign_that_xml_forbids_takes_no_text_with_it(sign: str) -> None:
    """Word writes line ends that are no XML; one of them in a quoted text made the parser drop all of it."""
    quoted = (
        f"<title>One</title><description><![CDATA[<p>The eels {sign}came back.</p><p>All did.</p>]]></description>"
    )
    assert told(quoted) == ("One", "The eels came back. All did.")
    assert told(f"<title>The eels {sign}came back</title>")[0] == "The eels came back"


def test_the_end_of_a_line_keeps_two_words_apart() -> None:
    assert told("<title>The eels\x0bcame back&#11;again</title>")[0] == "The eels came back again"


def test_letters_that_are_told_by_the_numbers_of_windows_are_letters() -> None:
    assert told("<title>Maja&#146;s &#x93;eels&#X94;</title>")[0] == "Maja’s “eels”"
    assert told("<title>Maja\x92s eels</title>")[0] == "Maja’s eels"
    assert charset.decode("Maja\x92s \x96 eels".encode()) == "Maja’s – eels"
    assert charset.decode("Maja\x81s".encode()) == "Maja\x81s", "what stands for no letter stays as it is"


@pytest.mark.parametrize(
    ("number", "letter"), [("X41", "A"), ("38", "&amp;"), ("xD83D", "�"), ("9999999999", "�"), ("xFFFE", "")]
)
def test_a_number_is_its_letter_however_it_is_written(number: str, letter: str) -> None:
    assert told(f"<title>One {'&#'}{number};</title>")[0].strip() == f"One {letter}".strip().replace("&amp;", "&")


def test_the_names_of_letters_that_w3c_keeps_are_no_attack() -> None:
    w3c = '<!ENTITY % letters PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" "http://www.w3.org/TR/lat1.ent">'
    assert told("<title>Sm&ouml;r</title>", f"<!DOCTYPE rss [{w3c}%letters;]>")[0] == "Smör"
    for attack in ('<!ENTITY % a SYSTEM "file:///etc/passwd">', f'{w3c}<!ENTITY a "aaa">'):
        with pytest.raises(SourceError, match="declares entities"):
            told("<title>One</title>", f"<!DOCTYPE rss [{attack}]>")


def test_a_letter_of_windows_in_utf_8_is_that_letter_and_changes_no_other() -> None:
    """Who copies from an old page into a new one leaves the old one's octets there."""
    assert charset.decode("Ålen – ".encode() + b"Maja\x92s sm\xf6r h\xe4r") == "Ålen – Maja’s smör här"
    good = "Ålarna är på väg hem till ån igen, så säger Åke på ön. " * 5
    assert charset.decode((good + "Maja").encode() + b"\x92s \xf6") == f"{good}Maja’s ö"
    assert charset.decode(good.encode() + b"\xc3 cut \xe2\x80 here") == f"{good}� cut � here"
    assert charset.decode("Smör & bröd på kajen".encode("cp1252")) == "Smör & bröd på kajen"
