"""Laws of pages as other sites write them: above their titles, between their lines, beside their text."""

import pytest

from newsletter.model import RawItem
from newsletter.reading.texts import textpage
from newsletter.reading.words import dates, furniture
from tests.effort import computes

TEXT = (
    "Orbit Tools builds small arms that mend satellites where they are, and has sold two of them to a firm.\n"
    "The company has eleven people and moved into the park two years ago, when it was two and a lathe."
)
TOLD = TEXT.replace("\n", "\n\n")
TITLE = "Eleven people mend what flies above us"


def read(text: str) -> RawItem:
    [one] = textpage.parse(text, "page")
    return one


@pytest.mark.parametrize("dated", ["", "Published 12 May 2025\n\n"])
@pytest.mark.parametrize(
    "title",
    [
        "Back to school in Norrvik",
        "Return to nature",
        "Tillbaka till naturen",
        "Photo from the moon",
        "Bilden visar hur havet stiger",
        "Show all your colours",
        "Was this the last ship?",
        "Next: the moon",
    ],
)
def test_a_title_that_says_what_sites_say_too_is_the_title(title: str, dated: str) -> None:
    one = read(f"{title}\n\n{dated}{TOLD}")
    assert one.title == title
    assert one.text.startswith("Orbit Tools builds")
    assert read(f"{title}\n\n{TITLE}\n\n{dated}{TOLD}").title == TITLE
    assert read(f"Back to top\n\n{dated}{TOLD}").title.startswith("Orbit Tools builds")


@pytest.mark.parametrize(
    ("above", "number"),
    [
        ("Give to the new boat house", "SE3550000000054910000003"),
        ("Call us when you like", "46-8-123-45-67"),
        ("Write this with what you give:", "quay_boat_house"),
    ],
)
def test_the_number_of_an_account_or_a_telephone_is_no_picture_and_what_is_announced_is_told(
    above: str, number: str
) -> None:
    assert number in read(f"{TITLE}\n\n{TOLD}\n\n{above}\n\n{number}\n\n{TOLD[::-1].title()}").text


@pytest.mark.parametrize(
    "above",
    [
        "Webbläsaren som du använder stöds inte av den här sidan. Gamla versioner hjälper ingen.",
        "Please use a modern browser to see this page as it was meant.",
        "This site works better with JavaScript enabled.",
        "Just another WordPress weblog",
        "Advanced search\n\nSubscribe to the weekly newsletter",
        "quay_whole_page\n\nopen_house",
        "Artikel från Norrviks universitet\n\nDen här artikeln bygger på ett pressmeddelande. Så arbetar vi.",
        "Pressmeddelande från Norrviks kommun\n\nIda Strand 08-123 45 67\nida.strand@quay.example",
        "- The Quay Letter\n- Posts\n- Eleven people mend what flies above us",
        "Läs brevet i din webbläsare",
    ],
)
def test_what_a_site_says_above_a_title_is_neither_title_nor_text(above: str) -> None:
    one = read(f"{above}\n\n{TITLE}\n\n{TEXT}\n")
    assert (one.title, one.text) == (TITLE, TOLD)


def test_a_course_that_requires_a_language_of_programs_is_text() -> None:
    assert read(f"{TITLE}\n\n{TEXT}\n\nThe course requires JavaScript and Python.\n").text.endswith("Python.")


def test_a_press_release_is_of_the_day_in_its_first_line() -> None:
    one = read(f"Pressmeddelande från Norrviks kommun, avdelningen för vatten, 2024-03-09\n\n{TITLE}\n\n{TEXT}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == (TITLE, "2024-03-09")


def test_a_word_over_a_title_with_a_line_under_it_is_its_subject() -> None:
    deck = "Two firms have already bought an arm and a third one waits for its turn"
    one = read(f"Space\n{TITLE}\n{deck}\n{TEXT}\n")
    assert (one.title, one.tags) == (TITLE, ("Space",))
    assert one.text == f"{deck}\n\n{TOLD}"


def test_a_short_title_over_the_heading_of_a_section_stays_one() -> None:
    assert read(f"Beginnings\nFrom a lathe to an arm\n{TEXT}\n").title == "Beginnings"


def test_the_line_between_a_title_and_its_text_heads_no_section() -> None:
    deck = "The firm that began with a lathe has sold two arms and looks for a larger hall"
    assert read(f"{TITLE}\n\n{deck}\n\n{TEXT}\n").text == f"{deck}\n\n{TOLD}"
    assert read(f"{TITLE}\n\nWho they are\n\n{TEXT}\n").text == f"## Who they are\n\n{TOLD}"


@pytest.mark.parametrize(
    ("line", "day", "author"),
    [
        ("Posted by ek91 at May 11, 2025 04:44 PM |", "2025-05-11", ""),
        ("za, 11 maart 2023", "2023-03-11", ""),
        ("12 de diciembre de 2024", "2024-12-12", ""),
        ("Door Ida Strand, 11 maart 2023", "2023-03-11", "Ida Strand"),
    ],
)
def test_a_line_that_dates_a_page_is_read(line: str, day: str, author: str) -> None:
    one = read(f"{TITLE}\n\n{line}\n\n{TEXT}\n")
    assert one.published
    assert (one.published.date().isoformat(), one.author, one.text) == (day, author, TOLD)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("12 May 2025Open house", ["12 May 2025", "Open house"]),
        ("Published 12 May 2025 Open house", ["Published 12 May 2025", "Open house"]),
        ("12 May 2025 Open house", ["12 May 2025 Open house"]),
        ("Datum: 12 maj 2025 Aulan", ["Datum: 12 maj 2025 Aulan"]),
        ("May 12, 2025, 9:49 AM 286 240", ["May 12, 2025, 9:49 AM 286 240"]),
        ("Publicerad 12 maj 2025 Av Ida Strand", ["Publicerad 12 maj 2025 Av Ida Strand"]),
    ],
)
def test_what_runs_on_behind_a_day_is_a_line_of_its_own(line: str, parts: list[str]) -> None:
    assert dates.parted(line) == parts


def test_a_title_that_runs_on_behind_its_day_is_found() -> None:
    one = read(f"12 May 2025{TITLE}\n\n{TEXT}\n")
    assert one.published
    assert (one.title, one.published.date().isoformat()) == (TITLE, "2025-05-12")


def test_who_is_asked_one_question_after_the_other_is_one_article() -> None:
    asked = (
        "Kort fortalt – hva bygger dere?",
        "Hva er de mest spennende spørsmålene i faget ditt akkurat nå?",
        "Hvorfor og hvordan begynte dere med det her ved kaien?",
        "Hvordan ser dagen din ut?",
    )
    answered = TEXT.split("\n")[0]
    one = read("Ida Strand\n\n" + "\n\n".join(f"{question}\n\n{answered}" for question in asked))
    assert one.title == "Ida Strand"
    assert [line for line in one.text.split("\n") if line[:1] == "#"] == [f"## {question}" for question in asked]


@pytest.mark.parametrize(
    "caption",
    [
        "Ida Strand\n\nIda Strand. Foto: Per Ek",
        "Ida Strand, who leads Orbit Tools, and her first arm\n\nFotograf: Per Ek",
    ],
)
def test_whom_a_picture_shows_is_no_text(caption: str) -> None:
    assert read(f"{TITLE}\n\n{caption}\n\n{TEXT}\n").text == TOLD
    said = "– We mend what others leave, says Ida Strand.\n\n– And we like it."
    one = read(f"{TITLE}\n\n{TEXT}\n\n{said}\n\n{caption}\n\n{TEXT}\n")
    assert one.text.endswith(f":::\n\n{TOLD}")


def test_a_section_over_a_picture_keeps_its_heading() -> None:
    first, last = TEXT.split("\n")
    assert "## The first arm" in read(f"{TITLE}\n\n{first}\n\nThe first arm\nFoto: Per Ek\n{last}\n").text


def test_the_hours_of_an_english_programme_are_its_points() -> None:
    hours = "9 am – 12.00 pm: Workshop\n\n12.00 pm – 1 pm: Lunch\n\n2 – 6.30 pm   Talks\n\n8 pm: Dinner"
    one = read(f"{TITLE}\n\n{TEXT}\n\n{hours}\n")
    assert one.text == (
        f"{TOLD}\n\n- 9 am – 12.00 pm: Workshop\n- 12.00 pm – 1 pm: Lunch\n- 2 – 6.30 pm Talks\n- 8 pm: Dinner"
    )


def test_a_point_goes_on_in_the_paragraph_under_it() -> None:
    one = read(f"{TITLE}\n\n{TEXT}\n\n • The board decides\n\n   in May or in June.\n\n • We write to you\n")
    assert one.text == f"{TOLD}\n\n- The board decides in May or in June.\n- We write to you"


def test_what_kind_of_story_it_is_stands_between_its_title_and_its_words() -> None:
    first, last = TEXT.split("\n")
    listed = (
        f" • An arm that mends\n\n   Press release\n\n   {first}\n\n • A lathe\n\n   Press release\n\n   {last}\n"
    )
    assert read(f"News of the park\n\n{listed}").text == f"## An arm that mends\n\n{first}\n\n## A lathe\n\n{last}"


def test_the_points_of_a_second_bullet_are_points_and_a_spanish_or_is_none() -> None:
    listed = "• An application\n  o with what it costs\n• A plan"
    assert read(f"{TITLE}\n\n{TEXT}\n\n{listed}\n").text.endswith(
        "- An application\n- with what it costs\n- A plan"
    )
    assert read(f"{TITLE}\n\n{TEXT}\n\no con todos nosotros\n").text.endswith("\n\no con todos nosotros")


def test_the_last_of_several_who_may_be_called_wrote_nothing() -> None:
    called = (
        "Kontakt:\nPer Ek, ordförande i Norrviks hamn och kommunalråd, telefon 08-123 45 67\nIda Strand, vd Orbit"
    )
    assert read(f"{TITLE}\n\n{TEXT}\n\n{called}\n").author == ""


def test_a_button_with_a_sign_behind_it_is_nobodys_name() -> None:
    assert read(f"{TITLE}\n\n{TEXT}\n\nFull Story»\n").author == ""


def test_the_paragraphs_of_a_council_have_headings() -> None:
    first, last = TEXT.split("\n")
    one = read(f"{TITLE}\n\n{first}\n\n§ 41 Bokslut för hamnen\n\n{last}\n")
    assert one.text == f"{first}\n\n## § 41 Bokslut för hamnen\n\n{last}"


def test_what_else_most_people_read_is_no_text() -> None:
    listed = "Most popular\n\nA dog on the quay\n\nThe ferry is late\n"
    assert furniture.opens_others("Most popular")
    assert read(f"{TITLE}\n\n{TEXT}\n\n{listed}").text == TOLD


def test_a_long_run_of_spaces_is_seen_through_at_once() -> None:
    # Looked through from each of its spaces on, such a line takes fifty times as long.
    with computes(10):
        assert not any(furniture.is_navigation(f"share{' ' * 390}{number}") for number in range(1000))
    assert furniture.is_navigation(f"share{' ' * 380}on  facebook")


def test_a_sentence_above_a_title_with_its_day_is_what_a_picture_shows() -> None:
    one = read(f"Ida Strand shakes hands with the mayor.\n\n{TITLE}\n\n15 September 2024\n\n{TEXT}\n")
    assert (one.title, one.text) == (TITLE, TOLD)


def test_who_wrote_and_when_may_be_the_points_of_a_list() -> None:
    one = read(f"{TITLE}\n\n{TEXT.split(chr(10))[0]}\n\n  • AV Ida Strand\n  • 1. august 2023\n\n{TEXT}\n")
    assert one.published
    assert (one.author, one.published.date().isoformat()) == ("Ida Strand", "2023-08-01")
    assert "- " not in one.text


def test_a_title_that_stands_twice_is_one_whatever_its_capitals() -> None:
    site = "The Quay: A Guide for Small Firms\nIda Strand - Quay Guides\nQuay Guides"
    title = "Small Firms: Eleven People Mend What Flies"
    one = read(f"{site}\n\n{title}\n\n{title.title().replace('What', 'what')}\n\n{TEXT}\n")
    assert (one.title, one.text) == (title, TOLD)


def test_questions_between_marks_are_headings_of_what_is_told_under_them() -> None:
    first, last = TEXT.split("\n")
    told = (f"A good beginning, says Ek. {first}", f"Another one, says Ek. {last}")
    one = read(f"{TITLE}\n\n{TEXT}\n\n“What do you build?”\n\n{told[0]}\n\n“Who buys it from you?”\n\n{told[1]}\n")
    assert one.text == f"{TOLD}\n\n## What do you build?\n\n{told[0]}\n\n## Who buys it from you?\n\n{told[1]}"


@pytest.mark.parametrize("line", ["Posts by / Ida Strand", "Alla inlägg av Ida Strand"])
def test_whose_posts_these_are_is_no_title(line: str) -> None:
    assert read(f"{line}\n\n{TITLE}\n\n{TEXT}\n").title == TITLE


@pytest.mark.parametrize(
    "above",
    [
        "An error occurred\n\nPlease try refreshing the page, or try again later.",
        "Skip to Content (Press Enter)",
        "Ett fel har inträffat",
        "Fortsätt till innehållet",
    ],
)
def test_what_a_page_says_that_could_not_be_drawn_is_no_title(above: str) -> None:
    one = read(f"{above}\n\n{TITLE}\n\n{TEXT}\n")
    assert (one.title, one.text) == (TITLE, TOLD)


def test_what_is_filed_under_nothing_has_no_tags() -> None:
    one = read(f"{TITLE}\n\n{TEXT}\n\nVarmt välkomna!\n\nCategories:\n\nTags:\n\nComments are closed\n")
    assert (one.tags, one.text) == ((), f"{TOLD}\n\nVarmt välkomna!")
    assert read(f"{TITLE}\n\n{TEXT}\n\nTags:\n\nHarbour, Boats\n").tags == ("Harbour", "Boats")


@pytest.mark.parametrize(
    "below",
    [
        "Publicerad:\nSenast uppdaterad:",
        "Last updated:",
        "Tags:\n\nDocuments & Links",
        "Meld deg på vårt nyhetsbrev",
        "Så jobbar vi med nyheter Läs mer här!",
        "/* ---- overlay advertisement ---- */",
        "logo:Norrvik College",
        "Så här jobbar Norrviks Blad med journalistik. Vi vill vara på plats där det händer, och tidigt.",
        "Leave a Reply\n\ncaptcha *",
        "Jaa tämä artikkeli:\n\nLöydä lisää\n\nKeskustele\n\nTilaa viikoittainen kooste.",
        "Sociedad\n\nDeportes\n\nSuscríbete\n\nPortada del día\n\nnorrvik.example",
    ],
)
def test_what_a_site_leaves_under_a_text_is_none_of_it(below: str) -> None:
    one = read(f"{TITLE}\n\n{TEXT}\n\n{below}\n")
    assert (one.tags, one.text) == ((), TOLD)


def test_whom_to_ask_is_no_button() -> None:
    one = read(f"{TITLE}\n\n{TEXT}\n\nContact person:\nIda Strand, harbour master\nTel: +46 8 123 45 67\n")
    assert ":::" not in one.text


def test_where_a_link_leads_to_is_not_its_words() -> None:
    first, last = TEXT.split("\n")
    one = read(
        f"{TITLE}\n\n{first}\n\nAlla handlingarlänk till annan webbplats, öppnas i nytt fönster\n\n{last}\n"
    )
    assert "Alla handlingar\n" in one.text
    assert "webbplats" not in one.text


def test_two_who_say_it_together_are_both_named() -> None:
    said = "«Vi bygger den høyere», sier de to grunnleggerne Ida Strand og Per Ek i en uttalelse."
    one = read(f"{TITLE}\n\n{TEXT}\n\n{said}\n")
    assert '::: quote {by="Ida Strand og Per Ek, de to grunnleggerne"}' in one.text


def test_a_section_of_a_vacancy_is_no_article() -> None:
    first, last = TEXT.split("\n")
    one = read(f"Norrviks universitet söker en ingenjör\n\n{first}\n\nLäs mer om oss\n\nArbetsuppgifter\n{last}\n")
    assert one.text.endswith(f"## Arbetsuppgifter\n\n{last}")


def test_stories_whose_days_run_on_behind_their_titles_are_articles() -> None:
    first, last = TEXT.split("\n")
    stories = f"An arm that mends18.1.2018 11:11 | Press release\n\n{first}\n\nA lathe17.1.2018 10:16\n\n{last}\n"
    lead, *others = textpage.parse(f"Quay Park\n\n{TEXT}\n\n{stories}", "page")
    assert (lead.title, lead.text) == ("Quay Park", TOLD)
    assert [(one.title, one.text) for one in others] == [("An arm that mends", first), ("A lathe", last)]
    assert dates.parted("Room A12 for 2025 guests") == ["Room A12 for 2025 guests"]


def test_a_list_of_stories_may_have_the_words_of_a_picture_between() -> None:
    first, last = TEXT.split("\n")
    told = (
        f"An arm that mends\nPressmeddelande Publicerad: 2017-12-25 17:04 CET\n{first}\n\nIngen titel\nA lathe\n"
    )
    page = f"Pressmeddelanden 2017\n\n{told}Pressmeddelande Publicerad: 2017-12-19 15:08 CET\n{last}\n"
    assert [one.title for one in textpage.parse(page, "page")] == ["An arm that mends", "A lathe"]


def test_who_wrote_may_stand_over_what_they_are() -> None:
    one = read(f"{TITLE}\n\nIda Strand\nSenior Reporter\n\n{TEXT}\n")
    assert (one.author, one.text) == ("Ida Strand", TOLD)


def test_people_who_are_announced_may_have_what_they_are_behind_a_comma() -> None:
    people = "Ida Strand, Rektor, Norrviks Universitet\nPer Ek, Professor Emeritus, Hamnens Institut"
    one = read(f"{TITLE}\n\n{TEXT}\n\nMedverkande:\n{people}\n\nModerator:\nAnna Holm, Ordförande Norrviks Hamn\n")
    assert "- Ida Strand, Rektor, Norrviks Universitet\n- Per Ek, Professor Emeritus, Hamnens Institut" in one.text
    assert one.author == ""


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Uhw4xaf1haodkm6l7gtr", TITLE),
        ("Du har inte javascript påslaget. Därför fungerar mycket inte.", TITLE),
        ("Innovation", TITLE),
    ],
)
def test_a_title_with_a_sentence_and_its_writer_under_it_is_one(head: str, title: str) -> None:
    one = read(
        f"{head}\n\n{title}\n\nThe firm moved into the park two years ago.\nBy Ida Strand, editor\n\n{TEXT}\n"
    )
    assert (one.title, one.author) == (title, "Ida Strand")


def test_a_day_may_have_its_weekday_behind_it() -> None:
    one = read(f"{TITLE}\nPosted on December 7, 2012, Friday\n{TEXT}\n")
    assert one.published
    assert (one.published.date().isoformat(), one.text) == ("2012-12-07", TOLD)


def test_a_title_with_its_day_under_the_words_of_a_menu_is_one() -> None:
    one = read(f"Events\n\nCommunity News\n\nProjects\n\n{TITLE}\n\nby Ida Strand | August 25, 2022\n\n{TEXT}\n")
    assert (one.title, one.author, one.text) == (TITLE, "Ida Strand", TOLD)


def test_a_narrow_column_is_its_paragraphs() -> None:
    column = (
        "Orbit Tools builds small arms\nthat mend satellites where\nthey are. It has sold two of\n"
        "them to a firm in\nNorrvik and looks for a lar-\nger hall by the water\nthis year.\n"
        "– We mend what others leave,\nsays Ida Strand."
    )
    one = read(f"{TITLE}, and have sold two of their arms already\n\n{column}\n")
    assert one.text == (
        "Orbit Tools builds small arms that mend satellites where they are. It has sold two of them to a firm in "
        "Norrvik and looks for a larger hall by the water this year.\n\n"
        '::: quote {by="Ida Strand"}\nWe mend what others leave.\n:::'
    )


def test_a_list_of_small_words_is_no_column() -> None:
    listed = "\n".join(("we bring:", "coffee and bread", "pens and paper", "a map", "a lamp", "rope", "a boat"))
    assert "coffee and bread pens" not in read(f"{TITLE}\n\n{TEXT}\n\n{listed}\n").text


def titles(page: str) -> list[str]:
    return [one.title for one in textpage.parse(page, "page")]


@pytest.mark.parametrize("line", ["Most read this week", "Mest lästa just nu", "Related reading"])
def test_text_without_titles_under_what_announces_others_is_theirs(line: str) -> None:
    others = (
        "Bakers from four villages baked through the night before the fair opened.\n\n"
        "Whoever came late found crumbs, and a dog who had been early."
    )
    assert read(f"{TITLE}\n\n{TOLD}\n\n{line}\n\n{others}\n").text == TOLD
    own = "The company mends its own arms, too, and moved the lathe into the park for that."
    assert read(f"{TITLE}\n\n{TOLD}\n\n{line}\n\n{own}\n").text == f"{TOLD}\n\n{own}"


def test_the_points_of_a_list_right_under_what_announces_others_are_their_titles() -> None:
    listed = "• A pump for the town\n\n• Bakers wake early"
    own = "The company mends its own arms, too, and moved the lathe into the park for that."
    assert read(f"{TITLE}\n\n{TOLD}\n\nRelated stories\n\n{listed}\n\n{own}\n").text == f"{TOLD}\n\n{own}"
    assert "A pump for the town" in read(f"{TITLE}\n\nLatest news\n\n{listed}\n").text


def test_the_one_teaser_above_a_footer_sounds_like_news_and_its_words_are_new() -> None:
    teaser = "Bakers from four villages baked through the night before the fair opened."
    page = f"{TITLE}\n\n{TOLD}\n\nFour villages wake early!\n\n{teaser}\n\nBack to top\n"
    assert titles(page) == [TITLE, "Four villages wake early!"]
    assert titles(page.replace("Four villages wake early!", "The bakers")) == [TITLE]
    assert titles(page.replace("Four villages", f"How they mend\n\n{TOLD}\n\nFour villages")) == [TITLE]


def test_a_programme_with_its_speakers_is_one_article() -> None:
    page = (
        f"Three evenings on the quay\n\n{TOLD}\n\n6 September\n\nWho mends what flies\n\n{TEXT}\n\n"
        "Ida Strand\n\nhas mended since she was nine, and wrote a book on it.\n\n20 September\n\n"
        "Bread and the sea – an evening with a baker\n\nThe baker tells how he came to bake on a boat.\n\n"
        "Nils Berg\n\nbakes on the boat and has done so for ten years.\n"
    )
    assert titles(page) == ["Three evenings on the quay"]


def test_stories_whose_texts_open_with_an_hour_and_its_zone_are_articles() -> None:
    told = f"Norrvik College {TEXT.partition(chr(10))[0]}"
    page = (
        f"Pressmeddelanden\n\nA quay\n\n2015-10-10 09:00 CEST {told}\n\nA pump\n\n2015-10-09 16:25 CEST {told}\n"
    )
    quay, pump = textpage.parse(page, "page")
    assert (quay.title, quay.text, pump.title, pump.text) == ("A quay", told, "A pump", told)
    assert pump.published
    assert pump.published.isoformat() == "2015-10-09T14:25:00+00:00"


@pytest.mark.parametrize("line", ["Sidan publicerades", "Publiceringsdatum:", "Publisert:", "Textstorlek:"])
def test_when_a_page_came_out_is_no_heading_where_no_day_is_told(line: str) -> None:
    assert read(f"{TITLE}\n\n{line}\n\n{TOLD}\n\n{line}\n").text == TOLD


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("Senast publicerad 2018-04-03", "2018-04-03"),
        ("Editerad av: Ida Strand (2018-04-03 06:48:27)", "2018-04-03"),
    ],
)
def test_a_page_may_tell_at_its_end_when_it_came_out(below: str, day: str) -> None:
    one = read(f"{TITLE}\n\n{TOLD}\n\n\n{below}\n")
    assert one.published
    assert (one.text, one.published.date().isoformat(), one.author) == (TOLD, day, "")


@pytest.mark.parametrize(
    "last",
    [
        "Call us: the director Ida Strand has the telephone 0705\u2010123295",
        "Where to find us: Quay Street 2, 141 52 Norrvik",
        "The one who leads it all gave out the prizes in the old school this very afternoon //",
    ],
)
def test_the_last_line_of_a_text_need_not_end_with_a_full_stop(last: str) -> None:
    assert read(f"{TITLE}\n\n{TOLD}\n\n{last}\n").text.endswith(last.replace("\u2010", "-"))


def test_what_a_site_tells_those_who_listen_is_no_word_of_a_sentence() -> None:
    told = "Anmälan görs hos Norrvik College Länk till annan webbplats, öppnas i nytt fönster. och stänger i maj."
    one = read(f"{TITLE}\n\n{TOLD}\n\n{told}\n")
    assert one.text.endswith("Anmälan görs hos Norrvik College och stänger i maj.")


def test_stories_that_a_program_cut_short_may_be_called_by_a_season() -> None:
    first, second = (line.removesuffix(".") + "..." for line in TEXT.splitlines())
    assert titles(f"A quay\n\n{first}\n\nThe league 2025/2026\n\n{second}\n") == ["A quay", "The league 2025/2026"]


def test_what_opens_a_text_may_be_the_words_of_its_picture_too() -> None:
    opens = TEXT.splitlines()[0]
    one = read(f"play\n\n{TITLE}\n\n{opens}\n\n{opens} Photo: Ida Strand\n\n{TEXT.splitlines()[1]}\n")
    assert one.text == TOLD


def test_where_a_press_release_came_from_is_no_heading() -> None:
    assert read(f"{TITLE}\n\nHamburg (ots)\n\n{TOLD}\n").text == TOLD


def test_the_news_of_a_danish_site_are_announced_and_what_only_counts_is_no_article() -> None:
    teaser = "Bagere fra fire landsbyer bagte hele natten, før torvet åbnede klokken otte."
    page = (
        f"{TITLE}\n\n{TOLD}\n\nTilmeld dig nyhedsbrevet\n\nAktuelle nyheder\n\nHavn i brug\n\n12 | 6\n\n"
        f"Fire landsbyer vågner tidligt\n\n{teaser}\n"
    )
    assert titles(page) == [TITLE, "Fire landsbyer vågner tidligt"]


def test_more_of_a_chronicle_is_announced_in_german_too() -> None:
    assert read(f"{TITLE}\n\n{TOLD}\n\nDer Bericht:\n\nWeitere Chronik Einträge\n").text == TOLD


def test_short_sections_at_the_end_of_a_text_are_no_footer() -> None:
    stages = "\n\n".join(f"STAGE {number}\n\nHouse {number} was done in 198{number}." for number in range(4))
    assert "House 3 was done in 1983." in read(f"{TITLE}\n\n{TOLD}\n\nStage by stage\n\n{stages}\n").text


def test_the_files_of_several_pictures_in_a_row_are_no_heading() -> None:
    assert read(f"{TITLE}\n\nIMG_0213 IMG_0225\n\n{TOLD}\n").text == TOLD


def test_a_long_run_of_names_of_pictures_is_seen_through_at_once() -> None:
    with computes():
        read(f"{TITLE}\n\n{TOLD}\n\n{'IMG_0213' * 5000}!\n")


def test_the_one_sentence_of_a_teaser_stays_without_who_took_its_picture() -> None:
    others = [
        ("A quay for the whole town opens", "The harbour is full of people again."),
        ("The choir sings in the new hall", "They sang until midnight."),
    ]
    under = "\n\n".join(f"{title}\n\n{told} Photo: Per Ek" for title, told in others)
    first, *teasers = textpage.parse(f"{TITLE}\n\n{TOLD}\n\nMost Read\n\n{under}\n", "page")
    assert first.text == TOLD
    assert [(one.title, one.text) for one in teasers] == others


@pytest.mark.parametrize(
    "caption",
    [
        "Ida Strand, Per Ek and the rector dig on the quay. - Photo: Anna Holm",
        "Nuoret laulavat laiturilla. Kuva Anna Holm.",
    ],
)
def test_the_words_of_a_picture_end_with_whoever_took_it(caption: str) -> None:
    first, second = TEXT.splitlines()
    assert read(f"{TITLE}\n\n{first}\n\n{caption}\n\n{second}\n").text == TOLD


def test_articles_that_a_norwegian_page_thinks_relevant_are_of_others() -> None:
    first, other = textpage.parse(
        f"{TITLE}\n\n{TOLD}\n\nRelevante artikler\n\nEt nytt tog\n\nDet er blått.\n", "page"
    )
    assert (first.text, other.title, other.text) == (TOLD, "Et nytt tog", "Det er blått.")


@pytest.mark.parametrize(
    "caption",
    [
        "The rector opens the new house by the sea. Copyright: Norrvik Pictures Ltd",
        "Four of the winners on the quay. From left: Anna Holm, Ida Strand and Per Ek",
        "Arbejdsgruppen fra højre: Ida Strand, Per Ek og Anna Holm.",
        "Der Vorstand übergab die Spende. V.l.n.r.: Ida Strand (Leiterin), Per Ek.",
        "Ministerin Strand (2. v. r.) freut sich mit den anderen über das neue Haus.",
        "Anna Holm (t.v.) har byggt båten med sina elever.",
        "PÅ SJØEN: Anna Holm har bygget båten med elevene sine.\n\nFoto: Ida Strand",
        "The board handed the cheque over\n\nPhoto: Per Ek\n\nThe board handed the cheque over",
        "Logo NVC",
    ],
)
def test_who_stands_where_in_a_picture_and_who_owns_it_is_no_text(caption: str) -> None:
    first, second = TEXT.splitlines()
    assert read(f"{TITLE}\n\n{first}\n\n{caption}\n\n{second}\n").text == TOLD
    assert read(f"{TITLE}\n\n{caption}\n\n{first}\n\n{second}\n").text == TOLD


@pytest.mark.parametrize(
    "told",
    [
        "From left to right the houses are numbered, and nobody knows why.",
        "– Vi bygger båten här, säger Anna Holm (t.v.).",
        "The party (left) and its friends won in three of the four towns of the coast.",
        "PÅ SJØEN: Det er navnet på båten som elevene bygget.",
    ],
)
def test_a_text_that_tells_of_left_and_right_is_no_picture(told: str) -> None:
    first, second = TEXT.splitlines()
    said = told.removeprefix("– ").partition(",")[0]
    assert said in read(f"{TITLE}\n\n{first}\n\n{told}\n\n{second}\n").text


@pytest.mark.parametrize(
    ("filed", "tags"),
    [
        ("Posted in News | Tagged quay, boats", ("News", "quay", "boats")),
        ("Publicerat i Nyheter", ("Nyheter",)),
        ("Publicerad i Norrvik, Hamn Taggar: ,", ("Norrvik", "Hamn")),
        ("Veröffentlicht unter Allgemein | Verschlagwortet mit Kai, Boot", ("Allgemein", "Kai", "Boot")),
    ],
)
def test_what_a_blog_files_its_text_under_are_tags(filed: str, tags: tuple[str, ...]) -> None:
    one = read(f"{TITLE}\n\n{TOLD}\n\n{filed}\n")
    assert (one.text, one.tags) == (TOLD, tags)


def test_where_research_came_out_is_no_tag() -> None:
    first, second = TEXT.splitlines()
    assert "Published in Nature" in read(f"{TITLE}\n\n{first}\n\nPublished in Nature\n\n{second}\n").text


def test_several_who_speak_of_themselves_over_their_names_are_quoted() -> None:
    first, second = TEXT.splitlines()
    said = ["Nu får vi äntligen den kaj som vi har väntat på.", "Jag är glad över varje sten i den."]
    signed = ["Anna Holm, ordförande", "Per Ek, vice ordförande"]
    pairs = "\n".join(f"{words}\n{name}" for words, name in zip(said, signed, strict=True))
    one = read(f"{TITLE}\n\n{first}\n\n{pairs}\n\nSå byggs den\n\n{second}\n")
    assert one.author == ""
    for words, name in zip(said, signed, strict=True):
        assert f'::: quote {{by="{name}"}}\n{words}\n:::' in one.text


@pytest.mark.parametrize(
    "below",
    [
        "Kommentare\n\nUm einen Kommentar schreiben zu können, müssen Sie sich anmelden.",
        "Schreiben Sie einen Kommentar zum Beitrag:\n\nWerbung wird gelöscht.\n\nSo sind die Regeln.",
        "Bitte beachten Sie unsere Nutzungsregeln.",
        "Du skal være logget ind for at skrive en kommentar.",
        "0\n\nShare",
        "Advertisement Hide Ad",
        "Sign up to our daily newsletter Sign up Thank you for signing up! It has all that the quay tells.",
    ],
)
def test_how_a_paper_asks_for_answers_and_readers_is_no_text(below: str) -> None:
    assert read(f"{TITLE}\n\n{TOLD}\n\n{below}\n").text == TOLD


def test_a_long_caption_with_whoever_took_it_in_brackets_is_no_text() -> None:
    first, second = TEXT.splitlines()
    caption = f"{'Ida Strand and the others of the board took the cheque for the new quay. ' * 4}(Photo: Per Ek)"
    assert read(f"{TITLE}\n\n{first}\n\n{caption}\n\n{second}\n").text == TOLD


def test_where_a_press_release_says_that_it_ends_is_no_heading() -> None:
    notes = "Orbit Tools was founded in a garage by the sea, and has its own dog, who is at work on most days."
    assert read(f"{TITLE}\n\n{TOLD}\n\n- ENDS -\n\n{notes}\n").text == f"{TOLD}\n\n{notes}"
    assert read(f"{TITLE}\n\n{TOLD}\n\nEnds\n\n{notes}\n").text == f"{TOLD}\n\n{notes}"


@pytest.mark.parametrize(
    ("last", "author"),
    [
        ("(Ida Strand)", "Ida Strand"),
        ("/Ida Strand", "Ida Strand"),
        ("Posted by Ida Strand at 10:30 AM", "Ida Strand"),
        ("Upplagd av Ida Strand kl. 10:30", "Ida Strand"),
        ("Eingestellt von Ida Strand um 10:30", "Ida Strand"),
    ],
)
def test_who_signs_in_the_last_line_as_papers_and_blogs_do_is_the_writer(last: str, author: str) -> None:
    one = read(f"{TITLE}\n\n{TOLD}\n\n{last}\n")
    assert (one.author, one.text) == (author, TOLD)


@pytest.mark.parametrize(
    "last",
    [
        "Kontaktperson: Ida Strand, rektor",
        "Ansprechpartnerin: Ida Strand",
        "Media contact: Ida Strand",
        "Contact: Ida Strand, press officer, +44 20 1234 5678",
        "Quelle: Stadt Norrvik",
    ],
)
def test_whom_to_ask_and_where_it_comes_from_stay_and_are_no_buttons(last: str) -> None:
    assert read(f"{TITLE}\n\n{TOLD}\n\n{last}\n").text == f"{TOLD}\n\n{last}"


def test_under_the_heading_of_answers_the_rules_for_them_are_no_text() -> None:
    rules = (
        "Alla som kommenterar gör det under sitt eget namn, och vi läser varje kommentar innan andra får se den."
    )
    assert read(f"{TITLE}\n\n{TOLD}\n\nKommentarer\n\n{rules}\n").text == TOLD
    said = "Styrelsen är glad över året, och räknar med ännu ett."
    assert said in read(f"{TITLE}\n\n{TOLD}\n\nKommentarer\n\n{said}\n").text


def test_two_captions_alike_are_both_left_out() -> None:
    first, second = TEXT.splitlines()
    captions = (
        "The path on the quay, with its tables, benches and lamps. Photo: The Town of Norrvik\n\n"
        "The path on the quay, with its tables. Photo: The Town of Norrvik"
    )
    assert read(f"{first}\n\n{TITLE}\n\n{captions}\n\n{second}\n").text == TOLD


@pytest.mark.parametrize(
    "line",
    [
        "To forskere står ved en båt på kaien. Foto.",
        "Foto von der Feier am Kai",
        "Publisert Oppdatert",
        "Letzte Aktualisierung:",
        "Article réservé aux abonnés",
        "Nur für Abonnenten",
        "Version imprimable de cet article",
        "Sommaire",
        "The rector opens the house.\n\nThe rector opens the house.\n\nFoto: Per Ek",
    ],
)
def test_labels_without_days_and_words_of_pictures_are_no_text(line: str) -> None:
    first, second = TEXT.splitlines()
    assert read(f"{TITLE}\n\n{line}\n\n{TOLD}\n").text == TOLD
    assert read(f"{TITLE}\n\n{first}\n\n{line}\n\n{second}\n").text == TOLD


def test_what_is_popular_on_a_blog_is_of_others_and_nobody() -> None:
    one = read(f"{TITLE}\n\n{TOLD}\n\nPopular Posts\n")
    assert (one.author, one.text) == ("", TOLD)
    one = read(f"{TITLE}\n\n{TOLD}\n\nPopular Posts\n\nA boat of oak\n\nNovember 16, 2016\n")
    assert (one.published, one.text) == (None, TOLD)


def test_a_day_in_figures_under_a_title_is_no_telephone() -> None:
    one = read(f"Orbit Tools\n{TITLE}\nPublié le 29/05/2020\n{TOLD}\n")
    assert one.published
    assert (one.title, one.text, one.published.date().isoformat()) == (TITLE, TOLD, "2020-05-29")
