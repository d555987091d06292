"""Laws of WordPress's exports: the writers, pictures and languages that one tells are those of its posts."""

from datetime import UTC, datetime

from newsletter import article
from newsletter.model import Article, Source
from newsletter.reading.feeds import export, feedxml

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SITE = "https://site.example"
WORDS = "The eels came back to the harbour, and nobody had counted on them any more."
SVENSKA = "Ålarna kom tillbaka till hamnen, och det var det ingen som hade räknat med längre."
HEAD = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="http://wordpress.org/export/1.2/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The quay</title><language>en</language>"""
WRITERS = """<wp:wxr_version>1.2</wp:wxr_version><wp:author><wp:author_login>aholm</wp:author_login>
<wp:author_display_name>Anna Holm</wp:author_display_name></wp:author>"""


def filed(domain: str, name: str, words: str = "") -> str:
    return f'<category domain="{domain}" nicename="{name}"><![CDATA[{words or name}]]></category>'


def post(number: int, title: str, text: str, more: str = "", kind: str = "post", status: str = "publish") -> str:
    return f"""<item><title>{title}</title><link>{SITE}/{number}/</link><dc:creator>aholm</dc:creator>
    <pubDate>Wed, 0{number} Nov 2025 16:04:48 +0000</pubDate><content:encoded><![CDATA[{text}]]></content:encoded>
    <wp:post_id>{number}</wp:post_id><wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>{more}</item>"""


def meta(key: str, value: str) -> str:
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"


def read(*posts: str, writers: str = WRITERS) -> list[Article]:
    data = f"{HEAD}{writers}{''.join(posts)}</channel></rss>".encode()
    return [article.normalize(one, NOW) for one in feedxml.items(data, Source("s", "feed", ""), "")]


def test_a_writer_is_called_by_name_and_a_post_is_dated_by_its_last_change() -> None:
    more = "<wp:post_modified_gmt>2025-11-10 12:28:55</wp:post_modified_gmt>"
    [one] = read(post(1, "Eels", f"<p>{WORDS}</p>", more))
    assert (one.author, one.updated) == ("Anna Holm", datetime(2025, 11, 10, 12, 28, 55, tzinfo=UTC))
    assert read(post(1, "Eels", WORDS).replace("aholm", "bek"))[0].author == "bek"


def test_a_summary_of_its_own_is_one_and_no_text() -> None:
    long = "<excerpt:encoded><![CDATA[" + WORDS * 3 + "]]></excerpt:encoded>"
    [one] = read(post(1, "Eels", f"<p>{WORDS}</p>", long))
    assert one.text == WORDS
    assert one.summary.startswith(WORDS)
    assert len(one.summary) > len(WORDS)


def test_the_picture_of_a_post_is_one_that_was_exported_with_it() -> None:
    src = f"{SITE}/eels.jpg"
    held = f"<wp:attachment_url>{src}</wp:attachment_url>" + meta("_wp_attachment_image_alt", "Two eels")
    picture = post(2, "eels", "", held, "attachment", "inherit")
    [one] = read(post(1, "Eels", f"<p>{WORDS}</p>", meta("_thumbnail_id", "2")), picture)
    assert one.image
    assert (one.image.src, one.image.alt) == (src, "Two eels")
    [other] = read(post(1, "Eels", f"<p>{WORDS}</p>", meta("_thumbnail_id", "3")), picture)
    assert other.image is None


def test_translations_are_twins_and_what_a_program_files_under_is_no_tag() -> None:
    group = filed("post_translations", "pll_1")
    en = post(1, "Eels", WORDS, group + filed("language", "en", "English") + filed("category", "News"))
    sv = post(2, "Ålar", SVENSKA, group + filed("language", "sv", "Svenska") + filed("post_tag", "Hamn"))
    alone = post(3, "Ferry", WORDS, filed("post_format", "post-format-aside", "Aside") + filed("theme", "Sea"))
    assert [(one.title, one.language, one.tags, one.twins) for one in read(en, sv, alone)] == [
        ("Eels", "en", ("News",), (f"{SITE}/2",)),
        ("Ålar", "sv", ("Hamn",), (f"{SITE}/1",)),
        ("Ferry", "en", ("Sea",), ()),
    ]


def test_pictures_take_no_post_its_place() -> None:
    pictures = [post(2, "p", "", "", "attachment", "inherit")] * (feedxml.MOST + 1)
    assert [one.title for one in read(*pictures, post(1, "Eels", f"<p>{WORDS}</p>"))] == ["Eels"]


def blog(title: str, *said: str) -> str:
    """An entry as Blogger exports it."""
    return f"<entry><title>{title}</title><content type='html'>{WORDS}</content>{''.join(said)}</entry>"


def kind(name: str) -> str:
    filed = "scheme='http://schemas.google.com/g/2005#kind'"
    return f"<category {filed} term='http://schemas.google.com/blogger/2008/kind#{name}'/>"


def told(kind: str, status: str = "LIVE") -> str:
    return f"<b:type>{kind}</b:type><b:status>{status}</b:status>"


def test_what_blogger_exports_beside_its_posts_is_no_article() -> None:
    draft = "<a:control><a:draft>yes</a:draft></a:control>"
    entries = [
        *(blog(name, kind(name)) for name in ("settings", "template", "comment", "page")),
        blog("Eels", kind("post"), "<category term='Sea'/>"),
        blog("Later", kind("post"), draft),
        blog("Out", kind("post"), draft.replace("yes", "no")),
        *(blog(name, told(name)) for name in ("COMMENT", "PAGE")),
        blog("Ferry", told("POST")),
        *(blog(status, told("POST", status)) for status in ("DRAFT", "SOFT_TRASHED")),
    ]
    names = "xmlns:a='http://www.w3.org/2007/app' xmlns:b='http://schemas.google.com/blogger/2018'"
    data = f"<feed xmlns='http://www.w3.org/2005/Atom' {names}><title>Quay</title>{''.join(entries)}</feed>"
    found = {one.title: one.tags for one in feedxml.items(data.encode(), Source("s", "feed", ""), "")}
    assert found == {"page": (), "Eels": ("Sea",), "Out": (), "PAGE": (), "Ferry": ()}


def test_any_other_feed_is_no_export() -> None:
    [one] = read(post(1, "Eels", f"<p>{WORDS}</p>", filed("language", "en", "English")), writers="")
    assert (one.author, one.tags) == ("aholm", ())
    assert export.OTHERS
