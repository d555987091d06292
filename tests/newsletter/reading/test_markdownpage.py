"""Markdown as other programs export it: what they say above the text is told, and none of it is text."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter import article
from newsletter.errors import SourceError
from newsletter.model import Article, Source
from newsletter.reading import document
from newsletter.reading.markdown import markdownpage

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
DAY = datetime(2026, 10, 14, 12, tzinfo=UTC)
TEXT = "Sixty people came to the first breakfast of the autumn, and talked about machines."


def read(text: str) -> Article:
    item = markdownpage.parse(text, "s", where="breakfast.md")
    assert item
    return article.normalize(item, NOW)


@pytest.mark.parametrize(
    "above",
    [
        '{\n  "title": "Breakfast",\n  "date": "2026-10-14",\n  "author": {"name": "Anna Holm"},\n'
        '  "tags": ["AI", "Work"]\n}\n\n',
        '---json\n{"title": "Breakfast", "date": "2026-10-14", "author": "Anna Holm", "tags": "AI, Work"}\n---\n',
        "# Breakfast\n\nPublicerad: 14 oktober 2026\nFörfattare: Anna Holm\nTaggar: AI, Work\nStatus: Klar\n\n",
        "# Breakfast\n\nCreated: October 14, 2026\nAuthor: Anna Holm\nTags: AI, Work\n\n",
        "% Breakfast\n% Anna Holm\n% 14 October 2026\n\nTags: AI, Work\nLanguage: en\n\n",
        "#AI #Work\n# Breakfast\n*Text: Anna Holm, foto: Bo Ek*\n2026-10-14\n\n",
        "#AI #Work\n# Breakfast\n\n**Published:** October 14, 2026 · **By:** Anna Holm\n",
        "Title: Breakfast\nDate: 2026-10-14\nTags: AI, Work\nAuthors: Anna Holm\nStatus: published\n\n",
        "<!--\n.. title: Breakfast\n.. date: 2026-10-14 14:00:00 UTC+02:00\n.. tags: AI, Work\n.. link: \n"
        ".. author: Anna Holm\n-->\n\n",
        ".. title: Breakfast\n.. date: 2026-10-14\n.. tags: AI, Work\n.. author: Anna Holm\n\n",
    ],
    ids=["json", "eleventy", "notion-sv", "notion", "pandoc", "bear", "github", "pelican", "nikola", "dots"],
)
def test_what_stands_above_a_text_is_told_and_no_text(above: str) -> None:
    one = read(above + TEXT + "\n")
    assert (one.title, one.published, one.author, one.tags) == ("Breakfast", DAY, "Anna Holm", ("AI", "Work"))
    assert one.text == TEXT


@pytest.mark.parametrize(
    "above",
    [
        "Nr 1: the hall\nNr 2: the tower",
        "Portioner: 4\nTid: 30 minuter",
        "Datum: any day\nTags: AI",
        "One thing: it rained.",
    ],
    ids=["unknown", "recipe", "no-date", "sentence"],
)
def test_lines_that_describe_something_else_stay(above: str) -> None:
    text = read(f"# Breakfast\n\n{above}\n\n{TEXT}\n").text
    assert all(line.partition(": ")[2] in text for line in above.split("\n"))


@pytest.mark.parametrize(
    "above", ["---\nstatus: draft\n---\n", "Title: Breakfast\nDate: 2026-10-14\nStatus: draft\n\n"]
)
def test_what_its_status_calls_a_draft_is_no_article(above: str) -> None:
    assert markdownpage.parse(above + TEXT + "\n", "s", where="breakfast.md") is None


@pytest.mark.parametrize("mark", ["[TOC]", "[[_TOC_]]", "* TOC\n{:toc}", "1. Contents\n{:toc .no}"])
def test_where_a_table_of_contents_is_to_stand_is_no_text(mark: str) -> None:
    assert read(f"# Breakfast\n\n{mark}\n\n{TEXT}\n").text == TEXT


def test_the_facts_of_an_event_are_an_event() -> None:
    one = read(f"# Breakfast\n\n- Datum: 14 december 2026\n- Tid: 18.00\n- Plats: Aulan\n\n{TEXT}\n")
    assert one.text == f"::: events\n- 2026-12-14 18:00 | Breakfast | Aulan\n:::\n\n{TEXT}"
    lines = f"# Breakfast\n\nDatum: 14 december 2026\nTid: 18.00\nPlats: Aulan\n\n{TEXT}\n"
    assert read(lines).text == one.text


@pytest.mark.parametrize("above", ["\n", "\n  \n", ""])
def test_front_matter_is_found_under_empty_lines(above: str) -> None:
    one = read(f"{above}---\ntitle: Breakfast\ndate: 2026-10-14\n---\n{TEXT}")
    assert (one.title, one.published, one.text) == ("Breakfast", DAY, TEXT)
    assert read(f"{above}+++\n# Zola\ntitle = 'Breakfast'\n+++\n{TEXT}").title == "Breakfast"
    with pytest.raises(SourceError, match=f"breakfast.md:{above.count(chr(10)) + 3}: "):
        read(f'{above}---\ntitle: Breakfast\nsummary: "Sixty\n---\n{TEXT}')
    assert read(f"# Breakfast\n{above}\n---\n\n{TEXT}\n\n---\n").text.startswith(TEXT)


@pytest.mark.parametrize("name", ["2026-10-14-first-breakfast/index.md", "news/first-breakfast/index.sv.md"])
def test_the_page_of_a_folder_is_called_by_that(name: str) -> None:
    item = markdownpage.parse(TEXT, "s", where=name)
    assert item
    assert item.title == "First breakfast"


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("start: 2026-12-10T17:00:00Z\nplats: Hall", "2026-12-10 18:00 | Breakfast | Hall"),
        ("date: 2026-12-10T18:00\ndate_end: 2026-12-10T20:30\nlocation: {name: Hall}",
         "2026-12-10 18:00–20:30 | Breakfast | Hall"),
        ("event-date: 2026-12-10\ndate: 2026-11-20\nvenue: Hall", "2026-12-10 | Breakfast | Hall"),
    ],
)  # fmt: skip
def test_a_file_that_says_when_and_where_it_begins_is_an_event(said: str, when: str) -> None:
    text = f"---\ntitle: Breakfast\n{said}\n---\n{TEXT}"
    [item] = document.read(
        text.encode(), Source("s", "folder", ".", zone=ZoneInfo("Europe/Stockholm")), kind=".md"
    )
    assert article.normalize(item, NOW).text == f"::: events\n- {when}\n:::\n\n{TEXT}"


@pytest.mark.parametrize("said", ["date: 2026-10-14\nlocation: Lund", "start: 2026-12-10\nend: 2027-02-01"])
def test_where_a_text_was_written_or_from_when_on_it_holds_makes_no_event_of_it(said: str) -> None:
    assert read(f"---\ntitle: Breakfast\n{said}\n---\n{TEXT}").text == TEXT


def test_json_that_is_none_is_told_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"breakfast\.md:2: not valid JSON"):
        markdownpage.parse('{\n  "title": Breakfast\n}\n\nWords.', "s", where="breakfast.md")


@pytest.mark.parametrize(
    ("front", "what"),
    [
        ("!!!int", "a tag or a name in it cannot be read"),
        ("title: a\ntags: x\ntags: x", "tags stands twice"),
        ("%YAML 1.19\n---\ntitle: x", "a tag or a name in it cannot be read"),
        ("? - date: 1\n: 2", "a tag or a name in it cannot be read"),
        ("x: " + "[" * 600, "nested too deeply"),
        ("- x\n- *far", "found undefined alias"),
    ],
)
def test_yaml_that_is_none_is_told_with_what_an_article_may_say(front: str, what: str) -> None:
    with pytest.raises(SourceError) as told:
        markdownpage.parse(f"---\n{front}\n---\n{TEXT}", "s", where="breakfast.md")
    assert told.value.where.startswith("breakfast.md:")
    assert what in told.value.what
    assert "subject" not in told.value.remedy


def test_a_yaml_anchor_that_stands_twice_is_read_in_silence() -> None:
    assert markdownpage.parse(f"---\nurl: &a x\ntitle: &a Breakfast\n---\n{TEXT}", "s").title == "Breakfast"


def test_a_day_without_a_year_is_the_latest_one() -> None:
    assert read(f"---\ntitle: T\ndate: 12 maj\n---\n{TEXT}").published == datetime(2026, 5, 12, 12, tzinfo=UTC)
    assert read(f"---\ntitle: T\ndate: 12 dec\n---\n{TEXT}").published == datetime(2025, 12, 12, 12, tzinfo=UTC)


def test_what_pandoc_adds_is_read_as_it_shows_it() -> None:
    text = f"# [[A|Method]] {{#m .x}}\n\n{TEXT} [@strand2020, p. 4]\n\n::: {{.callout-note}}\nNote.\n:::\n"
    one = read(text)
    assert (one.title, one.text) == ("Method", f"{TEXT}\n\nNote.")
    handle = "Thanks to [@maja](https://social.example/@maja)."
    assert read(f"# T\n\n{handle}").text == handle


def test_what_word_processors_and_zola_leave_of_their_looks_is_no_text() -> None:
    look = '![A](a.jpg){width="6.3in" height="4in"} [Anna Holm]{.underline} {{ youtube(id="x") }}'
    assert read(f"# T\n\n{TEXT} {look}").text == f"{TEXT} ![A](a.jpg) Anna Holm"


@pytest.mark.parametrize("first", ["**Breakfast**", "## Breakfast", "\n### Breakfast ###"])
def test_a_file_without_a_first_heading_is_called_by_the_line_that_opens_it(first: str) -> None:
    one = read(f"{first}\n\nDatum: 2026-10-14\n\n{TEXT}\n\n#### Coffee\n\nMore.")
    assert (one.title, one.published, one.text) == ("Breakfast", DAY, f"{TEXT}\n\n## Coffee\n\nMore.")


@pytest.mark.parametrize("first", ["**Sixty people came.**", "## One\n\nx\n\n## Two", "**So** it began"])
def test_a_strong_sentence_and_the_first_of_several_sections_are_no_title(first: str) -> None:
    assert read(f"{first}\n\n{TEXT}").title == "Breakfast"


def test_code_stays_code_and_opens_no_field() -> None:
    one = read(f"# T\n\n{TEXT} Run `a*b_c` or `{{{{ name }}}}`.\n\n```sh\none --two\n\nthree\n```\n")
    assert one.text == f"{TEXT} Run `a*b_c` or \\{{\\{{ name }}}}.\n\n`one --two`\\\n`three`"
    assert one.summary.endswith("Run a*b_c or {{ name }}.")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Anna Holm", "Anna Holm"),
        ("Av Eva von Platen och Jonas Vik", "Eva von Platen och Jonas Vik"),
        ("text: anna holm", "anna holm"),
        ("By Friday we will know.", ""),
        ("By the river, all of us.", ""),
        ("Text messages were few.", ""),
        ("Av jord är du kommen.", ""),
    ],
)
def test_a_line_that_names_a_writer_is_told_from_a_sentence(line, author):
    read = markdownpage.parse(f"# The quay\n\n{line}\n\n{TEXT}\n", "s", where="quay.md")
    assert (read.author, line in read.text) == (author, not author)


def test_one_short_sentence_is_an_article():
    assert read("# The quay\nText is all there is.\n").text == "Text is all there is."


PAGE = """[Skip to content](#content)

  * [What we do](/do)
  * [News](/news)
  * [Contact](/contact)

# The lab opens

12 October 2026 | By Anna Holm

A laboratory for green chemistry opens in the park next month, for every start-up
in the region.

[Register](https://park.example.org/register)

Share this article

  * [LinkedIn](https://linkedin.example.org)

"""


@pytest.mark.parametrize(
    "foot",
    [
        "## Related news\n\n### [Another story](/other)\n\nIt tells of something else that happened here.\n",
        "### Norvik Park\n\nHarbour Street 2\n\n© 2026 Norvik Park\n",
    ],
)
def test_a_whole_page_as_markdown_is_its_article(foot: str) -> None:
    item = markdownpage.parse(PAGE + foot, "page")
    assert item
    assert (item.title, item.author) == ("The lab opens", "Anna Holm")
    assert item.published
    assert item.published.date().isoformat() == "2026-10-12"
    assert item.text.startswith("A laboratory")
    assert item.text.endswith("[Register](https://park.example.org/register)")


def test_what_stands_above_a_title_stays_where_it_is_no_menu() -> None:
    text = "A word before the title.\n\n# The lab\n\nIt opens in May.\n\n## Related news\n\nMore."
    item = markdownpage.parse(text, "page")
    assert item
    assert "A word before" in item.text
    assert "More." in item.text


def test_boxes_of_pandoc_may_stand_in_one_another() -> None:
    boxes = '::: card\nIt opens in May.\n:::\n\n::: quote {by="Anna Holm"}\nCome.\n:::\n'
    item = markdownpage.parse(f'::: {{#a role="main"}}\n# The lab\n\n{boxes}:::\n', "page")
    assert item
    assert item.text == 'It opens in May.\n\n::: quote {by="Anna Holm"}\nCome.\n:::'


@pytest.mark.parametrize(
    "above",
    [
        "The new lab - Norrvik Park\n\n![](logo.png)\n\nFor those who build\n",
        "* [Rooms](/rooms)\n* [Labs](/labs)\n* [![](house.png)](/) [Our house](/house)\n* [Who we are](/who)\n",
    ],
)
def test_a_page_is_known_by_its_name_and_by_a_menu_of_links(above: str) -> None:
    foot = "\n\n[Home](/)\n\nNorrvik Park, Street 1\n"
    item = markdownpage.parse(f"{above}\n# The new lab\n\n{TEXT}{foot}", "page")
    assert item is not None
    assert (item.title, item.text.strip()) == ("The new lab", TEXT.strip())


@pytest.mark.parametrize("first", ["The new lab - for whom", "- [A](/a)\n- [B](/b)\n- [C](/c)\n- [D](/d)"])
def test_what_is_told_above_a_heading_stays(first: str) -> None:
    item = markdownpage.parse(f"{first}\n\n{TEXT}\n\n# The new lab\n\n{TEXT}", "page")
    assert item is not None
    assert item.text.count(TEXT.strip()) == 2


def test_what_a_reading_program_says_above_a_page_is_its_title_address_and_day() -> None:
    head = 'Title: The "green" lab\n\nURL Source: https://park.example.org/lab\n\n'
    head += "Published Time: 2026-10-12T07:30:00Z\n\nMarkdown Content:\n"
    text = f"{head}It opens in May.\n\n![Image 1: The lab](https://park.example.org/a.jpg)\n"
    [item] = document.read(text.encode(), Source("page", "page", "x"), kind=".txt")
    assert (item.title, item.url) == ('The "green" lab', "https://park.example.org/lab")
    assert item.published == datetime(2026, 10, 12, 7, 30, tzinfo=UTC)
    assert "![The lab]" in item.text


def test_a_table_stays_a_table_with_its_words_as_text() -> None:
    rows = "| Pump | Price |\n|:--|--:|\n| **K9** {{ name }} | 12 \\| 13 |\n| [K8](https://p.example/k8) | `a` |"
    one = read(f"# Prices\n\nFrom June on.\n\n{rows}\n\nWithout tax.\n")
    assert one.text == (
        "From June on.\n\n| Pump | Price |\n| :-- | --: |\n| **K9** \\{\\{ name }} | 12 \\| 13 |\n"
        "| [K8](https://p.example/k8) | `a` |\n\nWithout tax."
    )
    assert one.summary == "From June on. Without tax."
    assert read(f"# Prices\n\n{rows}\n").summary.startswith("Pump Price K9 {{ name }} 12 | 13 K8")


def test_the_rows_of_a_table_of_events_are_events() -> None:
    rows = "| Datum | Tid | Vad |\n|--|--|--|\n| 4 december | 18.00 | Kör |\n| 5 december | 19.00 | Is |"
    one = read(f"# Autumn\n\n{rows}\n")
    assert one.text.startswith("::: events\n- 2026-12-04 18:00 | Kör")


@pytest.mark.parametrize(
    "fields",
    [
        "title: B\ndate:\n  created: 2026-10-14\n  updated: 2026-10-20\nheroImage: b.jpg\nintro: Machines.",
        "title: B\npubDatetime: 2026-10-14\nmodDatetime: 2026-10-20\nogImage: b.jpg\ndescription: Machines.",
        "title: B\npublished_at: 2026-10-14\nlast_modified_at: 2026-10-20\nheader:\n  teaser: b.jpg\n"
        "excerpt: Machines.",
        "title: B\ndate: 2026-10-14\nlast_update:\n  date: 2026-10-20\n  author: A bot\ncover_image: b.jpg\n"
        "summary: Machines.",
        "title: B\nPublished: 2026-10-14\nupdated-date: 2026-10-20\nheader: About us\nfeatured-image: b.jpg\n"
        "summary: Machines.",
    ],
    ids=["mkdocs", "astro", "minimal-mistakes", "docusaurus", "hyphens"],
)
def test_fields_are_known_by_the_names_that_other_programs_give_them(fields: str) -> None:
    item = markdownpage.parse(f"---\n{fields}\n---\n\n{TEXT}\n", "s", where="breakfast.md")
    assert item
    assert (item.published and item.published.day, item.updated and item.updated.day) == (14, 20)
    assert (item.image and item.image.src, item.summary, item.author) == ("b.jpg", "Machines.", "")


@pytest.mark.parametrize(
    ("above", "drawn", "src"),
    [
        ("", "![The *pier*](pier.jpg)", "pier.jpg"),
        ("# The pier\n\n", '![The pier](./img/pier.jpg "At dusk")', "img/pier.jpg"),
        ("# The pier\n", "![The pier](https://cdn.example.org/pier.jpg)", "https://cdn.example.org/pier.jpg"),
    ],
)
def test_the_picture_that_a_text_opens_with_is_its_articles(above: str, drawn: str, src: str) -> None:
    front = "---\ntitle: The pier\nurl: https://quay.example.org/pier\n---\n"
    one = read(f"{front}{above}{drawn}\n\n{TEXT}\n")
    assert (one.image and (one.image.src, one.image.alt), "![" in one.text) == ((src, "The pier"), False)
    # What has no page of its own is shown whole, and keeps its pictures where they are.
    assert "![" in read(f"---\ntitle: The pier\n---\n{drawn}\n\n{TEXT}\n").text
    assert read(f"{front}{TEXT}\n\n{drawn}\n").image is None
    assert read(f"{front}{drawn}\n").text


def test_tags_may_be_one_or_tables() -> None:
    front = "---\ntitle: B\ntags:\n  - label: AI\n    permalink: /ai\n  - Work\n---\n"
    assert read(f"{front}\n{TEXT}\n").tags == ("AI", "Work")
    assert read(f"---\ntitle: B\ntag: AI\n---\n\n{TEXT}\n").tags == ("AI",)


@pytest.mark.parametrize(
    "written",
    [
        f"{TEXT} [--more--]",
        f"import './x.css'\n\nexport const meta = {{\n  a: 1,\n}}\n\n{TEXT}",
        f"{{/* not for readers */}}\n\n{TEXT}\n\n<Chart client:load data={{[1, 2]}} />",
        f"<Tabs>\n  <TabItem value='a'>\n\n{TEXT}\n\n  </TabItem>\n</Tabs>",
        f":material-account:{{ .lg }} {TEXT}",
    ],
    ids=["yellow", "scripts", "component", "tabs", "icon"],
)
def test_what_only_its_own_program_can_show_goes(written: str) -> None:
    assert read(f"# Breakfast\n\n{written}\n").text == TEXT


@pytest.mark.parametrize(
    "picture",
    [
        "[image hall.jpg Hall - 50% 50%]",
        '[image hall.jpg "Hall"]',
        "![Hall](hall.jpg){ align=left width=300 }",
        '<Image src="hall.jpg" alt="Hall" width={600} />',
    ],
    ids=["yellow", "yellow-quoted", "mkdocs", "mdx"],
)
def test_pictures_are_known_as_other_programs_write_them(picture: str) -> None:
    assert read(f"# Breakfast\n\n{TEXT}\n\n{picture}\n").text == f"{TEXT}\n\n![Hall](hall.jpg)"


def test_a_page_that_its_program_fills_with_others_is_no_article() -> None:
    loop = "{% for post in site.posts %}\n<li>{{ post.title }}</li>\n{% endfor %}\n"
    assert markdownpage.parse(f"---\ntitle: News\n---\n<ul>\n{loop}</ul>\n", "s") is None
    assert "for post in site" in read(f"# Loops\n\n{TEXT}\n\n```\n{loop}```\n").text
