"""Laws of finding twins that no site calls so: much must speak for them, and two of a kind are none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.files.pool.pool import Pool
from newsletter.kin import twinship
from newsletter.model import Article

NOW = datetime(2025, 6, 10, 8, tzinfo=UTC)
EN = (
    "Harbour Labs opens a lab with 40 benches, says Maja Ek of Kelpworks in Norrvik. It costs 12 million. "
    "Call Petra Lund at petra@labs.example by 14 June."
)
SV = (
    "Nu öppnar Harbour Labs ett labb med 40 bänkar, säger Maja Ek på Kelpworks i Norrvik. Det kostar 12 miljoner. "
    "Ring Petra Lund på petra@labs.example före 14 juni."
)


def an(url: str, language: str, text: str = "Words.", days: float = 0) -> Article:
    at = NOW + timedelta(days=days)
    return Article(url, f"About {url}", url, text, "", f"feed {language}", language=language, published=at)


def twins(folder: Path, *articles: Article) -> list[tuple[str, ...]]:
    with Pool(folder / "articles.db") as pool:
        for one in articles:
            pool.add([one], NOW + timedelta(days=90))
        return [pool.get(one.key).twins for one in articles]


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        ("https://p.example/en/open-lab", "https://p.example/sv/open-lab", 0),
        ("https://p.example/open-lab", "https://p.example/en/open-lab/", 30),
        ("https://www.p.example/x/open-lab", "https://en.p.example/x/open-lab", 3),
        ("https://p.example/?p=7&lang=en", "https://p.example/?p=7&lang=sv", 0),
        ("https://p.example/en/news/4711-open-lab", "https://p.example/sv/nyheter/4711-oppet-labb", 1),
        ("https://p.example/en/news/open-lab-4711", "https://p.example/sv/nyheter/oppet-labb-4711", 2),
        ("https://p.example/en/rules", "https://p.example/sv/rules", 0),
    ],
)
def test_an_address_in_another_language_is_a_twins(tmp_path: Path, one: str, other: str, days: int) -> None:
    assert twins(tmp_path, an(one, "en"), an(other, "sv", days=days)) == [(other,), (one,)]


def test_the_same_names_and_numbers_of_the_same_days_are_a_twins(tmp_path: Path) -> None:
    one, other = an("https://p.example/e/1a", "en", EN), an("https://p.example/s/1b", "sv", SV, days=1)
    assert twins(tmp_path, one, other) == [(other.key,), (one.key,)]


@pytest.mark.parametrize(
    "other",
    [
        an("https://p.example/en/open-lab", "sv"),
        an("https://p.example/sv/open-lab", "en"),
        an("https://p.example/sv/open-lab", "sv", days=80),
        an("https://p.example/sv/4712-lab", "sv"),
        an("https://p.example/sv/lab", "sv"),
        an("https://other.example/sv/x", "sv", SV),
        an("https://p.example/sv/x", "sv", SV, days=5),
        an(
            "https://p.example/sv/x",
            "sv",
            "Sixten Bro bygger 300 båtar åt Kustby hamn, säger Iris Holm på Bro AB.",
        ),
    ],
)
def test_what_only_resembles_a_twin_is_none(tmp_path: Path, other: Article) -> None:
    for one in (an("https://p.example/en/open-lab", "en", EN), an("https://p.example/en/4711-lab", "en", EN)):
        if one.key != other.key:
            (tmp_path / one.key[-4:]).mkdir(exist_ok=True)
            assert twins(tmp_path / one.key[-4:], one, other) == [(), ()]


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        ("https://labs.p.example/open-lab", "https://shop.p.example/open-lab", 0),
        ("https://en.example/open-lab", "https://sv.example/open-lab", 0),
        ("https://p.example/en/lab", "https://p.example/sv/lab", 0),
        ("https://p.example/en/news/4711-open-lab", "https://p.example/sv/nyheter/4711-oppet-labb", 30),
    ],
)
def test_an_address_that_says_too_little_makes_no_twins(tmp_path: Path, one: str, other: str, days: int) -> None:
    assert twins(tmp_path, an(one, "en"), an(other, "sv", days=days)) == [(), ()]


def an_event(name: str, language: str, when: str, title: str = "Mingel 7") -> Article:
    row = f"- {when} | {title} | Aula 300, Norrvik | https://p.example/{name}"
    return an(f"https://p.example/{name}", language, f"::: events\n{row}\n:::")


def test_two_events_at_the_same_time_are_twins_and_at_another_none(tmp_path: Path) -> None:
    swedish = an_event("mingel", "sv", "2027-01-11 17:00–19:00")
    english = an_event("en/mingle", "en", "2027-01-11 17:00–19:00", "Mingle")
    later = an_event("en/fair", "en", "2027-01-12 17:00–19:00")
    told = an("https://p.example/en/told", "en", f"Come to Aula 300 on {swedish.text[13:90]}.")
    assert twins(tmp_path, swedish, told, later, english) == [(english.key,), (), (), (swedish.key,)]


def test_of_two_events_at_the_same_time_none_is_the_twin_of_a_third(tmp_path: Path) -> None:
    told = [("a-talk", "sv"), ("b-fair", "sv"), ("en/c-talk", "en")]
    events = [an_event(name, language, "2027-01-11 17:00") for name, language in told]
    assert twins(tmp_path, *events) == [(), (), ()]


def test_a_copy_in_the_same_language_is_no_twin(tmp_path: Path) -> None:
    """In a pool of two languages too."""
    both = an("https://p.example/en/open-lab", "en"), an("https://www.p.example/open-lab", "en")
    assert twins(tmp_path, *both, an("https://p.example/sv/choir", "sv")) == [(), (), ()]


def test_without_a_language_or_a_day_nothing_is_a_twin() -> None:
    one, other = an("https://p.example/en/open-lab", "en"), an("https://p.example/sv/open-lab", "sv")
    assert twinship.same_place(one, other)
    for said in ({"language": ""}, {"published": None}):
        assert not twinship.same_place(replace(one, **said), other)
        assert not twinship.same_place(one, replace(other, **said))


@pytest.mark.parametrize(
    ("english", "swedish"),
    [
        ("We met Ola Ek in Norrvik.", "Vi mötte Ola Ek i Norrvik."),
        (
            "We met Ola Ek in Norrvik by 14 June, then Ida Bro in Kustby, with 40 boats, 300 nets and 77 oars.",
            "Vi mötte Ola Ek i Norrvik den 14 juni, med 40 båtar.",
        ),
    ],
)
def test_a_few_shared_names_make_no_twins(tmp_path: Path, english: str, swedish: str) -> None:
    one, other = an("https://p.example/e/1a", "en", english), an("https://p.example/s/1b", "sv", swedish)
    assert twins(tmp_path, one, other) == [(), ()]


def test_of_two_that_could_be_the_twin_neither_is(tmp_path: Path) -> None:
    both = [an(f"https://p.example/s/{name}", "sv", SV) for name in ("aa", "bb")]
    found = twins(tmp_path, *both, an("https://p.example/e/cc", "en", EN))
    assert found == [(), (), ()]


def test_no_address_makes_it_crash() -> None:
    for url in ("", "https://[bad/", "https://p.example", "https://p.example/en/?lang=sv", "text:x"):
        assert twinship.places(url) in {(), ("/x",)}
    assert twinship.places("https://p.example/en/") == ()
