"""Four sites as they really are, and a hostile one: what their servers answer, with invented content.

A site is a table of replies by path; a path with a query is looked up whole, then without it.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.sourceserver import Reply, Site

BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)
PARAGRAPH = (
    "The harbour cleaned its water for {n} days, and the eels came back before anybody had counted on them. "
    "A class from the school by the quay writes down what it sees each morning, and sends it to the county."
)
STYCKE = (
    "Hamnen renade sitt vatten i {n} dagar, och ålarna kom tillbaka innan någon hade räknat med dem. "
    "En klass från skolan vid kajen skriver upp vad den ser varje morgon, och skickar det till länet."
)


def when(number: int) -> datetime:
    return BEGAN + timedelta(days=number)


def post(site: str, number: int, language: str, twins: bool) -> dict:
    """Return a post as WordPress 6 with Polylang gives it: odd ones English, even ones their Swedish twins."""
    twin = number + 1 if number % 2 else number - 1
    pair, other = (number + 1) // 2, "en" if language == "sv" else "sv"
    body = (STYCKE if language == "sv" else PARAGRAPH).format(n=pair)
    title = f"The eels &#8211; they&#8217;re back, week {pair}"
    title = f"Ålarna är tillbaka, vecka {pair}" if language == "sv" else title
    at = f"{when(pair):%Y-%m-%dT%H:%M:%S}"
    return {
        "id": number,
        "date": at,
        "date_gmt": at,
        "modified": at,
        "modified_gmt": at,
        "guid": {"rendered": f"{site}/?p={number}"},
        "slug": f"eels-{number}",
        "status": "publish",
        "link": f"{site}/{language}/eels-{number}/",
        "title": {"rendered": title},
        "content": {
            "rendered": f'<p>{body}</p>\n<p><img src="/up/{pair}-small.jpg" alt=""></p>',
            "protected": False,
        },
        "excerpt": {"rendered": f"<p>{body[:60]} [&hellip;]</p>"},
        "author": 3,
        **({"lang": language, "translations": {language: number, other: twin}} if twins else {}),
        "_embedded": {
            "author": [{"id": 3, "name": "Maja Ek"}],
            "wp:featuredmedia": [
                {
                    "source_url": f"{site}/up/{pair}.jpg",
                    "alt_text": "Eels &amp; water",
                    "media_details": {
                        "width": 3000,
                        "height": 2000,
                        "sizes": {
                            "thumbnail": {
                                "source_url": f"{site}/up/{pair}-150x150.jpg",
                                "width": 150,
                                "height": 150,
                            },
                            "large": {"source_url": f"{site}/up/{pair}-1024.jpg", "width": 1024, "height": 683},
                            "1536x1536": {
                                "source_url": f"{site}/up/{pair}-1536.jpg",
                                "width": 1536,
                                "height": 1024,
                            },
                            "medium": {"source_url": f"{site}/up/{pair}-300.jpg", "width": 300, "height": 200},
                        },
                    },
                }
            ],
            "wp:term": [
                [
                    {"taxonomy": "category", "name": "Sea &amp; shore"},
                    {"taxonomy": "category", "name": "Uncategorized"},
                ],
                [{"taxonomy": "post_tag", "name": "eels"}],
            ],
        },
    }


def wordpress(site: Site, pairs: int = 60, twins: bool = True) -> str:
    """Be a WordPress site in two languages; return its first page's address. *site.posts* can be changed."""
    site.posts = [
        post(site.url, number, "en" if number % 2 else "sv", twins) for number in range(1, 2 * pairs + 1)
    ]
    head = f"<link rel='https://api.w.org/' href='{site.url}/wp-json/'>"
    site.says("/", f"<!doctype html><html><head><title>Harbour</title>{head}</head><body>Welcome</body></html>")

    def answer(path: str) -> Reply:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        found = list(site.posts)
        if "include" in asked:
            found = [one for one in found if str(one["id"]) in asked["include"].split(",")]
        if "modified_after" in asked:
            found = [one for one in found if one["modified"] > asked["modified_after"]]
        if "categories" in asked:
            found = [one for one in found if one["id"] % 10 == int(asked["categories"])]
        if "after" in asked:
            found = [one for one in found if one["date"] > asked["after"]]
        found.sort(key=lambda one: one[asked.get("orderby", "date")], reverse=True)
        size, page = int(asked.get("per_page", 10)), int(asked.get("page", 1))
        pages = -(-len(found) // size)
        if page > max(pages, 1):
            return Reply(b'{"code": "rest_post_invalid_page_number"}', "application/json", 400)
        part = json.dumps([_fields(one, asked) for one in found[(page - 1) * size : page * size]]).encode()
        return Reply(part, "application/json; charset=UTF-8", headers={"X-WP-TotalPages": str(pages)})

    part = "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/categories/3'>"
    site.says("/category/eels/", f"<html><head>{head}{part}</head><body>Eels</body></html>")
    work = f"{head}{part.replace('categories/3', 'project')}"
    site.says("/projects/", f"<html><head>{work}</head><body>Work</body></html>")
    site.answers["/wp-json/wp/v2/posts"] = answer
    return site.url + "/"


def _fields(one: dict, asked: dict[str, str]) -> dict:
    """Return of a post what was asked for: its names with dots mean one thing of a table."""
    if "_fields" not in asked:
        return one
    said: dict = {}
    for name in asked["_fields"].split(","):
        outer, _, inner = name.partition(".")
        if outer in one:
            said[outer] = {inner: one[outer].get(inner)} if inner else one[outer]
    return said


def atom(site: Site, entries: int = 30) -> str:
    """Be a blog with an Atom feed that its first page names; return that page's address."""
    link = '<link rel="alternate" type="application/atom+xml" href="atom.xml">'
    site.says("/blog/", f"<html><head><title>Blog</title>{link}</head><body><h1>Blog</h1></body></html>")
    said = "".join(
        f"<entry><title>Notes from the quay, number {n}</title><id>tag:blog.example,2026:{n}</id>"
        f'<link rel="alternate" href="notes/{n}.html?utm_source=feed"/>'
        f"<published>{when(n):%Y-%m-%dT%H:%M:%SZ}</published><updated>{when(n):%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<author><name>Bo Ek</name></author><category term='quay'/>"
        f'<content type="html">&lt;p&gt;{PARAGRAPH.format(n=n)}&lt;/p&gt;&lt;p&gt;&lt;img src="../p/{n}.jpg" '
        f'srcset="/p/{n}-400.jpg 400w, /p/{n}-1300.jpg 1300w"&gt;&lt;/p&gt;</content></entry>'
        for n in range(entries, 0, -1)
    )
    feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="{site.url}/blog/">'
    feed += f"<title>Blog</title><id>tag:blog.example,2026:feed</id>{said}</feed>"
    site.says("/blog/atom.xml", feed, kind="application/atom+xml", headers={"ETag": '"atom-1"'})
    return site.url + "/blog/"


def json_feed(site: Site, items: int = 20) -> str:
    """Be a site with a JSON Feed; return the feed's address."""
    said = [
        {
            "id": f"{site.url}/j/{n}",
            "url": f"{site.url}/j/{n}",
            "title": f"A report of the bay, {n}",
            "content_html": f"<p>{PARAGRAPH.format(n=n)}</p>",
            "date_published": f"{when(n):%Y-%m-%dT%H:%M:%S}+02:00",
            "image": f"{site.url}/j/{n}.png",
            "tags": ["bay", "report"],
            "authors": [{"name": "Åsa Ek"}],
        }
        for n in range(items, 0, -1)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Bay", "language": "en", "items": said}
    modified = {"Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT"}
    return site.says("/feed.json", json.dumps(feed), kind="application/feed+json", headers=modified)


def page(number: int, url: str, twin: str = "", language: str = "en") -> str:
    words = (STYCKE if language == "sv" else PARAGRAPH).format(n=number)
    title = f"Bron nummer {number} är klar" if language == "sv" else f"Bridge number {number} is finished"
    other = "en" if language == "sv" else "sv"
    alternate = f'<link rel="alternate" hreflang="{other}" href="{twin}">' if twin else ""
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} | Bridges</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="{when(number):%Y-%m-%dT%H:%M:%S}Z">
<meta property="og:image" content="/b/{number}.jpg"><link rel="canonical" href="{url}">{alternate}</head>
<body><header><nav><a href="/">Home</a> <a href="/about">About</a></nav></header><main><article><h1>{title}</h1>
<p>{words}</p><p>{words}</p></article></main><footer><p>© Bridges. We use cookies.</p></footer></body></html>"""


def sitemap(site: Site, pages: int = 12) -> str:
    """Be a site that has no feed, only a sitemap in two files that robots.txt names; return its first page."""
    site.says("/", "<html><head><title>Bridges</title></head><body><h1>Bridges</h1><p>Welcome.</p></body></html>")
    site.says("/robots.txt", f"User-agent: *\nDisallow:\nSitemap: {site.url}/map/index.xml\n", kind="text/plain")
    about = "<html><head><title>About</title></head><body><main><h1>About us</h1>"
    site.says("/about", f"{about}<p>{PARAGRAPH.format(n=1)}</p></main></body></html>")
    names = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    parts = ("pages", "news.xml.gz", "image-files")
    names += "".join(f"<sitemap><loc>{site.url}/map/{part}</loc></sitemap>" for part in parts)
    site.says("/map/index.xml", f"{names}</sitemapindex>", kind="application/xml", headers={"ETag": '"map-1"'})
    urlset = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    )
    fixed = f"<url><loc>{site.url}/</loc></url><url><loc>{site.url}/about</loc></url>"
    site.says("/map/pages", f"{urlset}{fixed}</urlset>", kind="text/xml")
    site.says("/map/image-files", f"{urlset}</urlset>", kind="text/xml")
    found = ""
    for number in range(1, pages + 1):
        english, swedish = f"{site.url}/en/bridge-{number}", f"{site.url}/sv/bro-{number}"
        site.says(f"/en/bridge-{number}", page(number, english, swedish))
        site.says(f"/sv/bro-{number}", page(number, swedish, english, "sv"))
        for url in (english, swedish):
            found += f"<url><loc>{url}</loc><lastmod>{when(number):%Y-%m-%d}</lastmod></url>"
    packed = gzip.compress(f"{urlset}{found}</urlset>".encode())
    site.says("/map/news.xml.gz", packed, kind="application/x-gzip")
    return site.url + "/"


def _bomb() -> bytes:
    return gzip.compress(b"<rss><channel><item><title>" + b"A" * 100_000_000, 9)


def _endless() -> Iterator[bytes]:
    yield b'<?xml version="1.0"?><rss version="2.0"><channel>'
    while True:
        yield b"<item><title>again</title></item>" * 100


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;">'
    '<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;">]>'
    '<rss version="2.0"><channel><title>&lol3;</title></channel></rss>'
)
FILES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    "<rss version='2.0'><channel><item><title>&e;</title><link>http://h.example/1</link></item></channel></rss>"
)
#: What the hostile site does to a reader: the path, and what it answers.
HOSTILE: dict[str, Callable[[], Reply]] = {
    "laughs": lambda: Reply(LAUGHS.encode(), "application/rss+xml"),
    "files": lambda: Reply(FILES.encode(), "application/rss+xml"),
    "deep": lambda: Reply(b"<rss><channel><item>" + b"<a>" * 900_000, "application/rss+xml"),
    "endless": lambda: Reply(_endless, "application/rss+xml"),
    "bomb": lambda: Reply(_bomb(), "application/rss+xml", headers={"Content-Encoding": "gzip"}),
    "loop": lambda: Reply(b"", status=302, headers={"Location": "/loop"}),
    "inward": lambda: Reply(b"", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
    "files-scheme": lambda: Reply(b"", status=302, headers={"Location": "file:///etc/passwd"}),
    "json-deep": lambda: Reply(
        b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 200_000, "application/feed+json"
    ),
    "json-odd": lambda: Reply(
        b'{"version": "https://jsonfeed.org/version/1.1", "items": {"a": 1}}', "application/feed+json"
    ),
    "nothing": lambda: Reply(b"", "application/rss+xml"),
    "picture": lambda: Reply(b"\x89PNG\r\n\x1a\n" + b"\0" * 1000, "application/rss+xml"),
    "busy": lambda: Reply(b"", status=503, headers={"Retry-After": "7200"}),
}


def hostile(site: Site) -> dict[str, str]:
    """Be a hostile site; return the addresses of what it does, by name."""
    return {name: site.url + path for name, path in _lay(site).items()}


def _lay(site: Site) -> dict[str, str]:
    for name, reply in HOSTILE.items():
        site.replies[f"/{name}"] = reply()
    return {name: f"/{name}" for name in HOSTILE}


def rss(*titles: str) -> str:
    """Return a feed of articles called *titles*."""
    items = "".join(
        f"<item><title>{title}</title><link>https://park.example.org/{number}</link>"
        f"<description>{PARAGRAPH.format(n=number)}</description></item>"
        for number, title in enumerate(titles, 1)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'
