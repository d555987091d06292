"""Laws of reading files: Markdown with front matter, HTML, plain text; what is none of them is told in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter import article
from newsletter.errors import NotFoundError, SourceError
from newsletter.files import articlefile
from newsletter.issuefile.blocks import fence
from newsletter.model import Article, Picture, Source
from newsletter.reading import document
from tests import sites

NOW = datetime(2025, 6, 12, 9, tzinfo=UTC)
SOURCE = Source("notes", "folder", "articles", tags=("own",))


def read(path: Path, content: str | bytes, name: str = "note.md") -> list[Article]:
    file = path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return [article.normalize(item, NOW) for item in articlefile.read(file, SOURCE, NOW)]


MARKDOWN = """---
title: "The choir: now in the lab"
url: https://park.example.org/en/choir?utm_source=x
date: 2025-06-10
author: Maja Ek
language: en
tags: [places, music]
image: choir.jpg
image_alt: Twelve people among shelves
x-own: anything
---
Every **Thursday** at noon. See [the plan](plan.pdf) and ![us](us.jpg).

# A heading of the first rank

::: quote {by="Ines Palm, choir leader"}
We came for the *soup*.
:::

::: cta {href="https://park.example.org/join" label="Join us"}
It costs nothing.
:::

Then {{ name }} and <script>alert(1)</script><b>bold</b> end.

- one
- two
"""


def test_a_markdown_file_is_an_article(tmp_path: Path) -> None:
    [one] = read(tmp_path, MARKDOWN)
    assert one.title == "The choir: now in the lab"
    assert one.key == "https://park.example.org/en/choir"
    assert one.published == datetime(2025, 6, 10, 12, tzinfo=UTC)
    assert (one.author, one.language, one.tags) == ("Maja Ek", "en", ("own", "places", "music"))
    assert one.image == Picture("choir.jpg", "Twelve people among shelves")
    blocks = {block.kind: block for block in fence.scan(one.text.split("\n"), "x")}
    assert blocks["quote"].attributes == {"by": "Ines Palm, choir leader"}
    assert blocks["quote"].rows == ("We came for the *soup*.",)
    assert blocks["cta"].attributes == {"href": "https://park.example.org/join", "label": "Join us"}
    assert "## A heading" in one.text
    assert "\\{\\{ name }} and **bold** end." in one.text
    assert "[the plan](https://park.example.org/en/plan.pdf)" in one.text
    assert one.text.endswith("- one\n- two")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The first heading\n\nWords under it.", "The first heading"),
        ("A title\n=======\n\nWords under it.", "A title"),
        ("Only words, and no title at all.", "Open house"),
        ("---\n---\n\nOnly words.", "Open house"),
    ],
)
def test_a_file_without_title_gets_one(tmp_path: Path, text: str, title: str) -> None:
    [one] = read(tmp_path, text, "2025-06-12-open-house.md")
    assert one.title == title
    assert "ords" in one.text
    assert title not in one.text


@pytest.mark.parametrize(
    ("said", "is_out"),
    [
        ("publishDate: 2025-06-13", False),
        ("publishDate: 2025-06-12", True),
        ("publishDate: 2025-06-12T18:00:00+02:00", False),
        ("expiryDate: 2025-06-13", True),
        ("expiryDate: 2025-06-12", False),
        ("unpublishDate: 2025-06-01T08:00:00", False),
    ],
)
def test_a_file_is_an_article_from_its_first_day_to_its_last(tmp_path: Path, said: str, is_out: bool) -> None:
    assert len(read(tmp_path, f"---\ntitle: Harbour\n{said}\n---\nThe eels came back.\n")) == is_out


@pytest.mark.parametrize(
    "said",
    [
        *("draft: true", "draft: yes", "Draft: True", "utkast: ja", "published: false", "published: no"),
        *("status: hidden", "status: Pending", "unlisted: true"),
    ],
)
def test_a_draft_is_no_article(tmp_path: Path, said: str) -> None:
    assert read(tmp_path, f"---\ntitle: Later\n{said}\n---\nWords.") == []


def test_a_page_without_words_that_has_a_layout_is_filled_by_its_program(tmp_path: Path) -> None:
    assert read(tmp_path, "---\ntitle: News\nlayout: home\n---\n") == []
    with pytest.raises(SourceError, match="no text under the title"):
        read(tmp_path, "---\ntitle: News\n---\n")


@pytest.mark.parametrize(
    "front",
    [
        '+++\ntitle = "Choir"\ndate = 2025-06-10T12:00:00Z\nauthor = { name = "Maja Ek" }\ntags = ["sea"]\n'
        'images = ["us.jpg"]\n+++\n',
        "---\ntitle: Choir\ndate: 2025-06-10\nauthors:\n  - name: Maja Ek\ntags: ['#sea']\n"
        "cover: {image: ./us.jpg}\n---\n",
        "---\nrubrik: Choir\ndatum: 10 juni 2025\nförfattare: Maja Ek\ntaggar: sea\nbild: us.jpg\n---\n",
        "---\ntitle: Choir\nauthor: Maja Ek\ntags: sea\nimage: us.jpg\n---\n",
    ],
    ids=["hugo", "yaml", "swedish", "jekyll"],
)
def test_a_file_says_the_same_in_the_way_of_any_tool(tmp_path: Path, front: str) -> None:
    [one] = read(tmp_path, front + "Words.", "2025-06-10-choir.md")
    assert (one.title, one.author, one.tags, one.text) == ("Choir", "Maja Ek", ("own", "sea"), "Words.")
    assert (one.published, one.image) == (datetime(2025, 6, 10, 12, tzinfo=UTC), Picture("us.jpg"))


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        ("See [[Plan]], [[a/Plan#When|the plan]]. %%not this%%", "See Plan, the plan."),
        ("![[us.jpg|300]]\n\n![[Other note]]", "![](us.jpg)"),
        ("> [!tip] Soup\n> Every *day*.", "**Soup** Every *day*."),
        ("It is ==so== good[^1].\n\n[^1]: Says who.", "It is **so** good\\[1\\].\n\n\\[1\\] Says who."),
        ("- [ ] one\n- [x] two", "- one\n- two"),
        ("So:\n•\tone\n•\ttwo\no\tits part\n§ three", "So:\n\n- one\n- two\n  - its part\n- three"),
        ('{{< figure src="us.jpg" alt="Us" caption="All" >}}\n\n{{< youtube x >}}', "![Us](us.jpg)\n\n*All*"),
        ("{% include x.html %}Come. {: .big}\n\n{{ page.title }}{{ name }}", "Come.\n\n\\{\\{ name }}"),
        ('![Us]({{ "/a/us.jpg" | relative_url }})', "![Us](https://a.example/a/us.jpg)"),
        ("![Us](./a/b%20c.jpg) ![Us](a/b c.jpg)", "![Us](https://a.example/p/a/b%20c.jpg) " * 2),
        (
            "So ![](a.jpg) and ![Us](b c.jpg)",
            "So ![](https://a.example/p/a.jpg) and ![Us](https://a.example/p/b%20c.jpg)",
        ),
        ("`[[x]]` and `{{< y >}}`", "`[[x]]` and \\{\\{\\< y >}}"),
    ],
)
def test_what_other_tools_add_to_markdown_is_read_as_they_show_it(
    tmp_path: Path, markdown: str, wanted: str
) -> None:
    [one] = read(tmp_path, f"---\ntitle: T\nurl: https://a.example/p/\n---\n{markdown}\n")
    assert one.text == wanted.replace("](us.jpg", "](https://a.example/p/us.jpg").strip()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\ntitle: one: two\n---\nWords.", r"note\.md:2: .*colon.*quotes"),
        ("---\n- a\n---\nWords.", r"note\.md:2: the front matter has no fields"),
        ("---\ntitle: x\ndate: soonish\n---\nWords.", r"date “soonish” is no date; write it as date: 2025-06-12"),
        (
            "---\ntitle: x\nurl: y\n\nWords.",
            r"note\.md:1: the front matter is not closed; close it with a line ---",
        ),
        ("+++\ntitle = x\n+++\nWords.", r"note\.md:2: not valid TOML"),
        ("---\ntitle: x\n---\n\n", r"note\.md: no text under the title"),
        ("---\ntitle: x\n---\na\n\n::: quote\nnever closed", r"note\.md:6: .*never closed"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(tmp_path, text)


def test_yaml_that_grows_without_end_is_harmless(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for here, before in zip("bcdefghi", "abcdefgh", strict=True):
        bomb += f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]\n"
    [one] = read(tmp_path, f"---\n{bomb}tags: *i\ntitle: Bomb\n---\nWords.")
    assert (one.title, one.tags) == ("Bomb", ("own",))


def test_an_html_file_is_an_article(tmp_path: Path) -> None:
    html = (
        "<html><head><title>T</title></head><body><h1>A day out</h1><p>"
        + "Words of it. " * 20
        + "</p></body></html>"
    )
    [one] = read(tmp_path, html, "page.html")
    assert (one.title, one.key) == ("A day out", "text:a-day-out")
    assert read(tmp_path, html, "page.txt")[0].title == "A day out"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4 ...", "this is a PDF, not text; save its text"),
        (b"PK\x03\x04...", "Word, Excel or zip"),
        (b"", "this page is empty"),
        (b"\x01\x02\x03" * 500, "this is not text"),
        (b"x" * (articlefile.MOST_BYTES + 1), "larger than 5 MB"),
        (b"From: A <a@b.example>\nSubject: x\nMIME-Version: 1.0\n\nHi", "no text here"),
        (b"[InternetShortcut]\r\nURL=https://park.example/a\r\n", "add that: https://park.example/a"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(tmp_path, data, "thing.txt")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        ('{"@context": "https://www.w3.org/ns/activitystreams", "orderedItems": []}', "outbox.json", "JSON"),
        ('[{"id": 1, "body": "A text."}]', "posts.json", "JSON"),
        ('{"title": "A day out", "text": "We went there by boat."}', "page.txt", "from a file named .json"),
        ('<?xml version="1.0"?><opml version="2.0"><body/></opml>', "feeds.opml", "make each feed that it names"),
        ('<?xml version="1.0"?><!-- by x --><urlset><url/></urlset>', "map.xml", "this is a sitemap"),
    ],
)
def test_what_is_for_programs_is_no_article(tmp_path: Path, data: str, name: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(tmp_path, data, name)


def test_words_in_brackets_are_a_text() -> None:
    told = "Here are data for nobody, but a text that somebody wrote about brackets, which are many here."
    assert document.read(f"{{Brackets}} and more\n\n{told}".encode(), SOURCE, kind=".json")[0].text == told


def test_the_posts_that_wordpress_answers_are_read_from_a_file(tmp_path: Path) -> None:
    posts = [sites.post("https://s.example", number, "en", twins=False) for number in (1, 2)]
    found = read(tmp_path, json.dumps(posts), "posts.json")
    assert [one.url for one in found] == [post["link"] for post in posts]
    [alone] = read(tmp_path, json.dumps(posts[0]), "post.json")
    assert alone.url == posts[0]["link"]
    assert found[0].title == "The eels – they’re back, week 1"


@pytest.mark.parametrize(
    "above", ["\ufeff\n", '<br />\n<b>Warning</b>: Undefined key ["x"] in {y} on line 3<br />\n']
)
@pytest.mark.parametrize("below", ["", "\n<!-- Kept by a cache -->\n"])
def test_what_a_server_writes_around_posts_is_none_of_them(tmp_path: Path, above: str, below: str) -> None:
    """The posts stood in the pool as one article, as they are written for programs."""
    posts = [sites.post("https://s.example", number, "en", twins=False) for number in (1, 2)]
    found = read(tmp_path, f"{above}{json.dumps(posts)}{below}", "posts.json")
    assert [one.url for one in found] == [post["link"] for post in posts]


def test_a_feed_is_read_from_a_file_and_of_an_export_what_is_published(tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>{kind} {status}</title><link>https://park.example/{kind}-{status}{word}</link>"
        f"<description>Words.</description><wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>"
        f"<wp:post_password>{word}</wp:post_password></item>"
        for kind, status, word in (
            *(("post", "publish", ""), ("post", "draft", ""), ("attachment", "inherit", "")),
            *(("post", "publish", "secret"), ("page", "publish", "")),
        )
    )
    feed = f'<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>{items}</channel></rss>'
    assert [one.title for one in read(tmp_path, feed, "export.xml")] == ["post publish", "page publish"]


def test_a_page_that_a_browser_saved_knows_its_address(tmp_path: Path) -> None:
    page = (
        "<!-- saved from url=(0026)https://park.example/mill/ -->\n"
        + f"<html><body><p>{'Words. ' * 20}</p></body></html>"
    )
    [one] = read(tmp_path, page, "mill.html")
    assert one.url == "https://park.example/mill/"


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        articlefile.read(tmp_path / "nothing.txt", SOURCE, NOW)
    with pytest.raises(SourceError, match="this is a folder"):
        articlefile.read(tmp_path, SOURCE, NOW)


def test_one_broken_file_keeps_no_other_out_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.md").write_text("# B\n\nWords.")
    (folder / "deep" / "c.txt").write_text("C\n\nWords of a page that is long enough.")
    (folder / "a.md").write_text("---\ntitle: a: b\n---\nWords.")
    (folder / ".hidden.md").write_text("# No\n\nWords.")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "outside.md").write_text("# Outside\n\nWords.")
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    held = articlefile.folder(folder, SOURCE, NOW)
    assert [item.title for items in held.documents.values() for item in items] == ["B", "C"]
    assert [problem.where for problem in held.problems] == ["a.md:2"]


def test_what_a_site_keeps_for_itself_in_its_folder_is_no_article(tmp_path: Path) -> None:
    names = ("post.md", "_posts/2025-06-10-eels.md", "news/readme-by-maja.md")
    kept = ("_drafts/a.md", "_layouts/a.html", "README.md", "LICENSE.txt", "CODE-OF-CONDUCT.md", "_index.sv.md")
    for name in (*names, *kept):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n\nEvery Thursday at noon the choir sings.", encoding="utf-8")
    found = articlefile.folder(tmp_path, SOURCE, NOW)
    assert not found.problems
    assert {file.relative_to(tmp_path).as_posix() for file in found.documents} == set(names)
    assert articlefile.read(tmp_path / "README.md", SOURCE, NOW), "who names it means it"


def test_a_file_that_gets_a_new_title_is_the_same_article(tmp_path: Path) -> None:
    [before] = read(tmp_path, "# Old title\n\nWords.")
    [after] = read(tmp_path, "# New title\n\nWords.")
    assert before.guid == after.guid == "note.md"


def test_files_that_differ_by_their_language_are_twins(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.en.md").write_text(
        "---\nurl: https://bay.example/en/bridge\nlanguage: en\n---\n# Bridge\n\nA."
    )
    (folder / "bridge.sv.md").write_text("---\nlanguage: sv\n---\n# Bron\n\nEn.")
    (folder / "bridge.md").write_text("# Another bridge\n\nWords.")
    held = articlefile.folder(folder, SOURCE, NOW).documents
    named = articlefile.paired(
        {file: [article.normalize(one, NOW) for one in items] for file, items in held.items()}
    )
    twins = {one.title: one.twins for articles in named.values() for one in articles}
    assert twins == {"Another bridge": (), "Bridge": ("text:bron",), "Bron": ("https://bay.example/en/bridge",)}


def test_files_of_one_name_in_folders_of_two_languages_are_twins(tmp_path: Path) -> None:
    words = {
        "en": "The bridge opens in the spring, and the ferry is to go on for as long as it has passengers.",
        "sv": "Bron öppnar till våren, och färjan ska gå så länge som det finns de som vill åka med den.",
    }
    for spoken, said in words.items():
        for name in ("bridge", "ferry"):
            (tmp_path / spoken / "news").mkdir(parents=True, exist_ok=True)
            (tmp_path / spoken / "news" / f"{name}.md").write_text(f"# {name} {spoken}\n\n{said}\n")
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "bridge.md").write_text(f"# Computers\n\n{words['en']}\n")
    held = articlefile.folder(tmp_path, SOURCE, NOW).documents
    named = articlefile.paired(
        {file: [article.normalize(one, NOW) for one in items] for file, items in held.items()}
    )
    twins = {one.key: one.twins for articles in named.values() for one in articles}
    assert twins.pop("text:computers") == ()
    assert twins == {
        f"text:{name}-{one}": (f"text:{name}-{other}",)
        for name in ("bridge", "ferry")
        for one, other in (("en", "sv"), ("sv", "en"))
    }


def test_documents_in_a_folder_are_told_and_those_beside_their_text_are_not(tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text("# Mill\n\nThe mill opens in spring.\n")
    for name in ("mill.pdf", "ferry.docx", "quay.PDF", ".hidden.pdf", "slip.rst"):
        (tmp_path / name).write_bytes(b"%PDF-1.7")
    done = articlefile.folder(tmp_path, Source("s", "folder", str(tmp_path)), NOW)
    assert [one.title for items in done.documents.values() for one in items] == ["Mill"]
    (problem,) = done.problems
    assert str(problem).startswith("ferry.docx and 2 more: documents are not read")
    assert 'pandoc "ferry.docx" -o "ferry.md"' in problem.remedy


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("bilder/IMG_2.HEIC", "bilder/IMG_2.HEIC"),
        ("../bilder/kör.tif", "../bilder/kör.tif"),
        ("logo.svg", "logo.svg"),
        ("IMG 4711 (1).jpg", "IMG%204711%20%281%29.jpg"),
        ("bilder\\choir.png", "bilder/choir.png"),
    ],
)
def test_a_picture_beside_a_file_stays_whatever_its_kind_and_name(tmp_path: Path, written: str, kept: str) -> None:
    [one] = read(tmp_path, f"# Choir\n\nWe sang.\n\n![Us]({written})\n\nAnd ate.")
    [shown] = read(tmp_path, f"---\nimage: {written}\n---\n# Choir\n\nWe sang.")
    assert one.text == f"We sang.\n\n![Us]({kept})\n\nAnd ate."
    assert shown.image == Picture(kept)
