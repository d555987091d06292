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


@pytest.mark.parametrize(
    ("head", "title", "day", "author", "tags"),
    [
        (
            "Breaking News\nThe train was four hours late",
            "The train was four hours late",
            "",
            "",
            ("Breaking news",),
        ),
        ("Lokalt 22.10.2021\nVägen stängs i höst", "Vägen stängs i höst", "2021-10-22", "", ("Lokalt",)),
        (
            "Viruset\nUndervisning i skolan från måndag\n2:00 min",
            "Undervisning i skolan från måndag",
            "",
            "",
            ("Viruset",),
        ),
        (
            "Quay News Archives\nA win saves us all\n04-Apr-2011",
            "A win saves us all",
            "2011-04-04",
            "",
            (),
        ),
        ("A blue bridge\nPosted on: June 8, 2024 | By: Per Lund", "A blue bridge", "2024-06-08", "Per Lund", ()),
        (
            "Kardiologie\nWir sehen mehr als je zuvor\nEin Gespräch\n02.05.2024",
            "Wir sehen mehr als je zuvor",
            "2024-05-02",
            "",
            ("Kardiologie",),
        ),
        ("2024-02-06 13:30Press release\nSix firms move in", "Six firms move in", "2024-02-06", "", ()),
        ("A bridge in blue\nA bridge in blue\nOct 12, 2017 10:10 AM ET", "A bridge in blue", "2017-10-12", "", ()),
        ("Norrvik\nSenast uppdaterad: 13/12-2022", "Norrvik", "2022-12-13", "", ()),
        (
            "A bridge in blue\nPublished\n2 years ago\non\nJune 8, 2024\nBy\nAnna Holm",
            "A bridge in blue",
            "2024-06-08",
            "Anna Holm",
            (),
        ),
        (
            "A bridge in blue\nDate Published: 8-Jun-2011\nTime posted: 9:16 am",
            "A bridge in blue",
            "2011-06-08",
            "",
            (),
        ),
    ],
)
def test_what_stands_over_and_under_a_title_is_told_apart(
    head: str, title: str, day: str, author: str, tags: tuple[str, ...]
) -> None:
    one = read(f"{head}\n{TEXT}\n")
    said = one.published.date().isoformat() if one.published else ""
    assert (one.title, said, one.author, one.tags) == (title, day, author, tags)
    assert one.text.removeprefix("## Ein Gespräch\n\n") == TEXT.replace("\n", "\n\n")


@pytest.mark.parametrize(
    "head",
    ["Vinterkräksjuka\nSå skyddar du dig i höst", "Norrviks kommun\nHistoria", "Report 2025-06-12\nPresent"],
)
def test_a_short_title_over_a_heading_stays_the_title(head: str) -> None:
    title, _, heading = head.partition("\n")
    one = read(f"{head}\n{TEXT}\nNorrviks kommun har andra saker att säga om detta, och de står här under.\n")
    assert one.title == title
    assert one.text.startswith(f"## {heading}\n")


def test_what_a_town_says_of_its_cookies_and_languages_and_its_name_are_no_title() -> None:
    cookies = "På norrvik.example används kakor, på engelska cookies. Om du fortsätter godkänner du det."
    more = "Läs mer om kakor och hur de används på norrvik.example"
    tongue = "Här kan du välja vilket språk du vill läsa på. Vi låter Google Translate översätta webbplatsen."
    told = "I Norrviks kommun finns totalt sjutton skolor, och tolv av dem är kommunens egna och ligger i byarna."
    one = read(f"{cookies}\n{more}\n{tongue}\nNorrviks kommun\nGrundskola\n{told}\n")
    assert (one.title, one.text) == ("Grundskola", told)


def test_news_of_a_translator_is_text() -> None:
    told = "Google Translate kan nu översätta samiska, och det är glädjande för många i norr som läser det."
    assert read(f"Nya språk i höst\n{told}\n{TEXT}\n").text.startswith(told)


def test_how_somebody_is_reached_is_no_summary_and_a_name_on_a_card_stands_once() -> None:
    card = "Ida Strand\nIda Strand\nStatistikansvarig\n08-123 45 67\nida.strand@quay.example"
    one = read(f"Elpriset sjönk\n{TEXT}\nKontakt\n{card}\n")
    assert one.text.count("Ida Strand") == 1
    assert one.summary == TEXT.replace("\n", " ")


def test_an_article_about_cookies_that_names_its_site_keeps_its_title_and_text() -> None:
    told = "På quay.example används kakor för att räkna besök, och vi har gått igenom dem en efter en."
    one = read(f"Så använder vi kakor\n{told}\n{TEXT}\n")
    assert one.title == "Så använder vi kakor"
    assert one.text.startswith(told)


@pytest.mark.parametrize(
    ("end", "kept"),
    [("See you in September!", True), ("Share\nBecome a member!", False)],
)
def test_a_good_bye_right_under_the_text_is_told(end: str, kept: bool) -> None:
    one = read(f"Summer in the park\n{TEXT}\n{end}\n")
    assert one.text.endswith(f"\n\n{end}" if kept else TEXT[-20:])


LONG = "A new quay in Norrvik: two hundred metres of oak and larch for the boats, the bathers and all who wait for"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (f"{LONG} the ferry", f"{LONG} the ferry"),
        ("Norrviks Nya Hamn\n\nFler båtar lägger till i år än förra året\n\nPressmeddelande • 12 juni 2025",
         "Fler båtar lägger till i år än förra året"),
        ("Toggle menu Sök\n\nToggle menu Sök\n\nNy kaj i Norrvik", "Ny kaj i Norrvik"),
        ("Ida Strand\nIda Strand ser ut över den nya kajen.\n\nMiljoner till kajen", "Miljoner till kajen"),
        ("Den här sidan är utskriven från Norrviks webbplats (www.example.org). Texten är gammal.\n\nKajen invigs",
         "Kajen invigs"),
        ("About Us 2019-03-12T10:45:40+00:00", "About Us"),
    ],
)  # fmt: skip
def test_what_stands_above_a_title_of_any_length_is_not_in_its_place(head: str, title: str) -> None:
    one = read(f"{head}\n\n{TEXT}\n")
    assert (one.title, one.text) == (title, TEXT.replace("\n", "\n\n"))


def test_one_word_under_a_title_is_its_subject() -> None:
    one = read(f"A quay for the whole town\nInspiration\n\n{TEXT}\n")
    assert (one.tags, one.text) == (("Inspiration",), TEXT.replace("\n", "\n\n"))


def test_the_words_between_by_and_a_day_may_be_nobodys_name() -> None:
    assert read(f"A quay for the whole town\n\nBy on 7 oktober, 2025\n\n{TEXT}\n").author == ""
    assert read(f"A quay for the whole town\n\nBlog post by Ida Strand, rector\n\n{TEXT}\n").author == "Ida Strand"


@pytest.mark.parametrize(
    "picture",
    ["En vybild över Norrvik med hamnen i mitten.", "Two hands that hold on to the same rope.", "old harbour"],
)
def test_what_a_picture_above_a_title_shows_is_no_title_and_no_text(picture: str) -> None:
    one = read(f"{picture}\n\nWho owns the quay\n\n{TEXT}\n\nHow it is paid\n\n{TEXT}\n")
    assert one.title == "Who owns the quay"
    assert picture.split()[-1] not in one.text


def test_a_sentence_above_a_title_that_shows_nothing_stands_under_it() -> None:
    one = read(f"The town has waited for it since the war.\n\nWho owns the quay\n\n{TEXT}\n")
    assert (one.title, one.text.split("\n")[0]) == (
        "Who owns the quay",
        "The town has waited for it since the war.",
    )


def test_what_a_site_asks_for_in_capitals_above_a_title_is_not_in_its_place() -> None:
    one = read(f"STAY UP TO DATE\n\nA quay for the whole of the town\n\n{TEXT}\n")
    assert (one.title, one.tags) == ("A quay for the whole of the town", ())


def test_a_few_small_words_under_a_title_are_what_its_picture_is_called() -> None:
    one = read(f"A quay for the whole town\n29 augusti 2025\nstreet view norrvik\n\n{TEXT}\n")
    assert one.text == TEXT.replace("\n", "\n\n")


@pytest.mark.parametrize(
    ("head", "title", "day"),
    [
        ("Öppen-kaj\n\nEn ny kaj för hela staden öppnas i juni", "En ny kaj för hela staden öppnas i juni", 0),
        ("A quay for the whole town\n\nNorrvik, 2025-03-06", "A quay for the whole town", 6),
        ("2020-03-13 12:31Pressmeddelande\n\nKajen öppnas senare. Nytt datum: 4 – 5 november 2020.",
         "Kajen öppnas senare. Nytt datum: 4 – 5 november 2020", 13),
        ("Norrvik Science Park AB\n\nNorrvik Science Parks VD avgår på egen begäran\n\nSep 29, 2010 11:51 CEST",
         "Norrvik Science Parks VD avgår på egen begäran", 29),
    ],
)  # fmt: skip
def test_a_day_and_a_name_around_a_title_are_not_in_it(head: str, title: str, day: int) -> None:
    one = read(f"{head}\n\n{TEXT}\n")
    assert (one.title, one.published.day if one.published else 0) == (title, day)
    assert one.text == TEXT.replace("\n", "\n\n")


def test_a_day_in_small_letters_above_a_title_is_a_day() -> None:
    one = read(f"tisdag 2 mars 2010\n\nKlart med en ny kaj!\n\n{TEXT}\n\n0 kommentarer:\n")
    assert one.published
    assert (one.published.day, one.text) == (2, TEXT.replace("\n", "\n\n"))


@pytest.mark.parametrize(
    "head", ["Logotype för Norrviks kommun", "Search for content, post, videos", "Kajen logo"]
)
def test_an_emblem_and_a_search_above_a_title_are_furniture(head: str) -> None:
    assert read(f"{head}\n\nEn ny kaj för hela staden\n\n{TEXT}\n").title == "En ny kaj för hela staden"


def test_a_town_above_the_title_of_its_press_release_is_whose_news_it_is() -> None:
    title = "Norrviks kommun bygger en kaj för alla"
    one = read(f"Norrviks kommun\n\n{title}\n\nPressmeddelande   •   Nov 17, 2006 10:37 CET\n\n{TEXT}\n")
    assert (one.title, one.text) == (title, TEXT.replace("\n", "\n\n"))


SEA = (
    "The college measures how much the sea rises at the old quay, with a small arm that Orbit Tools has built.\n"
    "Nobody had measured the sea at this quay before, and the first year of figures is here for all to read."
)


@pytest.mark.parametrize(
    "above",
    [
        "An alt text\nA text of a picture",
        "Archive of press notices",
        "Tue 21 Mar / Year 41 / No 5 2025",
        "Citizens",
        "Skip to content\nNames\nTown hall\nAdministration",
        "RSS icon and bookmarks\nStories by date\nOne story",
        "Illustrasjon av havet og kaien, sett fra sør. Ida Strand AS Arkitekter",
        "The college measures how much the sea rises share",
        "PRESSEMITTEILUNG DES VERBANDES AM MEER",
        "Pressemitteilung | Verband am Meer e.V.",
        "Denna webbplats använder teknik som inte stöds i din webbläsare, och saker kan se konstiga ut.",
        "The Quay Courier",
        "News > The college measures how much ...",
    ],
)
def test_the_line_that_the_text_tells_of_is_the_title_whatever_stands_above_it(above: str) -> None:
    title = "The college measures how much the sea rises"
    one = read(f"{above}\n\n{title}\n\n{SEA}\n")
    assert (one.title, one.text) == (title, SEA.replace("\n", "\n\n"))


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("Norrvik Meny", "De yngsta kan bli utan"),
        ("Hela Norrviks dag samlad på ett ställe!", "Nytt möte i kväll – och biblioteket stänger"),
        ("Visa endast rubriker", "Hamnbiblioteken kan komma bort"),
        (
            "Hela platsen: http://norrvik.example.org\n\nHela platsen: http://norrvik.example.org",
            "Vår hamn får ett nytt rum",
        ),
        ("null Hamnen får ett nytt bibliotek", "Hamnen får ett nytt bibliotek"),
    ],
)
def test_what_a_site_says_above_a_title_of_which_the_text_has_few_words_is_not_it(above: str, title: str) -> None:
    text = "Bibliotekschefen Ida Strand varnar för att de yngsta barnen måste gå längre än i dag till sina böcker."
    one = read(f"{above}\n\n{title}\n\n{text}\n\nHon hoppas ändå att skolan kan hjälpa dem på vägen dit.\n")
    assert one.title == title
    assert one.text.startswith(text)


@pytest.mark.parametrize(
    ("text", "last", "author"),
    [
        ("Das Institut hat seinen Preis gestern an eine Stiftung am Meer vergeben.", "Wertanlage Gold", ""),
        ("Wir haben unseren Preis gestern an eine Stiftung am Meer vergeben.", "Ida Strand", "Ida Strand"),
        ("Das Institut hat seinen Preis gestern vergeben.", "Ida Strand, Sprecherin", "Ida Strand"),
    ],
)
def test_two_german_words_sign_what_somebody_tells_of_themselves(text: str, last: str, author: str) -> None:
    one = read(f"Der Preis geht an eine Stiftung\n\n{text} {text}\n\n{last}\n")
    assert one.author == author
    assert (last in one.text) == bool(author)


def test_of_a_title_that_stands_twice_nothing_between_is_told() -> None:
    title = "The college measures how much the sea rises"
    one = read(f"{title}\nThe Quay Courier\nNames\nTown hall\n{title}\nJune 8, 2024\n{SEA}\n")
    assert (one.title, one.text) == (title, SEA.replace("\n", "\n\n"))


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Norrvik\nThe sea rises\n27.06.2016 | Stand 02.12.2020, 19:37 Uhr", "2016-06-27"),
        ("The sea rises\nUutisia 17.9.2020 6.18 Päivitetty 8.11.2021 12.31", "2020-09-17"),
    ],
)
def test_the_day_of_a_page_stands_beside_when_it_was_changed(head: str, day: str) -> None:
    one = read(f"{head}\n{SEA}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == ("The sea rises", day)
    assert one.text == SEA.replace("\n", "\n\n")


def test_a_day_in_figures_between_two_paragraphs_is_when_the_page_came_out() -> None:
    first, last = SEA.split("\n")
    one = read(f"The sea rises\n{first}\n2023-09-04\n{last}\n")
    assert one.published
    assert (one.published.date().isoformat(), one.text) == ("2023-09-04", SEA.replace("\n", "\n\n"))


def test_a_paragraph_above_a_title_stands_under_it() -> None:
    first, last = SEA.split("\n")
    one = read(f"{first} It is for all.\n\nNobody had measured the sea\n\n{last}\n")
    assert one.title == "Nobody had measured the sea"
    assert one.text == f"{first} It is for all.\n\n{last}"
    # A short heading is rather that of a section.
    assert read(f"{first} It is for all.\n\nBackground\n\n{last}\n").text.split("\n\n")[1] == "## Background"


def test_a_name_under_its_portrait_is_who_wrote() -> None:
    lead = "Nobody had measured the sea before, and here is how you may measure it on your own quay…"
    one = read(f"The sea rises\n\nPicture of Ida Strand\nIda Strand\n\n{lead}\n\n{SEA}\n")
    assert (one.title, one.author) == ("The sea rises", "Ida Strand")
    assert one.text.startswith(f"{lead}\n\n")


def test_whom_a_text_names_is_not_its_title() -> None:
    told = (
        "Norrviks universitet gives its prize for research on quays to Ida Strand, who has measured the sea.\n"
        "It is the third time that the prize is given, and it is worth as much as a small boat with its motor."
    )
    one = read(f"Norrviks universitet\n\nThey have the prize for quays of 2026\n\n{told}\n")
    assert (one.title, one.text) == ("They have the prize for quays of 2026", told.replace("\n", "\n\n"))


@pytest.mark.parametrize("byline", ["2019-10-17 12:58 - Ida Strand", "Ida Strand"])
def test_a_name_that_the_text_does_not_tell_of_stands_under_a_title_as_its_writer(byline: str) -> None:
    one = read(f"Quay to be voted on next Tuesday\n\n{byline}\n\n{SEA}\n")
    assert (one.title, one.author) == ("Quay to be voted on next Tuesday", "Ida Strand")
    assert one.text == SEA.replace("\n", "\n\n")
    assert bool(one.published) == byline.startswith("2019")


def test_a_lead_stands_above_its_title_with_a_picture_between() -> None:
    first, last = SEA.split("\n")
    shown = "Kuva\nKaupunginvaltuuston nuija, taustalla valtuustosali. Kuva Ida Strand"
    one = read(
        f"Hyppää pääsisältöön\n23.11.2020\n{first} It is for all.\n{shown}\nNobody measured the sea\n{last}\n"
    )
    assert one.published
    assert (one.title, one.published.year) == ("Nobody measured the sea", 2020)
    assert one.text == f"{first} It is for all.\n\n{last}"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (
            "Norrviks universitets seal",
            "Norrviks universitet gives a large prize for research on quays to a college in the north, once more",
        ),
        ("News 99-026", "Small Boat Prize Is Given"),
    ],
)
def test_a_title_has_many_words_or_capitals_under_an_emblem_or_a_number(above: str, title: str) -> None:
    told = (
        "Norrviks universitet gives its large prize for research on quays to a college that measured the sea.\n"
        "It is the third time that the prize is given, and it is worth as much as a small boat with its motor."
    )
    one = read(f"{above}\n\n{title}\n\n{told}\n")
    assert (one.title, one.text) == (title, told.replace("\n", "\n\n"))


def test_a_title_that_its_day_stands_before_has_that_day() -> None:
    deck = "The friends of the harbour gave it for the inside of the old house on the quay"
    one = read(f"10.12.2015 Another 46,000 euros for the quay\n\n{deck}\n\n{TEXT}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == (
        "10.12.2015 Another 46,000 euros for the quay",
        "2015-12-10",
    )
    assert deck in one.text


def test_an_hour_behind_a_day_makes_no_title_of_it() -> None:
    assert read(f"Lunch om pumpar\n\n18 november 2026 12:00 - 13:00\n\n{TEXT}\n").title == "Lunch om pumpar"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("erstellt am 18.Mär.2015 | 12:41 Uhr", "2015-03-18"),
        ("28.10.2005 Artikelansicht", "2005-10-28"),
    ],
)
def test_a_german_day_without_spaces_or_with_a_word_behind_it_is_a_day(line: str, day: str) -> None:
    told = TEXT.replace("\n", "\n\n")
    one = read(f"A start-up on its way to space\n{line}\n{told}\n")
    assert one.published
    assert (one.published.date().isoformat(), one.text) == (day, told)


def test_a_title_in_capitals_may_have_a_full_stop() -> None:
    one = read(f"OPEN DAY.\n\n{TEXT}\n")
    assert (one.title, one.text) == ("OPEN DAY", TEXT.replace("\n", "\n\n"))


def test_a_question_between_marks_over_a_day_is_a_title() -> None:
    one = read(f"„Woher kommt das Geld?“\n12.05.2025\n{TEXT}\n")
    assert (one.title, one.text) == ("„Woher kommt das Geld?“", TEXT.replace("\n", "\n\n"))


def test_what_a_site_says_of_itself_behind_its_address_is_no_text() -> None:
    one = read(f"norrvik.example – all that you want to know of the harbour!\n\nA quay for all\n\n{TEXT}\n")
    assert (one.title, one.text) == ("A quay for all", TEXT.replace("\n", "\n\n"))


def test_breadcrumbs_may_have_a_figure_with_a_point() -> None:
    one = read(f"The quay\n\nHome > Maps > Version 2.5\n\n{TEXT}\n")
    assert (one.title, one.text) == ("The quay", TEXT.replace("\n", "\n\n"))


def test_when_a_page_came_out_as_a_crawler_writes_it_is_no_word_of_the_text() -> None:
    told = TEXT.replace("\n", "\n\n")
    one = read(f" date 2019-08 {TEXT}\n")
    assert (one.text, one.published) == (told, None)
    one = read(f" date 2019-08-12 {TEXT}\n")
    assert one.published
    assert (one.text, one.published.date().isoformat()) == (told, "2019-08-12")


def test_a_day_in_figures_above_a_long_title_is_no_name_of_a_picture() -> None:
    one = read(f"2025-06-12\n\nEleven people mend what flies above us\n\n{TEXT}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == (
        "Eleven people mend what flies above us",
        "2025-06-12",
    )


def test_what_stands_twice_in_a_line_above_the_text_is_a_picture() -> None:
    one = read(
        f"Bora Bora\n\n12 May 2025 geschrieben von Anna Holm\nHarbour pictures Harbour pictures\n\n{TEXT}\n"
    )
    assert (one.title, one.author, one.text) == ("Bora Bora", "Anna Holm", TEXT.replace("\n", "\n\n"))


def test_a_day_that_says_what_it_is_counts_before_the_day_above_a_title() -> None:
    first, second = TEXT.splitlines()
    today, title = "So, 19. Januar 2025", "A start-up on its way to space"
    one = read(f"{today}\n\n{title}\n\n{first}\n\nVeröffentlicht 19. Oktober 2024\n\n{second}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == (title, "2024-10-19")
    one = read(f"{today}\n\n{title}\n\n{first}\n\nUpdated 19 March 2025\n\n{second}\n")
    assert one.published
    assert one.published.date().isoformat() == "2025-01-19"


@pytest.mark.parametrize("line", ["zum Hauptinhalt", "zur Navigation springen", "Avatar-Foto", "Stand:"])
def test_what_a_german_page_says_to_its_readers_is_no_text(line: str) -> None:
    first, second = TEXT.splitlines()
    for page in (
        f"{line}\n\nSpace: a start-up\n\n{TEXT}\n",
        f"Space: a start-up\n\n{first}\n\n{line}\n\n{second}\n",
    ):
        one = read(page)
        assert (one.title, one.text.split()) == ("Space: a start-up", TEXT.split())
