"""Laws of what stands within a text page: its lists, people, interviews, programme and good-bye."""

import pytest

from newsletter.model import RawItem
from newsletter.reading.texts import textpage
from newsletter.reading.texts.outline import outline
from tests.effort import calls

TEXT = (
    "Orbit Tools builds small arms that mend satellites where they are, and has sold two of them to a firm.\n"
    "The company has eleven people and moved into the park two years ago, when it was two and a lathe."
)
TOLD = TEXT.replace("\n", "\n\n")


def read(text: str) -> RawItem:
    [one] = textpage.parse(text, "page")
    return one


def test_the_lines_of_a_point_that_are_set_in_belong_to_it() -> None:
    one = read(
        f"An evening of pumps\n\n{TEXT}\n\n"
        "  • 12.00 Welcome\n    Anna Holm and Nils Berg, Norrvik\n"
        "  • 12.15 What a pump costs\n    that nobody hears\n"
        "      ◦ a point within it\n"
    )
    assert one.text == (
        f"{TOLD}\n\n- 12.00 Welcome – Anna Holm and Nils Berg, Norrvik\n"
        "- 12.15 What a pump costs that nobody hears\n- a point within it"
    )


def test_a_day_alone_is_an_entry_of_the_programme_that_it_stands_in() -> None:
    days = ["21 januari (ingen)", "4 februari (preliminärt)", "18 mars", "15 april (om broar)", "27 maj"]
    one = read("\n".join(["Fria eftermiddagar", TEXT, "De är dessa:", *days]))
    assert one.text.endswith("\n".join(f"- {day}" for day in days))
    assert one.published is None


def test_points_that_a_colon_announces_are_nobodys_words() -> None:
    asked = ["Hur byggs en kaj?", "Vad kostar den?", "Vem betalar? Och vem bestämmer det?"]
    one = read(f"Samtal om kajen\n{TEXT}\nBland annat talar vi om:\n" + "\n".join(f"- {line}" for line in asked))
    assert one.text.endswith("\n".join(f"- {line}" for line in asked))
    spoken = read(
        f"Samtal om kajen\n{TEXT}\nAnna Holm, rektor, säger:\n- Vi bygger. Dyrt.\n- Vi betalar. Så är det.\n"
    )
    assert spoken.text.count("::: quote ") == 2


@pytest.mark.parametrize("announced", ["Medverkande", "Speakers:", "Panelen"])
def test_people_who_are_announced_are_a_list_with_what_each_of_them_is(announced: str) -> None:
    people = "Anna Holm\n\nVd, Norrvik Science Park\n\nNils Berg\n\nProfessor of pumps"
    one = read(f"Who builds the quay\n\n{TEXT}\n\n{announced}\n\n{people}\n")
    assert one.text.endswith("- Anna Holm, Vd, Norrvik Science Park\n- Nils Berg, Professor of pumps")


def test_facts_may_follow_the_last_of_a_list_of_people() -> None:
    people = ["Anna Holm, rektor Norrviks skola", "Nils Berg, vd Kajen"]
    one = read("\n".join(["Samtal om kajen", TEXT, "Medverkande:", *people, "Plats: Aulan", "Tid: kl 18"]))
    assert "\n".join(f"- {line}" for line in people) in one.text


@pytest.mark.parametrize("marks", [("– ", ""), ("“", "”")])
def test_the_answers_of_an_interview_stand_under_their_questions(marks: tuple[str, str]) -> None:
    said = [
        f"{marks[0]}{words}{marks[1]}"
        for words in ("It mends satellites.", "Nobody else does.", "Next year, we hope.")
    ]
    lines = ["What does it do?", said[0], said[1], "When does it fly?", said[2]]
    one = read("\n".join(["Five questions for Anna Holm", TEXT, *lines]))
    assert one.text == "\n\n".join(
        [TOLD, "## What does it do?", said[0], said[1], "## When does it fly?", said[2]]
    )


def test_the_days_of_a_programme_are_sections_and_no_articles() -> None:
    days = "18 February – Medtech Day\nResearchers show it.\n25 March – Money Talks\nThis is about funding.\n"
    one = read(f"Four fairs about life science this spring\n{TEXT}\n{days}15 April – ATMP Day\nMeet the firms.\n")
    assert [line for line in one.text.split("\n") if line[:1] == "#"] == [
        "## 18 February – Medtech Day",
        "## 25 March – Money Talks",
        "## 15 April – ATMP Day",
    ]


def test_what_is_wished_at_the_end_is_text_and_figures_there_are_none() -> None:
    one = read(f"An evening of pumps\n{TEXT}\nWe hope that many come!\nWelcome!\n10:00-15:00\n")
    assert one.text == f"{TOLD}\n\nWe hope that many come!\n\nWelcome!"
    assert read(f"An evening of pumps\n{TEXT}\n08-123 456 78\n").text.endswith("08-123 456 78")


def test_whoever_wishes_and_signs_ends_the_letter() -> None:
    letter = f"A summer greeting\nWe had a good spring, and we thank you.\n{TEXT}\nSee you in the autumn!\n"
    other = "Touchdown for Hydromars!\nA new firm has come to the park, and it moves at the speed of a rocket."
    first, second = textpage.parse(f"{letter}Anna Holm\nCEO, Norrvik\n{other}\n", "page")
    assert (first.author, second.title) == ("Anna Holm", "Touchdown for Hydromars!")
    assert first.text.endswith("See you in the autumn!\n\nAnna Holm\\\nCEO, Norrvik")


@pytest.mark.parametrize("line", ["Artikeln publicerades 8 maj 2020", "Nyheten publicerades: 2020-05-08"])
def test_the_line_that_says_when_an_article_came_out_is_no_title(line: str) -> None:
    one = read(f"{line}\nTidningen utgår\n{TEXT}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == ("Tidningen utgår", "2020-05-08")


def test_the_day_of_an_event_may_end_with_a_comma() -> None:
    one = read(f"Workshop in the park\n\nApril 1, 2019,\n\n10:00-15:00\n\n{TEXT}\n")
    assert one.published is None
    assert one.text.startswith("- Datum: April 1, 2019\n- Tid: 10:00-15:00\n")


def test_what_a_program_wrote_for_nothing_is_no_text() -> None:
    assert read(f"An evening of pumps\nnull\n{TEXT}\nundefined\n").text == TOLD


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("säger Anna Holm som är ordförande för parken", "Anna Holm, ordförande för parken"),
        (
            "siger administrerende direktør i DTU Science Park Anna Holm",
            "Anna Holm, administrerende direktør i DTU Science Park",
        ),
        ("säger rektor Anna Holm enligt skolans hemsida", "Anna Holm, rektor"),
    ],
)
def test_a_title_told_in_more_words_is_one(said: str, by: str) -> None:
    assert f'::: quote {{by="{by}"}}' in read(f"En kaj\n{TEXT}\n– Vi bygger en kaj i år, {said}.\n").text


FACTS = {"Datum": "12 november 2026", "Tid": "13:00 – 16:00", "Plats": "Verkstaden, Kajen 8", "Kostnad": "Fritt"}


def test_the_box_of_an_event_may_have_its_labels_and_facts_on_lines_of_their_own() -> None:
    box = "\n".join(f"{label}\n{fact}\n" for label, fact in FACTS.items())
    one = read(f"Öppet hus i verkstaden\n\n{box}\n{TEXT}\n")
    assert one.published is None
    assert one.text == "\n".join(f"- {label}: {fact}" for label, fact in FACTS.items()) + f"\n\n{TOLD}"


def test_the_labels_of_a_box_of_facts_may_be_any() -> None:
    box = "Yta:\n400 kvadratmeter\nFinansiär:\nVinnova\nRelevans:\nregional\n"
    assert (
        "- Yta: 400 kvadratmeter\n- Finansiär: Vinnova\n- Relevans: regional" in read(f"Kaj\n{TEXT}\n{box}").text
    )


@pytest.mark.parametrize(
    "deadline",
    ["Sista ansökningsdag\n15 september 2026", "Deadline:\n15 September 2026", "Anmeldeschluss: 15.9.2026"],
)
def test_a_day_until_when_one_may_apply_stays_and_dates_nothing(deadline: str) -> None:
    one = read(f"Money for projects\n{deadline}\n{TEXT}\n")
    assert one.published is None
    assert one.text.startswith(deadline.replace(":\n", ": ").replace("g\n", "g: "))


def test_a_leaf_of_a_calendar_is_no_title_and_no_day_of_its_own() -> None:
    one = read(f"Kalender\nnov\n18\nLunch om pumpar\n18 november 2026 12:00 - 13:00\n{TEXT}\n")
    assert (one.title, one.published) == ("Lunch om pumpar", None)
    assert one.text == f"18 november 2026 12:00 - 13:00\n\n{TOLD}"
    assert read(f"Lunch om pumpar\n18\nNov\n{TEXT}\n").text == TOLD


@pytest.mark.parametrize(
    "caption",
    [
        "Anna Holm stands on the new quay. (Photo: Nils Berg)",
        "Anna Holm, ansvarig för vårens program i biblioteket Foto: Nils Berg",
        "Anna Holm\nAnna Holm, ansvarig för vårens program i biblioteket Foto: Nils Berg",
    ],
)
def test_a_picture_with_its_photographer_above_the_title_is_no_title(caption: str) -> None:
    one = read(f"Skip to main content\n{caption}\nA lunch about pumps\nPublished 2026-01-31\n{TEXT}\n")
    assert (one.title, one.text) == ("A lunch about pumps", TOLD)


def test_a_beginning_that_the_next_paragraph_says_again_is_told_once() -> None:
    first, second = TEXT.split("\n")
    assert read(f"Satellites\n{first[:70]}...\n{first}\n{second[:80]} […]\n{second}\n").text == TOLD


def test_stories_that_each_lead_on_are_articles() -> None:
    lead, *others = textpage.parse(f"One\n{TEXT}\nLäs mer\nTwo\n{TEXT}\nLäs mer\nThree\n{TEXT}\nLäs mer\n", "page")
    assert [lead.title, *(one.title for one in others)] == ["One", "Two", "Three"]
    assert {one.text for one in (lead, *others)} == {TOLD}


def test_each_of_several_to_ask_has_a_card() -> None:
    cards = [
        "Anna Holm, rektor\nTelefon: 08-123 45 67\nE-post: anna@example.org",
        "Nils Berg, vd\nTelefon: 08-123 45 68",
    ]
    shown = ["\\\n".join(card.split("\n")) for card in cards]
    assert read(f"A quay\n{TEXT}\nFor more information\n" + "\n".join(cards)).text.endswith("\n\n".join(shown))


def test_what_the_list_is_of_is_no_button() -> None:
    told = "Stiftelsen delar ut pengar till föreningar som vill bygga något på kajen i år."
    steps = "Klicka på knappen ”ansök” ovan, välj ”Logga in” och gör enligt följande:"
    one = read(f"Sök pengar\n{told}\n{steps}\n1. Klicka på Ansök\n2. Skriv ditt namn\n")
    assert one.text == f"{told}\n\n{steps}\n\n1. Klicka på Ansök\n2. Skriv ditt namn"


@pytest.mark.parametrize("line", ["MH_2016_0047", "annaholm_a4_5852 - Kopia"])
def test_the_name_of_a_file_is_no_heading(line: str) -> None:
    assert read(f"A quay\n{TEXT.replace(chr(10), chr(10) + line + chr(10))}\n").text == TOLD


def test_entries_of_years_and_tags_at_the_end_are_lists() -> None:
    years = ["2025 Anna Holm, för is", "2024 Nils Berg, för hav"]
    one = read("\n".join(["Pris till snö", TEXT, "Tidigare pristagare", *years, "Taggar:", "is", "hav"]))
    assert one.text.endswith("## Tidigare pristagare\n\n" + "\n".join(f"- {line}" for line in years))
    assert one.tags == ("is", "hav")
    assert read(f"A quay\n{TEXT}\nKategorier\n• Hav\n• Kaj\n").tags == ("Hav", "Kaj")


@pytest.mark.parametrize(
    ("line", "day", "by"),
    [
        ("• Publicerad 18:37, 25 jun 2018", "2018-06-25", ""),
        ("March 15, 2017by Anna Holm", "2017-03-15", "Anna Holm"),
        ("Pressemitteilung vom 21.11.2011", "2011-11-21", ""),
        ("Publicerad av: Anna Holm 12 juni, 2025", "2025-06-12", "Anna Holm"),
        ("Publiceringsdatum: 12 juni 2025", "2025-06-12", ""),
        ("12 maj 2025 – Nyhet", "2025-05-12", ""),
    ],
)
def test_a_line_that_dates_a_page_is_read(line: str, day: str, by: str) -> None:
    one = read(f"A quay for the town\n{line}\n{TEXT}\n")
    assert one.published
    assert (one.published.date().isoformat(), one.author, one.text) == (day, by, TOLD)


def test_the_name_of_the_site_with_its_part_stands_above_the_title() -> None:
    one = read(f"Kajens science park | Nyheter\nKajen får en testbädd för vatten\n{TEXT}\n")
    assert (one.title, one.text) == ("Kajen får en testbädd för vatten", TOLD)


def test_a_day_that_a_finn_writes_small_is_a_line_of_its_own() -> None:
    one = read(f"Aamukahvit: rahoitusta pienille yrityksille\nto 19.11.2026 klo 8.00–9.30\n{TEXT}\n")
    assert one.title == "Aamukahvit: rahoitusta pienille yrityksille"


def test_who_said_something_is_told_on_in_a_sentence_of_its_own() -> None:
    one = read(f"En kaj\n{TEXT}\n– Vi bygger en kaj, sade Anna Holm som också visade huset.\n")
    assert one.text.endswith('::: quote {by="Anna Holm"}\nVi bygger en kaj.\n:::\n\nAnna Holm också visade huset.')


def test_the_stories_of_a_list_are_articles_with_what_each_is_filed_under() -> None:
    told = "In the middle of May the town opened a new house by the water, for everybody who lives there."
    page = f"News\n\n • A new house\n\n   {told}\n\n   Culture\n • A new quay\n\n   {told}\n\n   HarboursWater\n"
    first, second = textpage.parse(page, "page")
    assert [(one.title, one.text, one.tags) for one in (first, second)] == [
        ("A new house", told, ("Culture",)),
        ("A new quay", told, ("Harbours", "Water")),
    ]


def test_a_list_whose_points_have_more_to_say_stays_one() -> None:
    one = read(f"A quay\n\n{TEXT}\n\n • The first point is told.\n\n   {TEXT[:90]}\n\n • The second, too.\n")
    assert "- The first point is told." in one.text


def test_stories_that_a_program_cut_short_are_articles() -> None:
    stories = [f"The {what} of the town is new\n{TEXT[:90]} […]" for what in ("quay", "house", "park")]
    assert [one.title for one in textpage.parse("\n".join(stories), "page")] == [
        "The quay of the town is new",
        "The house of the town is new",
        "The park of the town is new",
    ]


def test_what_a_picture_shows_is_told_once_and_is_no_title() -> None:
    shown = "Anna Holm, who leads the park, stands on the quay with all of her colleagues."
    assert read(f"A quay\n{TEXT}\n{shown}\n{shown}\n").text == f"{TOLD}\n\n{shown}"
    assert (
        read(f"The science park of tomorrow\nQuay Lab\nQuay Lab\n{TEXT}\n").title == "The science park of tomorrow"
    )


def test_the_days_of_a_programme_of_hours_are_its_headings() -> None:
    days = ["Friday 07.02.2020", "17:00 - 17:20: Welcome (Agora)", "17:20 - 17:45: A lab is shown (Agora)"]
    more = ["Saturday 08.02.2020", "09:00 - 11:30: Group work", "11:30 - 12:00: Teams tell"]
    one = read("\n".join(["A weekend of pumps", TEXT, *days, *more]))
    assert one.published is None
    assert [line for line in one.text.split("\n") if line[:1] == "#"] == [f"## {days[0]}", f"## {more[0]}"]


def test_a_count_above_the_title_is_none() -> None:
    one = read(f"521\nNews\nA quay for the town\nThis article is more than 2 years old.\n{TEXT}\n")
    assert (one.title, one.text) == ("A quay for the town", TOLD)


def test_a_letter_in_german_keeps_who_signed_it() -> None:
    told = "die Stiftung verabschiedet nach vier Jahren Amtszeit einige Kuratorinnen und begrüßt einige neue."
    one = read(f"Liebe Leser*innen,\n{told}\nIhre\nDr. Andrea Holm\n")
    assert (one.title[:12], one.author) == ("die Stiftung", "Dr. Andrea Holm")
    assert one.text.endswith("Ihre\\\nDr. Andrea Holm")


STORIES = [
    ("A quay for the town!", "The town gets a quay in the spring, and everybody may walk on it."),
    ("The eels are back – nobody knows why", "Divers counted nine of them in the harbour this week."),
]


def test_stories_that_lead_on_may_stand_under_an_article() -> None:
    below = "".join(f"{title}\n{told}\nRead more\n" for title, told in STORIES)
    lead, *others = textpage.parse(f"An evening of pumps\n{TEXT}\n{below}", "page")
    assert (lead.text, [one.title for one in others]) == (TOLD, [title for title, _ in STORIES])


def test_whose_site_it_is_hides_no_stories_above_it() -> None:
    below = "".join(f"{title}\n{told}\n" for title, told in STORIES)
    site = "Go to Top\nQuay Science\nStreet 1\n141 52 Norrvik\ninfo@example.org\n"
    foot = f"{site}Follow us\nLinkedIn\n© 2026 Quay Science\n"
    lead, *others = textpage.parse(f"An evening of pumps\n{TEXT}\nVisit the quay.\n{below}{foot}", "page")
    assert [(one.title, one.text) for one in others] == STORIES
    assert lead.title == "An evening of pumps"


def test_a_line_that_was_broken_at_a_dash_goes_on() -> None:
    told = [
        "In June the town asked everybody “What does a quay cost, and who pays for it?”",
        "– an evening that brought two hundred neighbours together to talk about stone",
        "and wood, and about the eels that live between them.",
    ]
    assert read("A quay\n\n" + "\n".join(told)).text == " ".join(told)


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("The town builds a new bridge over the river, and it opens for everybody", "on 12 May 2026 with music."),
        ("So many wrote that the number of places in the car park went up from ten", "to 12 within a year."),
        ("Kommunen bygger en ny bro över ån, och den öppnar till slut för alla", "fredag den 12 maj 2026 här."),
    ],
)
def test_a_day_with_its_weekday_goes_on_under_a_line_that_is_full(line: str, following: str) -> None:
    assert read(f"A bridge in the town\n\n{line}\n{following}\n").text == f"{line} {following}"


def test_every_leaf_of_a_calendar_keeps_its_day() -> None:
    assert read(f"Spring fair\n18\nnov\n19\nnov\n{TEXT}\n").text.startswith("## 18 nov\n\n## 19 nov\n\n")


@pytest.mark.parametrize(
    "line", ["Hooray, number {}!", "Visit our stand {} at the fair", "Welcome to the big hall {}"]
)
def test_each_line_that_waits_for_a_text_in_vain_costs_the_same(line: str) -> None:
    def effort(size: int) -> int:
        return calls(lambda: outline([line.format(number) for number in range(size)], "en"))

    effort(10)
    assert effort(1600) < 12 * effort(200)


def test_each_day_under_the_titles_of_other_articles_costs_the_same() -> None:
    def effort(size: int) -> int:
        days = "\n".join(f"{1 + number % 28} May 2025" for number in range(size))
        return calls(lambda: textpage.parse(f"A quay\n{TEXT}\nRelated articles\n{days}\n", "page"))

    effort(10)
    assert effort(1600) < 12 * effort(200)


def test_a_good_bye_above_the_titles_of_other_articles_stays() -> None:
    others = "\n".join(f"{title}\n{TEXT}" for title in ("A park: it is open", "A record: 100,000 books are lent"))
    lead, *_ = textpage.parse(f"A quay\n{TEXT}\nWe hope to see you there!\nRelated articles\n{others}\n", "page")
    assert lead.text == f"{TOLD}\n\nWe hope to see you there!"


@pytest.mark.parametrize(
    "line",
    [
        "Ida Strand, CEO, Orbit Tools",
        "Ida Strand, vd på Orbit.",
        "Pictured, from left to right: Ida Strand, Orbit Tools; and Nils Berg, Norrvik.",
        "Quay by Ida S [CC BY-SA 4.0 (https://example.org/by-sa)], from Example Commons",
        "IMG_0040 (2)",
        "Denna nyhet är äldre än 6 månader och är kanske inte aktuell längre.",
        "Laddar karta…",
        "Missa ingen kaj, prenumerera på vårt nyhetsbrev!",
    ],
)
def test_what_stands_between_the_paragraphs_of_a_page_and_is_none_is_left_out(line: str) -> None:
    first, last = TEXT.split("\n")
    assert read(f"A quay for the whole town\n\n{first}\n\n{line}\n\n{last}\n").text == TOLD


def test_several_who_are_named_between_paragraphs_are_headings() -> None:
    people = f"Ida Strand, rector\n\n{TEXT}\n\nNils Berg, mayor\n\n{TEXT}"
    assert read(f"Who builds the quay\n\n{TEXT}\n\n{people}\n").text.count("## ") == 2


def test_a_sentence_that_was_broken_in_the_middle_is_whole() -> None:
    first, last = TEXT.split("\n")
    broken = last.replace(" park ", " park\n")
    assert read(f"A quay for the whole town\n\n{first}\n\n{broken}\n").text == TOLD


def test_the_line_that_leads_to_a_list_is_no_heading() -> None:
    one = read(f"A quay for all\n\n{TEXT}\n\nAmong those who build it are the\n\n  • Orbit Tools\n  • Quay Lab\n")
    assert "Among those who build it are the\n\n- Orbit Tools" in one.text
    assert "##" not in one.text


def test_the_address_under_a_line_that_leads_to_it_is_not_that_of_the_page() -> None:
    one = read(f"A quay for the whole town\n\n{TEXT}\n\nTo find out more about it:\nhttps://example.org/quay\n")
    assert one.url == ""
    assert '::: cta {href="https://example.org/quay" label="To find out more about it"}' in one.text


def test_what_a_firm_says_of_itself_under_whom_the_press_may_ask_is_left_out() -> None:
    asked = "För mer information: Ida Strand, 08-123 45 67"
    one = read(
        f"A quay for the whole town\n\n{TEXT}\n\n{asked}\n\nOm Norrvik\n\nNorrvik has had a harbour for long.\n"
    )
    assert one.text == f"{TOLD}\n\n{asked}"
    kept = read(f"A quay for the whole town\n\n{TEXT}\n\nOm Norrvik\n\nNorrvik has had a harbour for long.\n")
    assert "## Om Norrvik" in kept.text


def test_a_list_of_news_tells_whose_each_is_behind_its_day() -> None:
    told = TEXT.split("\n")[0]
    listed = "\n\n".join(f"{title}\n\n11 May, 2025 - Norrvik College\n\n{told}" for title in ("A quay", "A pump"))
    both = textpage.parse(f"Press releases\n\nFilter by organization and/or search\n\n{listed}\n", "page")
    assert [(one.title, one.published and one.published.day, one.text) for one in both] == [
        ("A quay", 11, told),
        ("A pump", 11, told),
    ]


def test_a_firm_under_whom_to_ask_may_tell_what_it_is_without_a_heading() -> None:
    asked = "Ida Strand\nChef för kajen\nida@example.org"
    firm = "Norrvik Science Park är en förening för alla som bor vid hamnen."
    one = read(f"A quay for the whole town\n\n{TEXT}\n\nHar du frågor? Kontakta:\n\n{asked}\n\n{firm}\n")
    assert one.text.endswith("Har du frågor? Kontakta:\n\nIda Strand\\\nChef för kajen\\\nida@example.org")


def test_the_words_of_a_picture_that_its_credit_goes_on_from_are_left_out() -> None:
    shown = "Ida Strand and Nils Berg show it.\nIda Strand and Nils Berg, who build it, show it. Photo: Anna Holm"
    assert read(f"A quay for the whole town\n\n{shown}\n\n{TEXT}\n").text == TOLD


def test_two_who_sign_together_both_stay() -> None:
    one = read(
        f"A good year\n\n{TEXT}\n\nWe wish you all a good new year!\n\nIda Strand, CEO\nNils Berg, COO\n\nShare\n"
    )
    assert one.text.endswith("Ida Strand, CEO\\\nNils Berg, COO")


def test_what_stands_twice_between_two_paragraphs_is_a_picture() -> None:
    first, last = TEXT.split("\n")
    shown = "Ida Strand, rector, and Nils Berg, mayor, on the quay.\n\n" * 2
    assert read(f"A quay for the whole town\n\n{first}\n\n{shown}{last}\n").text == TOLD


def test_the_days_of_a_list_may_stand_above_its_titles_with_what_each_is() -> None:
    titles = {"A quay": 20, "A pump": 25, "A lathe": 31}
    told = TEXT.split("\n")[0]
    listed = "\n".join(f"News article - March {day}, 2025\n{title}\n{told}" for title, day in titles.items())
    found = {one.title: one.published and one.published.day for one in textpage.parse(listed, "page")}
    assert found == titles


@pytest.mark.parametrize(
    "line",
    [
        "Share this on",
        "Stäng meddelande",
        "Norrvik Science logoNorrvik Science logo",
        "Läs även artikeln ”En ny kaj”.",
        "Film och foto: Ida Strand, intervjuer: Nils Berg.",
        "Fotografi på borgmästaren, Ida Strand (M) utanför folkets hus.",
        "Kommunstyrelsens ordförande, Ida Strand (M)",
    ],
)
def test_no_button_emblem_or_credit_stays_between_two_paragraphs(line: str) -> None:
    first, last = TEXT.split("\n")
    assert read(f"A quay for the whole town\n\n{first}\n\n{line}\n\n{last}\n").text == TOLD


def test_the_last_line_under_a_heading_that_leads_somewhere_stays() -> None:
    one = read(f"A quay for the whole town\n\n{TEXT}\n\nHow to apply\nThe form is filled in here\n")
    assert one.text.endswith("## How to apply\n\nThe form is filled in here")


def test_a_lead_that_stands_twice_is_told_once() -> None:
    first, last = TEXT.split("\n")
    assert len(first) < 200
    assert read(f"A quay for the whole town\n\nJune 8, 2024\n\n{first}\n\n{first}\n\n{last}\n").text == TOLD


@pytest.mark.parametrize(
    "asked",
    [
        "Log ind\n\nFor at kunne læse denne artikel skal du have et abonnement. Tegn et her.\n\nGlemt adgangskode",
        "Vil du lese hele saken?\n\nFull tilgang til alt innhold\n\n1 krone den første måneden",
        "Logga in för att läsa hela artikeln\n\nTre månader för en krona",
        "This article is for subscribers only.\n\nThree months for a pound",
        "Um den ganzen Artikel zu lesen, brauchen Sie ein Abo.\n\nDrei Monate für einen Euro",
    ],
)
def test_what_a_paper_asks_of_those_who_have_not_paid_is_no_text(asked: str) -> None:
    assert read(f"A quay for the whole town\n\n{TEXT}\n\n{asked}\n").text == TOLD


def test_who_says_how_reading_is_paid_for_is_still_read() -> None:
    told = "To read is to live, and whoever subscribes to three papers lives three times, says the librarian."
    assert read(f"A quay for the whole town\n\n{TEXT}\n\n{told}\n").text == f"{TOLD}\n\n{told}"


def test_a_text_does_not_end_with_what_announces_nothing() -> None:
    assert read(f"A quay for the whole town\n\n{TEXT}\n\nFör mer information, se:\n\nFrågor till:\n").text == TOLD


def test_a_paper_signs_in_capitals_behind_a_dash_and_in_danish() -> None:
    one = read(f"The Quay Courier\n\nSmall arms in space\n\n- IDA STRAND\n\n{TEXT}\n")
    assert (one.title, one.author, one.text) == ("Small arms in space", "Ida Strand", TOLD)
    one = read(f"A quay for the whole town\n\n25. 04. 2024 - kl. 13:38\nTekst af Ida Strand\n\n{TEXT}\n")
    assert one.published
    assert (one.author, one.published.date().isoformat(), one.text) == ("Ida Strand", "2024-04-25", TOLD)
