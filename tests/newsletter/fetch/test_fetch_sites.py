"""Laws of fetching whole sites: four kinds are read, a hostile one survived, a second visit costs nothing."""

import asyncio
import gzip
import json
import resource
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest

from newsletter.fetch import guard, sitemap
from newsletter.fetch.http import Client
from newsletter.fetch.port import Last, Reading
from newsletter.model import Source
from tests import sites
from tests.effort import ends
from tests.shell import Shell, fetched, pooled, source, sources
from tests.sourceserver import Reply, Site, serving


def test_four_kinds_of_site_are_found_out_and_read_and_a_second_visit_transfers_almost_nothing(
    run: Shell, workspace: Path
) -> None:
    with ExitStack() as stack:
        wp, blog, feed, bridges, bad = (stack.enter_context(serving()) for _ in range(5))
        sources(
            workspace,
            source("wordpress", sites.wordpress(wp), "auto"),
            source("blog", sites.atom(blog), "auto"),
            source("json", sites.json_feed(feed), "auto"),
            source("bridges", sites.sitemap(bridges), "auto"),
            *(source(name, url, "auto") for name, url in sites.hostile(bad).items()),
        )
        said = fetched(run)
        good = ("wordpress", "blog", "json", "bridges")
        assert {name: (said[name]["kind"], said[name]["new"]) for name in good} == {
            "wordpress": ("wordpress", 120),
            "blog": ("feed", 30),
            "json": ("feed", 20),
            "bridges": ("sitemap", 24),
        }
        for name in sites.HOSTILE:
            assert said[name]["error"], name
            assert said[name]["hint"], name
        first = [(each, each.sent) for each in (wp, blog, feed, bridges)]
        again = fetched(run, *good)
        assert [(again[name]["new"], again[name]["updated"]) for name in good] == [(0, 0)] * 4
        assert [again[name]["error"] for name in good] == [None] * 4
        for each, before in first:
            # WordPress tells again which posts it has, so that what was withdrawn is known.
            most = 12_000 if each is wp else 200
            assert each.sent - before < most, each.asked[-3:]


def test_pages_of_a_sitemap_are_articles_with_their_twins(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("bridges", sites.sitemap(site, 3), "sitemap"))
    fetched(run)
    found = pooled(workspace)
    assert set(found) == {f"{site.url}/{path}-{n}" for n in (1, 2, 3) for path in ("en/bridge", "sv/bro")}
    one = found[f"{site.url}/en/bridge-2"]
    assert (one.title, one.language, one.twins) == ("Bridge number 2 is finished", "en", (f"{site.url}/sv/bro-2",))
    assert "Home" not in one.text + one.title
    assert one.image
    assert one.image.src == f"{site.url}/b/2.jpg"


@pytest.mark.parametrize(("others", "told"), [(1, 4), (5, 2)])
def test_a_page_that_a_sitemap_names_as_the_twin_of_another_only_is_read_too(
    run: Shell, workspace: Path, site: Site, others: int, told: int
) -> None:
    # A site in many languages has pages that nobody's letter is in.
    sites.sitemap(site, 2)
    pages = ""
    for n in (1, 2):
        twins = (f"{site.url}/{'sv/bro' if k == 0 else k}-{n}" for k in range(others))
        links = "".join(f'<link rel="alternate" hreflang="x{k}" href="{url}"/>' for k, url in enumerate(twins))
        pages += f"<url><loc>{site.url}/en/bridge-{n}</loc><lastmod>2026-03-0{n}</lastmod>{links}</url>"
    site.says("/sitemap.xml", f"<urlset>{pages}</urlset>", kind="application/xml")
    sources(workspace, source("bridges", f"{site.url}/sitemap.xml", "sitemap"))
    fetched(run)
    found = pooled(workspace)
    assert len(found) == told
    if told > 2:
        assert found[f"{site.url}/sv/bro-2"].twins == (f"{site.url}/en/bridge-2",)
    before = len(site.asked)
    fetched(run)
    assert [path for path, _ in site.asked[before:]] == ["/sitemap.xml"]


def test_a_changed_page_of_a_sitemap_is_read_again_and_no_other(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("bridges", sites.sitemap(site, 3), "sitemap"))
    fetched(run)
    asked = len(site.asked)
    url = f"{site.url}/en/bridge-2"
    site.says("/en/bridge-2", sites.page(2, url).replace("eels", "otters"))
    urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    site.says("/map/index.xml", f"{urlset}<url><loc>{url}</loc><lastmod>2026-11-20</lastmod></url></urlset>")
    assert fetched(run)["bridges"]["updated"] == 1
    assert [path for path, _ in site.asked[asked:]] == ["/map/index.xml", "/en/bridge-2"]
    assert "otters" in pooled(workspace)[url].text


def test_a_source_of_a_part_of_a_site_takes_no_other_part(run: Shell, workspace: Path, site: Site) -> None:
    sites.sitemap(site, 2)
    site.says("/sv/", "<html><head><title>Broar</title></head><body></body></html>")
    sources(workspace, source("broar", site.url + "/sv/", "auto"))
    fetched(run)
    assert {one.language for one in pooled(workspace).values()} == {"sv"}


def test_an_entry_that_a_feed_has_no_more_is_withdrawn_if_its_page_is_gone(
    run: Shell, workspace: Path, site: Site
) -> None:
    sources(workspace, source("blog", sites.atom(site, 4), "auto"))
    fetched(run)
    whole = site.replies["/blog/atom.xml"].body.decode()
    first, *entries = whole.removesuffix("</feed>").split("<entry>")
    # The second is gone, the third too but its page stands, and the oldest only fell off the end.
    for number in (2, 1):
        site.says(f"/blog/notes/{number}.html", "<html><body><p>Here it is.</p></body></html>")
    left = "<entry>".join([first, entries[0], "<entry>".join(entries[3:])]) + "</feed>"
    site.says("/blog/atom.xml", left, kind="application/atom+xml")
    said = fetched(run)["blog"]
    assert [one["key"] for one in said["gone"]] == [f"{site.url}/blog/notes/3.html"]
    assert len(pooled(workspace)) == 3


def test_the_page_of_an_entry_that_a_feed_cut_is_read_once(run: Shell, workspace: Path, site: Site) -> None:
    url = f"{site.url}/en/bridge-1"
    site.says("/en/bridge-1", sites.page(1, url))
    begun = sites.PARAGRAPH.format(n=1)[:90]
    entry = f"<item><title>Bridge</title><link>{url}</link><description>{begun} [&amp;#8230;]</description></item>"
    whole = f"<item><title>Whole</title><link>{site.url}/no</link><description>All of it.</description></item>"
    site.says("/cut", f"<rss version='2.0'><channel>{entry}{whole}</channel></rss>")
    sources(workspace, source("cut", site.url + "/cut"))
    fetched(run)
    found = pooled(workspace)
    assert sites.PARAGRAPH.format(n=1) in found[url].text
    assert found[url].image
    assert found[f"{site.url}/no"].text == "All of it."
    assert fetched(run)["cut"]["updated"] == 0
    assert [path for path, _ in site.asked if path != "/cut"] == ["/en/bridge-1", "/b/1.jpg"]


def test_relative_pictures_of_a_feed_are_whole_and_suit_a_letter(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("blog", sites.atom(site, 2), "auto"))
    fetched(run)
    one = pooled(workspace)[f"{site.url}/blog/notes/1.html"]
    assert (one.author, one.tags, one.key) == ("Bo Ek", ("quay",), f"{site.url}/blog/notes/1.html")
    assert one.image
    assert one.image.src == f"{site.url}/p/1.jpg"


def test_hostile_sources_take_neither_memory_nor_time(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, *(source(name, url, "feed") for name, url in sites.hostile(site).items()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ends(120):
        assert run("fetch", "--json") == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert all(one["error"] for one in json.loads(run.out)["sources"])


def test_what_keeps_failing_is_left_alone_until_it_is_named(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("gone", site.url + "/gone"), source("json", sites.json_feed(site)))
    for _ in range(3):
        assert "no such page" in fetched(run)["gone"]["error"]
    asked = len(site.asked)
    said = fetched(run)["gone"]
    assert "left alone after 3 failures, the last: there is no such page" in said["error"]
    assert "newsletter fetch gone" in said["error"]
    assert said["again"]
    assert not [path for path, _ in site.asked[asked:] if path == "/gone"]
    back = "<item><title>Back</title><description>Here again.</description></item>"
    site.says("/gone", f"<rss version='2.0'><channel>{back}</channel></rss>")
    assert fetched(run, "gone")["gone"]["new"] == 1
    assert fetched(run)["gone"]["error"] is None


def test_what_is_gone_for_good_is_told_and_left_alone_at_once(run: Shell, workspace: Path, site: Site) -> None:
    site.says("/closed", status=410)
    sources(workspace, source("closed", site.url + "/closed"), source("json", sites.json_feed(site)))
    said = fetched(run)["closed"]
    assert "gone for good" in said["error"]
    assert "take it out of newsletter.toml" in said["hint"]
    assert datetime.fromisoformat(said["again"]) > datetime.now(UTC) + timedelta(days=6)
    assert "left alone after a failure" in fetched(run)["closed"]["error"]
    assert [path for path, _ in site.asked].count("/closed") == 1


def test_what_a_page_offers_and_fails_is_told_where_the_page_has_nothing(
    run: Shell, workspace: Path, site: Site
) -> None:
    api = f"<link rel='https://api.w.org/' href='{site.url}/wp-json/'>"
    site.says("/", f"<html><head><title>Harbour</title>{api}</head><body>Welcome</body></html>")
    site.answers["/wp-json/wp/v2/posts"] = lambda path: Reply(status=503)
    sources(workspace, source("site", site.url + "/", "auto"), source("blog", sites.atom(site), "auto"))
    error = fetched(run)["site"]["error"]
    assert "/wp-json/wp/v2/posts" in error
    assert "cannot answer now (503)" in error


def test_lists_of_articles_are_left_out_where_a_sitemap_has_articles(
    run: Shell, workspace: Path, site: Site
) -> None:
    home = sites.sitemap(site, 2)
    names = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    parts = ("post_tag-sitemap.xml", "wp-sitemap-taxonomies-category-1.xml", "sitemap-authors.xml", "news.xml.gz")
    names += "".join(f"<sitemap><loc>{site.url}/map/{part}</loc></sitemap>" for part in parts)
    site.says("/map/index.xml", f"{names}</sitemapindex>", kind="application/xml")
    listed = f"{site.url}/tag/bridges"
    site.says("/tag/bridges", sites.page(9, listed))
    lists = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{listed}</loc></url></urlset>'
    for part in parts[:3]:
        site.says(f"/map/{part}", lists, kind="text/xml")
    sources(workspace, source("bridges", home, "sitemap"))
    fetched(run)
    assert len(pooled(workspace)) == 4
    assert listed not in pooled(workspace)


@pytest.mark.parametrize("wait", [timedelta(hours=1), None], ids=["a time", "seconds"])
def test_a_server_that_says_when_to_come_back_is_left_until_then(
    run: Shell, workspace: Path, site: Site, wait: timedelta | None
) -> None:
    said = format_datetime(datetime.now(UTC) + wait, usegmt=True) if wait else "3600"
    site.says("/busy", status=429, headers={"Retry-After": said})
    sources(workspace, source("busy", site.url + "/busy"), source("json", sites.json_feed(site)))
    assert "cannot answer now (429)" in fetched(run)["busy"]["error"]
    assert "left alone" in fetched(run)["busy"]["error"]
    assert [path for path, _ in site.asked].count("/busy") == 1


def test_nothing_from_before_a_sources_time_is_taken(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("json", sites.json_feed(site)) + 'since = "2026-10-19"\n')
    assert fetched(run)["json"]["new"] == 3


def test_one_host_is_never_asked_more_than_two_things_at_once(run: Shell, workspace: Path, site: Site) -> None:
    now, most = [0], [0]

    def slow(path: str) -> object:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.05)
        now[0] -= 1
        return site.replies["/feed.json"]

    sites.json_feed(site)
    for number in range(8):
        site.answers[f"/{number}"] = slow
    sources(workspace, *(source(f"s{n}", f"{site.url}/{n}") for n in range(8)))
    fetched(run)
    assert most[0] == 2


def test_a_source_that_moved_for_good_tells_its_new_address_and_one_on_a_trip_does_not(
    run: Shell, workspace: Path, site: Site
) -> None:
    moved = site.says("/old", status=301, headers={"Location": "/between"})
    site.says("/between", status=308, headers={"Location": "/new"})
    trip = site.says("/trip", status=302, headers={"Location": "/between"})
    site.says("/new", sites.rss("Eels return", "Eels leave"), kind="application/rss+xml")
    sources(workspace, source("moved", moved, "feed"), source("trip", trip, "feed"))
    said = fetched(run)
    assert said["moved"]["moved"] == f"{site.url}/new"
    assert said["trip"]["moved"] is None
    run("fetch", "moved")
    assert f'it has moved for good: write url = "{site.url}/new"' in run.err


def test_what_servers_say_of_their_letters_and_wrap_around_their_answers_is_seen_through(
    run: Shell, workspace: Path, site: Site
) -> None:
    feed = sites.rss("Ålarna är tillbaka")
    latin = site.says("/latin", feed, kind="application/rss+xml; charset=ISO-8859-1")
    packed = site.says("/packed.xml.gz", gzip.compress(feed.encode()), kind="application/x-gzip")
    posts = json.dumps([sites.post(site.url, 1, "en", twins=False)]).encode()
    warning = b"<br />\n<b>Warning</b>: Undefined variable in <b>/srv/x.php</b> on line <b>3</b><br />\n"
    site.answers["/wp-json/wp/v2/posts"] = lambda _: Reply(warning + posts, "application/json")
    sources(
        workspace,
        source("latin", latin, "feed"),
        source("packed", packed, "feed"),
        source("wordpress", f"{site.url}/wp-json/", "wordpress"),
        source("page", site.says("/page", "<!doctype html><html><body>Welcome</body></html>"), "feed"),
        source("nothing", site.says("/nothing", ""), "feed"),
    )
    said = fetched(run)
    assert [said[name]["error"] for name in ("latin", "packed", "wordpress")] == [None] * 3
    assert "Ålarna är tillbaka" in {one.title for one in pooled(workspace).values()}
    assert said["page"]["error"].partition(": ")[2].startswith("this is a web page, no feed")
    assert said["nothing"]["error"].partition(": ")[2].startswith("the server sent nothing")


def test_a_page_whose_sitemap_does_not_say_when_it_changed_is_read_again_after_a_week(site: Site) -> None:
    pages = [f"{site.url}/news/{number}" for number in range(1, 15)]
    for url in pages:
        body = f"<article><h1>News</h1><p>{sites.PARAGRAPH.format(n=7)}</p></article>"
        site.says(url.removeprefix(site.url), f"<html><head><title>News</title></head><body>{body}</body></html>")
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in pages)
    index = site.says("/sitemap.xml", f"<urlset>{entries}</urlset>", headers={"ETag": '"1"'})
    now = datetime(2026, 11, 20, tzinfo=UTC)
    client = Client(partial(guard.pin, allow_private=True))

    def visit(last: Last, days: int) -> Reading:
        return asyncio.run(
            sitemap.read(Source("s", "sitemap", index), site.url, client, last, now + timedelta(days=days))
        )

    first = visit(Last(), 0)
    assert len(first.items) == len(pages)
    known = replace(first.next, pages=dict(first.pages))
    assert visit(known, 6).unchanged
    later = visit(known, 7)
    # The sitemap has not changed, and a few of its pages may have.
    assert len(later.items) == sitemap.AGAIN
    assert not later.unchanged
    rest = visit(replace(known, pages={**known.pages, **dict(later.pages)}), 7)
    assert len(rest.items) == len(pages) - sitemap.AGAIN


def test_of_a_list_of_titles_the_pages_are_read_once(run: Shell, workspace: Path, site: Site) -> None:
    lines = "".join(f"<li><a href='/news/{n}'>Eels, part {n}</a> {n} November 2026</li>" for n in range(1, 5))
    site.says("/news/all", f"<html><body><h1>News</h1><ul>{lines}</ul></body></html>")
    for number in range(1, 5):
        site.says(f"/news/{number}", sites.page(number, f"{site.url}/news/{number}"))
    sources(workspace, source("list", f"{site.url}/news/all", "page"))
    fetched(run)
    found = pooled(workspace)
    assert {one.title for one in found.values()} == {f"Eels, part {n}" for n in range(1, 5)}
    assert all("The harbour cleaned its water" in one.text for one in found.values())
    site.asked.clear()
    fetched(run)
    assert [path for path, _ in site.asked] == ["/news/all"]


def test_a_page_that_only_leads_on_is_followed_once(run: Shell, workspace: Path, site: Site) -> None:
    def leads(path: str, to: str) -> str:
        refresh = f"<meta http-equiv='Refresh' content='0; URL={to}'>"
        return site.says(path, f"<html><head>{refresh}</head><body>Moved</body></html>")

    site.says("/feed", sites.rss("Eels return"), kind="application/rss+xml")
    site.says("/new/", "<link rel=alternate type=application/rss+xml href=/feed><p>Welcome</p>")
    sources(
        workspace,
        source("page", leads("/old", "/new/"), "auto"),
        source("feed", leads("/older", "/feed"), "auto"),
        source("loop", leads("/one", "/two"), "auto"),
    )
    leads("/two", "/one")
    said = fetched(run)
    assert [said[name]["error"] for name in ("page", "feed")] == [None, None]
    assert said["loop"]["error"].endswith("use the address where it ends")
    # What was found is read where it lies.
    asked = len(site.asked)
    assert [one["error"] for one in fetched(run, "page", "feed").values()] == [None, None]
    assert [path for path, _ in site.asked[asked:]] == ["/feed", "/feed"]


def test_a_sitemap_of_which_no_page_can_be_read_is_a_failure(run: Shell, workspace: Path, site: Site) -> None:
    url = f"{site.url}/news/mill"
    site.says("/news/mill", "no", status=403)
    site.says("/map.xml", f"<urlset><url><loc>{url}</loc></url></urlset>", kind="application/xml")
    sources(workspace, source("mill", f"{site.url}/map.xml", "sitemap"))
    assert run("fetch") == 1
    assert "the site refuses us (403)" in run.err
    # What is gone, or no article, is nothing to tell of.
    site.says("/news/mill", "no", status=404)
    assert run("fetch") == 0
    assert "mill: no articles" in run.err


def test_what_a_site_puts_on_all_its_pages_is_no_articles(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("bridges", sites.sitemap(site, 3), "sitemap"))
    logo = f"{site.url}/logo.png"
    for number in (1, 2, 3):
        for language, path in (("en", "en/bridge"), ("sv", "sv/bro")):
            page = sites.page(number, f"{site.url}/{path}-{number}", language=language)
            own = "/own.jpg" if number == 3 else "/logo.png"
            slogan = '<meta name="description" content="All bridges of the town."></head>'
            shown = page.replace(f"/b/{number}.jpg", own).replace("</article>", '<img src="/shown.jpg"></article>')
            shown = shown.replace("</head>", slogan if number < 3 else slogan.replace("All", "More"))
            site.says(f"/{path}-{number}", shown)
    fetched(run)
    pictures = {url: one.image.src for url, one in pooled(workspace).items() if one.image}
    assert set(pictures.values()) == {f"{site.url}/shown.jpg", f"{site.url}/own.jpg"}
    assert len(pictures) == 6
    told = {url: one.summary for url, one in pooled(workspace).items()}
    assert told[f"{site.url}/en/bridge-1"].startswith("The harbour cleaned its water for 1 days")
    assert told[f"{site.url}/en/bridge-3"] == "More bridges of the town."
    # One page more: what the site's own picture is was remembered.
    url = f"{site.url}/en/bridge-9"
    site.says("/en/bridge-9", sites.page(9, url).replace("/b/9.jpg", "/logo.png"))
    urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    site.says("/map/index.xml", f"{urlset}<url><loc>{url}</loc><lastmod>2026-11-20</lastmod></url></urlset>")
    assert fetched(run)["bridges"]["new"] == 1
    assert pooled(workspace)[url].image is None
    assert logo not in str(pooled(workspace))


def test_a_wordpress_site_in_a_folder_is_read_and_of_a_closed_one_the_feed_is_named(
    run: Shell, workspace: Path, site: Site
) -> None:
    posts = json.dumps([sites.post(site.url, 1, "en", False)]).encode()
    site.says("/blog/", "<p>Welcome</p>")
    site.answers["/blog/wp-json/wp/v2/posts"] = lambda _: Reply(posts, kind="application/json")
    site.answers["/shut/wp-json/wp/v2/posts"] = lambda _: Reply(b"{}", status=401)
    feed = '<link rel="alternate" type="application/rss+xml" href="/shut/feed/">'
    site.says("/shut/", f'<link rel="https://api.w.org/" href="/shut/wp-json/">{feed}<p>Welcome</p>')
    sources(
        workspace,
        source("blog", f"{site.url}/blog/", "wordpress"),
        source("shut", f"{site.url}/shut/", "wordpress"),
    )
    said = fetched(run)
    assert (said["blog"]["new"], said["blog"]["error"]) == (1, None)
    assert "refuses us (401)" in said["shut"]["error"]
    assert (
        said["shut"]["hint"] == f'take the feed that the site names: kind = "feed", url = "{site.url}/shut/feed/"'
    )


def test_a_page_of_a_sitemap_whose_answer_breaks_off_is_read_the_next_time(
    run: Shell, workspace: Path, site: Site
) -> None:
    sources(workspace, source("bridges", sites.sitemap(site, 2), "sitemap"))
    page = site.replies["/en/bridge-1"]
    cut = gzip.compress(page.body if isinstance(page.body, bytes) else b"")[:-9]
    site.says("/en/bridge-1", cut, headers={"Content-Encoding": "gzip"})
    first = fetched(run)["bridges"]["new"]
    site.replies["/en/bridge-1"] = page
    assert (first, fetched(run)["bridges"]["new"]) == (3, 1)


def test_the_page_of_an_entry_that_is_only_a_title_is_read_once_and_later_if_it_is_busy(
    run: Shell, workspace: Path, site: Site
) -> None:
    def entry(name: str, title: str) -> str:
        return f"<item><title>{title}</title><link>{site.url}/{name}</link><guid>{name}</guid></item>"

    bridge = sites.page(1, f"{site.url}/bridge", language="en")
    site.says("/bridge", bridge)
    site.says("/later", status=503)
    entries = entry("bridge", "A bridge") + entry("later", "Later") + entry("gone", "Gone")
    site.says("/feed", f"<rss><channel>{entries}</channel></rss>", kind="text/xml", headers={"ETag": '"1"'})
    sources(workspace, source("titles", f"{site.url}/feed", "auto"))
    assert fetched(run)["titles"]["new"] == 3
    found = pooled(workspace)
    assert len(found[f"{site.url}/bridge"].text) > 200
    assert found[f"{site.url}/bridge"].title == "A bridge"
    assert found[f"{site.url}/gone"].text == ""
    site.says("/later", bridge.replace("bridge", "pier"))
    asked = len(site.asked)
    assert fetched(run)["titles"]["updated"] == 1
    assert [path for path, _ in site.asked[asked:]] == ["/feed", "/later"]
    assert len(pooled(workspace)[f"{site.url}/later"].text) > 200
    run("fetch")
    assert "titles: nothing new since last time" in run.err
    assert len(pooled(workspace)[f"{site.url}/bridge"].text) > 200


@pytest.mark.parametrize("is_source", [False, True])
def test_a_feed_of_one_language_tells_once_where_its_site_speaks_another(
    run: Shell, workspace: Path, site: Site, is_source: bool
) -> None:
    feed = site.says("/feed/", sites.rss("The quay"), kind="application/rss+xml")
    links = (
        f"<link rel='alternate' hreflang='sv' href='{site.url}/sv/'><link rel='alternate' hreflang='en' href='/'>"
    )
    head = f"<title>Norrvik</title>{links}<link rel='alternate' type='application/rss+xml' href='{feed}'>"
    site.says("/", f"<html lang='en'><head>{head}</head><body><h1>Norrvik</h1></body></html>")
    both = (source("town", f"{site.url}/", "auto"), source("svenska", f"{site.url}/sv", "auto"))
    sources(workspace, *both[: 1 + is_source])
    others = [] if is_source else [f"{site.url}/sv/"]
    assert [fetched(run, "town")["town"]["others"] for _ in range(2)] == [others, []]


def test_where_a_site_speaks_another_language_is_told_in_words(run: Shell, workspace: Path, site: Site) -> None:
    feed = site.says("/feed/", sites.rss("The quay"), kind="application/rss+xml")
    links = "<link rel='alternate' hreflang='sv' href='/sv/'>"
    head = f"<title>Norrvik</title>{links}<link rel='alternate' type='application/rss+xml' href='{feed}'>"
    site.says("/", f"<html lang='en'><head>{head}</head><body><h1>Norrvik</h1></body></html>")
    sources(workspace, source("town", f"{site.url}/", "auto"))
    assert run("fetch") == 0
    assert f"it speaks another language at {site.url}/sv/: give that a [[source]] of its own" in run.err
