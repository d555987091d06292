"""Laws of the heads of text pages: a motto, a menu in Arabic, the name of a place are no title and no writer."""

import pytest

from newsletter.model import RawItem
from newsletter.reading.texts import textpage

TEXT = (
    "Orbit Tools builds small arms that mend satellites where they are, and has sold two of them to a firm.\n"
    "The company has eleven people and moved into the park two years ago, when it was two and a lathe."
)
ARABIC = (
    "افتتحت جامعة الميناء مختبرا جديدا للطاقة المتجددة، يضم ثلاثين باحثا من خمس دول عربية وأوروبية.\n"
    "وقال رئيس الجامعة إن المختبر سيعمل مع الشركات المحلية على تطوير بطاريات أرخص وأطول عمرا."
)


def read(text: str) -> RawItem:
    [one] = textpage.parse(text, "page")
    return one


@pytest.mark.parametrize(
    ("site", "menu"),
    [
        ("Quay Park\nWhere science meets the sea", "Home\nNews\nEvents\nAbout us\nContact"),
        ("Kajens stad\nEn plats att växa på sedan 1862", "Hem\nNyheter\nKontakt"),
    ],
)
def test_the_motto_of_a_site_above_its_menu_is_no_title(site: str, menu: str) -> None:
    one = read(f"{site}\n{menu}\nA start-up on its way to space\nJune 10, 2025\n{TEXT}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == ("A start-up on its way to space", "2025-06-10")
    assert one.text == TEXT.replace("\n", "\n\n")


def test_a_short_title_keeps_what_stands_under_it() -> None:
    one = read(
        f"New rector\nShe leads the school from the autumn on\nShare\nPrint\nLong experience of schools\n{TEXT}\n"
    )
    assert one.title == "New rector"
    assert "She leads the school" in one.text


def test_a_page_in_arabic_has_its_title_day_and_writer() -> None:
    menu, rights = "الرئيسية\nالأخبار\nاتصل بنا", "جميع الحقوق محفوظة"
    one = read(f"{menu}\nافتتاح مختبر جديد في جامعة الميناء\n١٢ مايو ٢٠٢٥\nبقلم: ليلى حداد\n{ARABIC}\n{rights}\n")
    assert one.published
    assert (one.title, one.author) == ("افتتاح مختبر جديد في جامعة الميناء", "ليلى حداد")
    assert one.published.date().isoformat() == "2025-05-12"
    assert one.text == ARABIC.replace("\n", "\n\n")


@pytest.mark.parametrize(
    ("line", "author"), [("Stora Scenen", ""), ("Main Hall", ""), ("Ida Strand", "Ida Strand")]
)
def test_the_name_of_a_place_in_the_last_line_is_no_writer(line: str, author: str) -> None:
    assert read(f"A feast in the park\n{TEXT}\n{line}\n").author == author
