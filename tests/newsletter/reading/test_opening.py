"""What stands above the text of a page that marks nothing: its title, its day and its writer are no text of it."""

from datetime import UTC, datetime

import pytest

from newsletter import article
from newsletter.errors import SourceError
from newsletter.model import Article
from newsletter.reading.pages import webpage

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
TEXT = "I lördags samlades fyrtio medlemmar vid sjön för att plantera hundra ekar, den största insatsen hittills."


def read(head: str, body: str) -> Article:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    item = webpage.parse(page, "s", url="https://s.example/a")
    assert item
    return article.normalize(item, NOW)


def said(one: Article) -> tuple[str, str, str, str]:
    day = "" if one.published == NOW or one.published is None else one.published.date().isoformat()
    return one.title, day, one.author, one.text


@pytest.mark.parametrize(
    "page",
    [
        "<center><table><tr><td><font face=Arial size=5><b>Hundra ekar</b></font><br><font size=1>2026-10-12"
        f"</font><p><font size=2>{TEXT}</font></td></tr></table></center>",
        '<center><font size="+3">Hundra ekar</font></center><center><i>12 oktober 2026</i></center><hr>'
        f"<p>{TEXT}</p><center><font size=1>Copyright 2026 Klubben</font></center>",
        f"<p><b>Hundra ekar</b></p><p>12 oktober 2026</p><p>{TEXT}</p>",
        f"<p class=MsoTitle>Hundra ekar</p><p class=MsoNormal>Norrvik 2026-10-12</p><p class=MsoNormal>{TEXT}</p>",
        f'<p class="c0 title"><span>Hundra ekar</span></p><p>den 12 oktober 2026</p><p>{TEXT}</p>',
    ],
)
def test_a_page_without_headings_has_its_title_and_day_above_its_text(page: str) -> None:
    assert said(read("<title>Klubben - Nyheter</title>", page)) == ("Hundra ekar", "2026-10-12", "", TEXT)


def test_the_name_of_a_site_above_a_title_is_none() -> None:
    page = f"<p><b>Klubben</b></p><p><b>Hundra ekar</b></p><p>{TEXT}</p>"
    assert read("<title>Klubben</title>", page).title == "Hundra ekar"


@pytest.mark.parametrize("first", [f"<p><b>{TEXT}</b></p>", '<p><b><a href="/x">Till arkivet här</a></b></p>'])
def test_a_first_line_that_is_a_sentence_or_a_link_is_no_title(first: str) -> None:
    assert read("<title>Hundra ekar</title>", f"{first}<p>{TEXT}</p>").title == "Hundra ekar"


@pytest.mark.parametrize(
    ("line", "day", "author"),
    [
        ("Ida Strand·4 min read·Oct 3, 2026", "2026-10-03", "Ida Strand"),
        ("Publicerad: 2026-10-03 | Skribent: Per Ström", "2026-10-03", "Per Ström"),
        ("Veröffentlicht am 3. Oktober 2026 von Petra Vogt", "2026-10-03", "Petra Vogt"),
        ("3.10.2026", "2026-10-03", ""),
        ("Julkaistu 3. lokakuuta 2026", "2026-10-03", ""),
        ("3 أكتوبر 2026", "2026-10-03", ""),
        ("بقلم: ليلى حداد", "", "ليلى حداد"),
        ("Av Anna Holm", "", "Anna Holm"),
        ("Av Anna Holm och Bo Ek", "", "Anna Holm, Bo Ek"),
        ("3/10 -26", "2026-10-03", ""),
    ],
)
def test_a_line_that_tells_only_when_and_by_whom_is_no_text(line: str, day: str, author: str) -> None:
    page = f"<article><h1>Ekar</h1><p>{line}</p><p>{TEXT}</p></article>"
    assert said(read("", page)) == ("Ekar", day, author, TEXT)


def test_a_title_may_stand_under_its_day_or_be_the_only_heading() -> None:
    page = f"<div><p><b>12 maj 2026</b></p><p><b>En dag vid havet</b></p><p>{TEXT}</p></div>"
    assert said(read("<title>Krönika</title>", page)) == ("En dag vid havet", "2026-05-12", "", TEXT)
    assert (
        read("<title>Hamnen</title>", f"<div><h2>Båten sjösätts</h2><p>{TEXT}</p></div>").title == "Båten sjösätts"
    )
    several = f"<div><h2>Bakgrund</h2><p>{TEXT}</p><h2>Framtid</h2><p>{TEXT}</p></div>"
    assert read("<title>Hamnen</title>", several).title == "Hamnen"


@pytest.mark.parametrize("line", ["Av ren nyfikenhet", "62 m", "By the sea we stood"])
def test_a_line_that_only_looks_so_is_text(line: str) -> None:
    assert read("", f"<article><h1>Ekar</h1><p>{line}</p><p>{TEXT}</p></article>").text == f"{line}\n\n{TEXT}"


def test_a_name_in_the_text_stays() -> None:
    page = f"<main><h1>Möt Anna</h1><p>{TEXT}</p><h2>Om Anna</h2><p>Anna Holm</p></main>"
    assert read('<meta name="author" content="Anna Holm">', page).text == f"{TEXT}\n\n## Om Anna\n\nAnna Holm"


def test_the_writer_whom_the_page_names_is_no_first_paragraph() -> None:
    page = f'<main><h1>Ekar</h1><div><a rel=author href="/lee">Lee Moor</a></div><p>{TEXT}</p></main>'
    assert said(read("", page)) == ("Ekar", "", "Lee Moor", TEXT)


def test_a_subtitle_is_a_paragraph_and_the_heading_of_a_section_one() -> None:
    page = f"<article><h1>Ekar</h1><h2>Hundra på en dag</h2><p>3 oktober 2026</p><p>{TEXT}</p></article>"
    assert read("", page).text == f"Hundra på en dag\n\n{TEXT}"
    page = f"<article><h1>Ekar</h1><h3 class=subtitle>Hundra på en dag</h3><p>{TEXT}</p></article>"
    assert read("", page).text == f"Hundra på en dag\n\n{TEXT}"
    page = f"<article><h1>Ekar</h1><h2>Hundra på en dag</h2><p>{TEXT}</p><p>3 oktober 2026</p></article>"
    assert read("", page).text.startswith("## Hundra på en dag\n\n")


def test_a_date_far_from_the_text_is_the_page_s_where_it_says_so() -> None:
    page = f"""<div><h1>Ekar</h1><div><p>{TEXT}</p></div>
        <div class=page-footer><p>Publicerad: 3 oktober 2026</p></div></div>"""
    assert said(read("", page))[1] == "2026-10-03"
    page = f"""<div><h1>Ekar</h1><div>Jo Park</div><div>Oct 3, 2026</div>
        <div class=w-richtext><p>{TEXT}</p></div></div>"""
    assert said(read("", page))[1] == "2026-10-03"


def test_a_day_without_a_year_is_the_latest_one_where_the_page_says_that_it_is_a_date() -> None:
    page = f"<main><h1>Ekar</h1><p class=date>{{}}</p><p>{TEXT}</p></main>"
    assert said(read("", page.format("12 maj"))) == ("Ekar", "2026-05-12", "", TEXT)
    assert said(read("", page.format("12 december")))[1] == "2025-12-12"
    changed = '<meta property="article:modified_time" content="2024-06-01T10:00:00Z">'
    assert said(read(changed, page.format("12 maj")))[1] == "2024-05-12"
    invited = f"<main><h1>Öppet hus</h1><p>12 maj</p><p>{TEXT}</p></main>"
    assert read("", invited).text == f"12 maj\n\n{TEXT}"


def test_an_ingress_beside_the_body_opens_it() -> None:
    page = f"""<h1>Ekar</h1><div class="teaser-text"><p>Klubben planterar för kommande släkten.</p></div>
        <div itemprop="articleBody"><p>{TEXT}</p></div>"""
    assert read("", page).text == f"Klubben planterar för kommande släkten.\n\n{TEXT}"


@pytest.mark.parametrize("line", ["Sidansvarig: Eva Lind", "Senast uppdaterad: 9 oktober 2026", "Subscribe now"])
def test_what_tells_of_the_page_itself_is_no_text(line: str) -> None:
    assert read("", f"<main><h1>Ekar</h1><p>{TEXT}</p><div>{line}</div></main>").text == TEXT


def test_a_blog_in_a_widget_is_read() -> None:
    page = f"""<div class="widget Blog"><h3 class="post-title">Ekar</h3>
        <div class="post-body entry-content">{TEXT}</div>
        <span class="post-author vcard">Upplagd av <span class="fn">Stina Gran</span></span></div>"""
    assert said(read('<meta property="og:title" content="Ekar">', page)) == ("Ekar", "", "Stina Gran", TEXT)


def test_who_wrote_and_when_may_stand_under_the_first_paragraph() -> None:
    under = "<p>Publicerad: 5 okt 2026 Text: Maja Ek</p><p>Den 6 oktober 2026</p>"
    page = f"<main><h1>Ekar</h1><p>{TEXT}</p>{under}</main>"
    assert said(read("", page)) == ("Ekar", "2026-10-05", "Maja Ek", f"{TEXT}\n\nDen 6 oktober 2026")
    day = "<time class='article-date'>5 oktober 2026</time>"
    page = f"<main><h1>Ekar</h1><p>{TEXT}</p>{day}<p>Tack till alla.</p></main>"
    assert said(read("", page)) == ("Ekar", "2026-10-05", "", f"{TEXT}\n\nTack till alla.")


def test_the_name_of_a_site_may_stand_before_the_title_and_above_it() -> None:
    page = f"<header><a href='/'><h1>Ljus</h1></a></header><div><h2>Ekar</h2><p>{TEXT}</p></div>"
    assert read("<title>Ljus | Ekar</title>", page).title == "Ekar"
    head = '<meta property="og:title" content="Ljus - Ekar"><meta property="og:site_name" content="Ljus">'
    assert read(head, f"<main><h1>Ekar</h1><p>{TEXT}</p></main>").title == "Ekar"


def test_who_is_marked_wrote_it_where_the_head_names_nobody() -> None:
    by = "<span itemprop='author'><b itemprop='name'>Maja Ek</b></span>"
    assert read('<meta name="author" content="Super User">', f"<h1>Ekar</h1>{by}<p>{TEXT}</p>").author == "Maja Ek"


@pytest.mark.parametrize(
    "name",
    [
        "kommunikation@s.example",
        "Super User",
        "Anonymous ( )",
        "Admin",
        "quay.example",
        "More from this author",
        "{ 'name': 'Maja' }",
    ],
)
def test_what_nobody_is_called_is_no_writer(name: str) -> None:
    assert read(f'<meta name="author" content="{name}">', f"<main><h1>Ekar</h1><p>{TEXT}</p></main>").author == ""


@pytest.mark.parametrize(
    "said",
    ["By Maja Ek", "| Maja Ek", "View all posts Maja Ek", "Maja Ek (www.s.example)", "Maja Ek - www.s.example"],
)
def test_a_writer_s_name_stands_alone(said: str) -> None:
    page = f"<main><h1>Ekar</h1><p>{TEXT}</p></main>"
    assert read(f'<meta name="author" content="{said}">', page).author == "Maja Ek"


def test_links_lead_where_they_lead_and_headings_not_to_themselves() -> None:
    way = "https://www.google.com/url?q=https://n.example/rum&amp;sa=D&amp;source=editors"
    page = f"""<main><h1>Ekar</h1><p>{TEXT} <a href="{way}">Rummet</a></p><h2>Mer<a href="#mer">#</a></h2>
        <p>Slut.</p><p><a href="/f.pdf">Faktablad</a><a href="/f.pdf">Ladda ner</a></p></main>"""
    assert read("", page).text == (
        f"{TEXT} [Rummet](https://n.example/rum)\n\n## Mer\n\nSlut.\n\n[Faktablad](https://s.example/f.pdf)"
    )


def test_a_server_in_trouble_is_no_article() -> None:
    for title in ("502 Bad Gateway", "Service Unavailable", "Error establishing a database connection"):
        with pytest.raises(SourceError, match="only a notice"):
            read(f"<title>{title}</title>", f"<h1>Oj</h1><p>{TEXT}</p>")


def test_a_day_may_have_that_of_the_last_change_under_it() -> None:
    day = "<div>Publié le 29/10/2025<br><em>Mis à jour le 30/10/2025</em></div>"
    page = f"<main><h1>Ekar</h1>{day}<p>{TEXT}</p></main>"
    assert read("", page).published.date().isoformat() == "2025-10-29"


def test_a_list_of_buttons_and_a_line_of_tags_are_no_text() -> None:
    tools = "<ul><li><a href='/p'>Print</a></li><li><a href='/m'>Email</a></li><li>Reprints</li></ul>"
    tags = (
        "<p>Tags: <a href='/t/a'>Ekar</a>, <a href='/t/b'>Sjön</a></p>"
        "<p><a href='/f'>Kommentarfeed</a> | Kommentare geschlossen</p>"
    )
    points = "<ul><li>Print</li><li>Ink</li></ul>"
    assert read("", f"<main><h1>Ekar</h1>{tools}<p>{TEXT}</p>{points}<p>{TEXT}</p>{tags}</main>").text == (
        f"{TEXT}\n\n- Print\n- Ink\n\n{TEXT}"
    )


def test_who_wrote_stands_above_the_day_in_a_line_of_its_own() -> None:
    line = '<div>by <a href="/a">Anna Holm</a> on <div>Oct 12, 2026 9:00:00 AM</div></div>'
    one = read("<title>Hundra ekar</title>", f"<main><h1>Hundra ekar</h1>{line}<p>{TEXT}</p></main>")
    assert said(one) == ("Hundra ekar", "2026-10-12", "Anna Holm", TEXT)


def test_the_day_under_the_first_paragraph_goes_with_what_the_page_is_filed_under() -> None:
    day = '<time datetime="2026-10-12T08:00">12 oktober 2026</time>'
    line = f'<div class="meta">{day}<span>Kategori: Natur</span></div>'
    page = f'<main><h1>Hundra ekar</h1><p class="preamble">{TEXT}</p>{line}<p>{TEXT[::-1]}</p></main>'
    assert said(read("<title>Hundra ekar</title>", page)) == (
        "Hundra ekar",
        "2026-10-12",
        "",
        f"{TEXT}\n\n{TEXT[::-1]}",
    )
    kept = page.replace("Kategori: Natur", "föddes den äldsta eken")
    assert "föddes den äldsta eken" in read("<title>Hundra ekar</title>", kept).text
