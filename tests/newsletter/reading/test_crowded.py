"""Laws of pages that were copied whole: menus, other titles and footers of a site are nobody's article."""

import pytest

from newsletter.model import RawItem
from newsletter.reading.texts import headline, textpage
from newsletter.reading.texts.piece import Kind, Piece
from tests.effort import assert_grows_alone

TITLE = "Tidal turbine passes its first winter"
TEXT = "\n".join(
    (
        "The turbine off the quay has turned through its first winter, and gave more than anybody planned.",
        "Divers looked at the blades in March and found that neither ice nor sand had left a mark on them.",
        "A second turbine follows in the autumn. It stands deeper, where the stream is even, the work harder.",
        "The harbour pays for the cable, the college for the sensors, and both may use what they measure.",
        "Whoever wants to see it takes the ferry on Sundays at noon; the turbine stands behind the old light.",
    )
)
MENU = "\n".join(
    ["Home", "News", "Events", "About us", "Contact", "Log in"]
    + [
        f"{subject} {part}"
        for subject in ("Harbour", "College", "Library", "Sports")
        for part in ("Desk", "Map", "Jobs", "Shop", "Prices", "Rules")
    ]
)
#: What the front of a newspaper has in its head: the titles of other articles, and a line of one of them.
HEAD = "\n".join(
    (
        "Your weather is that of Norrvik. You can choose another town in your settings, and add two more.",
        "Sign up for our weekly letter",
        "Watch: the old ferry leaves the quay for the last time",
        "The hall that nobody wanted turns forty this week. See who came.",
        "Ice on the river keeps the boats in",
        "EDITION: North",
    )
)
FOOT = "\n".join(
    ["Share", "Most read", "Comments"]
    + [
        f"{name} opens in {month}"
        for name in ("Hall", "Quay", "Yard", "Dock")
        for month in ("May", "June", "July", "August", "October")
    ]
    + ["Subscribe", "Terms of use", "Privacy policy", "© 2025 The Harbour Herald"]
    + [f"Section {number}" for number in range(20)]
)


def read(text: str) -> RawItem:
    [one] = textpage.parse(text, "page")
    return one


@pytest.mark.parametrize("under", ["", "A winter of ice and sand left no mark on it\n", "Foto: Ida Strand\n"])
def test_a_page_that_was_copied_whole_is_its_article(under: str) -> None:
    one = read(f"{MENU}\n{HEAD}\n{TITLE}\nBy Anna Holm\nJune 12, 2025\n{under}{TEXT}\n{FOOT}\n")
    assert one.published
    assert (one.title, one.author, one.published.date().isoformat()) == (TITLE, "Anna Holm", "2025-06-12")
    lines = [line for line in one.text.split("\n") if line]
    assert lines[-5:] == TEXT.split("\n")
    assert len(lines) <= 6


def test_the_points_of_a_programme_on_such_a_page_are_kept() -> None:
    programme = "\n".join(f"{hour:02}.00 Boat number {hour}" for hour in range(8, 20))
    one = read(f"{MENU}\n{HEAD}\n{TITLE}\nJune 12, 2025\n{TEXT}\nThe boats of the day\n{programme}\n{FOOT}\n")
    assert one.title == TITLE
    assert "08.00 Boat number 8" in one.text
    assert "19.00 Boat number 19" in one.text
    assert "Hall opens" not in one.text


def test_many_short_lines_that_are_no_menu_stay_above_a_text() -> None:
    days = "\n".join(f"June {day}: boat number {day} leaves from the old quay" for day in range(1, 30))
    one = read(f"All boats of June\n{days}\n{TEXT}\n")
    assert one.title == "All boats of June"
    assert "boat number 17" in one.text


SITE = (
    "Till innehåll på sidan\nStudera hos oss\nForska och samverka\nOm skolan\nBibliotek\nSök\nMeny\nIn English\n"
    "Skolan\nAktuellt\nNyheter\n{title}\nPublicerad 2025-06-12\n{text}\n"
)
SHORT = "Ta med en vän och kom till kajen när forskarna visar hur de mäter strömmen under bron mitt i staden."
FOOTERS = [
    "Till sidans topp\nSenast ändrad: 2025-06-13\nSkolan\nOm skolan\nPress\nJobba hos oss\nKontakt\nSkolan\n"
    "123 45 Norrvik\n08-123 45 67\nKontakta skolan\nKakor och personuppgifter\nTill sidans topp\n",
    "Dela:\nFacebook\nLinkedIn\nHjälpte informationen på den här sidan dig?\nJa\nNej\nKontakta Norrviks kommun\n"
    "Servicecenter\n08-123 45 67\nkommunen@example.org\nBesöksadress: Kajvägen 2\nOrganisationsnummer: 123456-7890"
    "\nFölj oss\nOm webbplatsen\nTillgänglighetsredogörelse\n",
    "Dela på Facebook Dela på X Dela via e-post\nMer om forskningen\nLäs fler nyheter\nNorrviks institut\n"
    "123 45 Norrvik\nTelefon: 08-123 45 67\nOrgnr: 123456-7890\nOm webbplatsen\nPressrum\nNyhetsbrev\n",
    "Kontakta oss\nMer aktuellt\nFyra nya centrum får stöd\n24 maj 2025\nNy utlysning för städer\n20 maj 2025\n"
    "Fler nyheter\nPrenumerera på vårt nyhetsbrev\nAnmäl dig\nVi\nTelefon 08-123 45 67\nFölj oss på Facebook\n",
]


@pytest.mark.parametrize("foot", FOOTERS)
@pytest.mark.parametrize("title", ["Välkommen till en kväll om strömmen", "Så mäter skolan strömmen under bron"])
def test_nothing_of_a_site_stands_beside_a_short_text(title: str, foot: str) -> None:
    one = read(SITE.format(title=title, text=SHORT) + foot)
    assert one.published
    assert (one.title, one.published.date().isoformat(), one.text) == (title, "2025-06-12", SHORT)


def test_whom_to_ask_stays_above_the_footer() -> None:
    asked = "Dela\nKontakt\nAnna Holm\nPressansvarig\nanna@example.org\nVisa alla\nFölj oss\nTill toppen\n"
    one = read(SITE.format(title="Så mäter skolan strömmen under bron", text=SHORT) + asked)
    assert one.text == f"{SHORT}\n\n## Kontakt\n\nAnna Holm\\\nPressansvarig\\\nanna@example.org"


def test_the_tags_under_one_another_are_tags() -> None:
    tags = "Dela\nKategorier\nforskning\nhav och hamn\nsamverkan\nKontakter\nAnna Holm\n08-123 45 67\n"
    one = read(SITE.format(title="Så mäter skolan strömmen under bron", text=SHORT) + tags)
    assert one.tags == ("forskning", "hav och hamn", "samverkan")
    assert "samverkan" not in one.text


@pytest.mark.parametrize(
    ("name", "author"), [("Anna Holm", "Anna Holm"), ("Norrviks kommun", ""), ("NORRVIK IDAG", "")]
)
def test_a_name_between_a_title_and_its_day_is_the_writer(name: str, author: str) -> None:
    one = read(f"Så mäter skolan strömmen under bron\n{name}\n12 juni 2025 3 min läsning\n\n{SHORT}\n")
    assert (one.author, bool(one.published)) == (author, True)


PLAIN = (
    "The turbine off the quay has turned through its first winter, and gave more than anybody planned.\n"
    "“We hardly dared to look at the figures,” says Ida Strand, who keeps it running."
)
PAGES = {
    "Cookies on our website\nWe use essential cookies to make this website work.\nAccept additional cookies\n"
    "View cookies\nNorrvik City Council\nSearch\nMenu\nHome\nNews\n{title}\nPublished: 12 June 2025\n{text}\n"
    "Is this page useful?\nYes\nNo\nRelated news\nNew library opens its doors\n10 June 2025\nContact us\n": (),
    "Skip to content\nNorrvik College\nApply\nStudents\nSearch\nNews\nHealth\nScience\n{title}\nJune 12, 2025\n"
    "Share\n{text}\nRelated Topics\nEngineering, Energy\nMore from Norrvik News\nStudents win a prize\n"
    "June 9, 2025\nNew dean for the school\nJune 2, 2025\nSubscribe to Norrvik News\nNorrvik College\n"
    "1 College Street\n(555) 555-0100\n© 2025 Norrvik College\n": ("Engineering", "Energy"),
    "Skip to the content\nSearch\nNorrvik Science\nMenu\nHome\nBlog\nContact\nCategories\nEnergy\n{title}\n"
    "Post author\nBy Anna Holm\nPost date\nJune 12, 2025\nNo Comments on {title}\n{text}\nLeave a Reply\n"
    "COMMENT *\n": ("Energy",),
    "Siirry sisältöön\nNorrvikin kaupunki\nHaku\nValikko\nEtusivu\nPalvelut\nEtusivu / Palvelut / {title}\n"
    "{title}\nJulkaistu 12.6.2025\n{text}\nJaa\nFacebook\nLue myös\nUusi kirjasto avataan\n2.6.2025\n"
    "Norrvikin kaupunki\nKäyntiosoite: Satamakatu 1\nVaihde: 09 123 4567\nTietosuoja\nPalaute\n": (),
}


@pytest.mark.parametrize(("page", "tags"), PAGES.items())
def test_what_sites_set_around_an_article_is_no_part_of_it(page: str, tags: tuple[str, ...]) -> None:
    one = read(page.format(title=TITLE, text=PLAIN))
    assert one.published
    assert (one.title, one.published.date().isoformat(), one.tags) == (TITLE, "2025-06-12", tags)
    first, quote = one.text.split("\n\n")
    assert first == PLAIN.split("\n")[0]
    assert quote.startswith('::: quote {by="Ida Strand')


def test_the_day_of_an_event_is_a_fact_of_it() -> None:
    one = read(
        f"Hoppa till innehåll\nNorrviks park\nOm oss\nMedlemmar\nNyheter\nKontakt\n« Alla Evenemang\n"
        f"Det här evenemanget har redan ägt rum.\n"
        f"Frukost om strömmen under bron\n{SHORT}\nDetaljer\nDatum:\n9 februari 2025\n"
        "Tid:\n08:00 - 09:30\nArrangör:\nNorrviks park\n© 2025 Norrviks park\n"
    )
    assert (one.title, one.published) == ("Frukost om strömmen under bron", None)
    assert "- Datum: 9 februari 2025\n- Tid: 08:00 - 09:30\n- Arrangör: Norrviks park" in one.text


def test_a_menu_of_very_many_points_is_looked_through_once() -> None:
    def look(size: int) -> None:
        points = [Piece(Kind.HEADING, f"Menu point {number}") for number in range(size)]
        assert headline.title([*points, Piece(Kind.PROSE, SHORT)])

    assert_grows_alone(look, 16_000)
