"""Laws of fetching WordPress sites: posts, categories, twins and changes, whatever its plugins are."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests import sites
from tests.newsletter.fetch.test_fetch_feed import RSS
from tests.shell import Shell, fetched, pooled, source, sources
from tests.sourceserver import Reply, Site


def test_a_wordpress_site_is_read_page_by_page_with_its_pictures_names_and_twins(
    run: Shell, workspace: Path, site: Site
) -> None:
    sources(workspace, source("wp", sites.wordpress(site), "wordpress"))
    fetched(run)
    found = pooled(workspace)
    assert len(found) == 120
    one = found[f"{site.url}/en/eels-1/"]
    twin = found[f"{site.url}/sv/eels-2/"]
    assert (one.title, twin.title) == ("The eels – they’re back, week 1", "Ålarna är tillbaka, vecka 1")
    assert (one.language, twin.language) == ("en", "sv")
    assert (one.author, one.tags) == ("Maja Ek", ("Sea & shore", "eels"))
    assert one.published
    assert one.published.isoformat() == "2026-10-02T08:00:00+00:00"
    assert one.image
    assert (one.image.src, one.image.alt, one.image.width) == (f"{site.url}/up/1-1024.jpg", "Eels & water", 1024)
    assert f"{site.url}/up/1-small.jpg" in one.text
    assert (one.twins, twin.twins) == ((twin.key,), (one.key,))
    assert one.summary.startswith("The harbour cleaned its water for 1 days, and the eels")


def test_the_page_of_a_category_is_its_posts_and_their_translations(
    run: Shell, workspace: Path, site: Site
) -> None:
    sites.wordpress(site)
    sources(workspace, source("eels", f"{site.url}/category/eels/", "auto"))
    fetched(run)
    found = pooled(workspace)
    numbers = {one["link"]: one["id"] for one in site.posts}
    assert {numbers[url] % 10 for url in found} == {3, 4}
    assert len(found) == 24


def test_a_site_in_a_folder_is_read_by_its_api_and_not_by_its_feed(
    run: Shell, workspace: Path, site: Site
) -> None:
    sites.wordpress(site, 5)
    head = f"<link rel='https://api.w.org/' href='{site.url}/harbour/wp-json/'>"
    head += f'<link rel="alternate" type="application/rss+xml" href="{site.url}/harbour/feed/">'
    site.says("/harbour/", f"<html><head><title>Harbour</title>{head}</head><body>Welcome</body></html>")
    site.says("/harbour/feed/", RSS, kind="application/rss+xml")
    site.answers["/harbour/wp-json/wp/v2/posts"] = site.answers["/wp-json/wp/v2/posts"]
    sources(workspace, source("harbour", f"{site.url}/harbour/", "auto"))
    said = fetched(run)["harbour"]
    assert (said["kind"], said["new"]) == ("wordpress", 10)


def test_a_post_with_nothing_but_an_excerpt_says_that_and_not_what_its_theme_writes(
    run: Shell, workspace: Path, site: Site
) -> None:
    sites.wordpress(site, 1, twins=False)
    said = "The harbour office closes at three on Friday, and opens again on Monday."
    one = site.posts[0]
    one |= {"content": {"rendered": ""}, "excerpt": {"rendered": f"<p>{said}</p>"}}
    filed = "<p>—</p><p>by</p><p>editor</p><p>in <a href='/c/news'>News from the harbour and the town</a></p>"
    page = f"<html><body><main><h1>The eels are back again this week</h1>{filed}</main></body></html>"
    site.says(one["link"].removeprefix(site.url), page)
    sources(workspace, source("wp", f"{site.url}/", "wordpress"))
    fetched(run)
    assert pooled(workspace)[one["link"]].text == said


def test_an_archive_with_a_feed_of_its_own_is_that_and_not_the_sites_posts(
    run: Shell, workspace: Path, site: Site
) -> None:
    sites.wordpress(site)
    api = f"<link rel='https://api.w.org/' href='{site.url}/wp-json/'>"
    feeds = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="Harbour » {name}" href="{site.url}{path}">'
        for name, path in (("Flöde", "/feed/"), ("Kommentarer", "/boats/c/feed/"), ("Boats Feed", "/boats/feed/"))
    )
    site.says("/boats/", f"<html><head>{api}{feeds}</head><body>Boats</body></html>")
    site.says("/boats/feed/", RSS, kind="application/rss+xml")
    sources(workspace, source("boats", f"{site.url}/boats/", "auto"))
    fetched(run)
    assert {one.title for one in pooled(workspace).values()} == {"Kelp & kaffe", "Second"}


def test_only_what_changed_on_a_wordpress_site_is_asked_for(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("wp", sites.wordpress(site, 5), "wordpress"))
    fetched(run)
    changed = site.posts[0] | {
        "modified": "2026-11-20T08:00:00",
        "content": {"rendered": "<p>Corrected words.</p>"},
    }
    site.posts[0] = changed
    site.posts.append(sites.post(site.url, 11, "en", True) | {"modified": "2026-11-21T08:00:00"})
    said = fetched(run)["wp"]
    # The changed one brings its twin, which has not changed.
    assert (said["new"], said["updated"], said["unchanged"]) == (1, 1, 1)
    assert any("modified_after=2026-10-06" in path for path, _ in site.asked)
    assert pooled(workspace)[f"{site.url}/en/eels-1/"].text == "Corrected words."


@pytest.mark.parametrize("how", ["taken down", "a password"])
def test_a_post_that_its_site_withdraws_leaves_the_pool_and_is_told(
    run: Shell, workspace: Path, site: Site, how: str
) -> None:
    sources(workspace, source("wp", sites.wordpress(site, 5), "auto"))
    fetched(run)
    for one in site.posts:
        site.says(one["link"].removeprefix(site.url), "<html><body><p>Here it is.</p></body></html>")
    away, kept = site.posts[0], site.posts[2]
    assert run("articles", "pin", kept["link"]) == 0
    for one in (away, kept):
        path = one["link"].removeprefix(site.url)
        if how == "a password":
            one["content"] = {"rendered": "", "protected": True}
            form = "<form action='/wp-login.php?action=postpass' class='post-password-form' method='post'></form>"
            site.says(path, f"<html><body><article class='post-password-required'>{form}</article></body></html>")
        else:
            site.posts.remove(one)
            site.says(path, status=404)
    # What another plugin hides from the list, and its page shows to everybody, is no retraction.
    site.posts.pop(3)
    issue = workspace / "issues" / "2026-12" / "issue.md"
    issue.parent.mkdir(parents=True)
    key = away["link"].rstrip("/")
    issue.write_text(f'---\nsubject: A\nlist: monthly\n---\n::: story {{src="{key}"}}\n## A\n\nB\n:::\n')
    assert run("fetch") == 0
    assert "“The eels – they’re back, week 1” was withdrawn" in run.err
    assert "it stands in issue 2026-12" in run.err
    found = pooled(workspace)
    assert (away["link"] in found, kept["link"] in found, len(found)) == (False, True, 9)
    assert run("fetch") == 0
    assert "nothing new since last time" in run.err
    assert "withdrawn" not in run.err
    (told,) = _withdrawn(run)
    assert (told["level"], told["place"]) == ("warning", "issues/2026-12/issue.md:5")
    assert "its source withdrew “A”" in told["message"]
    assert "delete the block" in told["remedy"]
    # It comes back.
    again = {"content": {"rendered": "<p>They are back again.</p>"}, "modified": "2026-11-25T08:00:00"}
    site.posts[:] = [away | again, *(one for one in site.posts if one is not away)]
    site.says(away["link"].removeprefix(site.url), "<html><body><p>They are back again.</p></body></html>")
    assert run("fetch") == 0
    assert _withdrawn(run) == []
    # Where nothing was ever fetched nothing is known.
    (workspace / "articles.db").unlink()
    assert _withdrawn(run) == []


def _withdrawn(run: Shell) -> list[dict[str, str]]:
    """Return what `check` says of withdrawn articles."""
    run("check", "2026-12", "--offline", "--no-spam", "--json")
    return [one for one in json.loads(run.out)["findings"] if one["id"] == "article-withdrawn"]


def test_a_post_that_comes_out_by_its_schedule_is_new_though_it_was_written_before(
    run: Shell, workspace: Path, site: Site
) -> None:
    sources(workspace, source("wp", sites.wordpress(site, 5, twins=False), "wordpress"))
    fetched(run)
    later = sites.post(site.url, 12, "sv", False) | {
        "date": "2026-11-20T08:00:00",
        "modified": "2026-10-01T08:00:00",
    }
    site.posts.append(later)
    said = fetched(run)["wp"]
    assert (said["new"], said["updated"]) == (1, 0)
    assert later["link"] in pooled(workspace)
    asked = len(site.asked)
    assert fetched(run)["wp"]["unchanged"] == 0
    assert not [path for path, _ in site.asked[asked:] if "include" in path]


def test_where_a_site_does_not_say_what_it_has_nothing_is_withdrawn(
    run: Shell, workspace: Path, site: Site
) -> None:
    sources(workspace, source("wp", sites.wordpress(site, 5), "wordpress"))
    fetched(run)
    before = site.answers["/wp-json/wp/v2/posts"]
    site.answers["/wp-json/wp/v2/posts"] = lambda path: Reply(status=500) if "_fields" in path else before(path)
    site.posts.clear()
    assert fetched(run)["wp"]["gone"] == []
    assert len(pooled(workspace)) == 10


def test_a_translation_that_comes_by_its_number_only_is_fetched_too(
    run: Shell, workspace: Path, site: Site
) -> None:
    sites.wordpress(site, 30)
    site.posts[1]["date"] = site.posts[1]["modified"] = "2020-01-01T00:00:00"
    sources(workspace, source("wp", site.url + "/", "wordpress") + "since = 2026-10-01\n")
    assert fetched(run)["wp"]["error"] is None
    assert any("include=2" in path for path, _ in site.asked)
    assert f"{site.url}/sv/eels-2/" in pooled(workspace)


@pytest.mark.parametrize("alone", [(), (1, 2), (5, 6)])
def test_a_wordpress_site_that_names_no_translations_is_asked_by_its_pages(
    run: Shell, workspace: Path, site: Site, alone: tuple[int, ...]
) -> None:
    sites.wordpress(site, 3, twins=False)
    for number in {*range(1, 7)} - {*alone}:
        own, other = ("en", "sv") if number % 2 else ("sv", "en")
        twin = f"{site.url}/{other}/eels-{number + 1 if number % 2 else number - 1}/"
        site.says(
            f"/{own}/eels-{number}/",
            f'<html><head><link rel="alternate" hreflang="{other}" href="{twin}"></head></html>',
        )
    sources(workspace, source("wp", site.url, "wordpress"))
    fetched(run)
    found = pooled(workspace)
    assert found[f"{site.url}/en/eels-3/"].twins == (found[f"{site.url}/sv/eels-4/"].key,)
    assert "/en/eels-3/" in {path for path, _ in site.asked}


def test_wpml_names_its_translations(run: Shell, workspace: Path, site: Site) -> None:
    sites.wordpress(site, 1, twins=False)
    english, swedish = site.posts
    english |= {
        "wpml_current_locale": "en_US",
        "wpml_translations": [{"locale": "sv_SE", "id": 2, "href": swedish["link"]}],
    }
    sources(workspace, source("wp", site.url + "/wp-json/", "wordpress"))
    fetched(run)
    assert pooled(workspace)[english["link"]].twins == (f"{site.url}/sv/eels-2",)


def test_what_a_site_says_of_a_posts_language_goes_before_what_its_source_is_said_to_be(
    run: Shell, workspace: Path, site: Site
) -> None:
    said = source("wp", sites.wordpress(site, 2), "wordpress") + 'language = "sv"\n'
    site.posts[2].pop("lang")
    sources(workspace, said)
    fetched(run)
    languages = {url.removeprefix(site.url): one.language for url, one in pooled(workspace).items()}
    assert languages == {"/en/eels-1/": "en", "/sv/eels-2/": "sv", "/en/eels-3/": "sv", "/sv/eels-4/": "sv"}


def test_wpml_gives_one_language_at_a_time_and_both_are_read(run: Shell, workspace: Path, site: Site) -> None:
    sites.wordpress(site, 2, twins=False)
    everything = site.posts
    for number, one in enumerate(everything):
        other = everything[number + 1 if number % 2 == 0 else number - 1]
        own, theirs = ("en_US", "sv_SE") if number % 2 == 0 else ("sv_SE", "en_US")
        one |= {"wpml_current_locale": own, "wpml_translations": [{"locale": theirs, "href": other["link"]}]}
    answer = site.answers["/wp-json/wp/v2/posts"]

    def by_language(path: str) -> object:
        wanted = "sv_SE" if "lang=sv" in path else "en_US"
        site.posts = [one for one in everything if one["wpml_current_locale"] == wanted]
        return answer(path)

    site.answers["/wp-json/wp/v2/posts"] = by_language
    sources(workspace, source("wp", site.url + "/wp-json/", "wordpress"))
    assert fetched(run)["wp"]["new"] == 4
    found = pooled(workspace)
    assert found[f"{site.url}/en/eels-3/"].twins == (found[f"{site.url}/sv/eels-4/"].key,)


def test_a_wordpress_site_with_large_posts_is_read_in_smaller_parts(
    run: Shell, workspace: Path, site: Site
) -> None:
    sites.wordpress(site, 10)
    for one in site.posts:
        one["content"] = {"rendered": f"<p>{'Water and eels and kelp. ' * 16_000}</p>"}
    sources(workspace, source("wp", site.url + "/wp-json/", "wordpress"))
    assert fetched(run)["wp"]["new"] == 20


def test_a_wordpress_site_that_shuts_its_api_is_read_by_its_feed(run: Shell, workspace: Path, site: Site) -> None:
    sites.atom(site, 4)
    page = site.replies["/blog/"].body.replace(
        b"<head>", b"<head><link rel='https://api.w.org/' href='/wp-json/'>"
    )
    site.says("/blog/", page)
    site.says("/wp-json/wp/v2/posts", status=401)
    sources(workspace, source("blog", site.url + "/blog/", "auto"))
    assert (fetched(run)["blog"]["kind"], fetched(run)["blog"]["unchanged"]) == ("feed", 0)
    assert len(pooled(workspace)) == 4


def test_a_wordpress_site_that_names_more_pages_than_it_has_gives_those_it_has(
    run: Shell, workspace: Path, site: Site
) -> None:
    posts = [sites.post(site.url, number, "en", twins=False) for number in range(1, 51)]

    def answer(path: str) -> Reply:
        if "page=1" in path.split("&"):
            return Reply(json.dumps(posts).encode(), "application/json", headers={"X-WP-TotalPages": "4"})
        return Reply(b'{"code": "rest_post_invalid_page_number"}', "application/json", 400)

    site.answers["/wp-json/wp/v2/posts"] = answer
    sources(workspace, source("wp", f"{site.url}/wp-json/", "wordpress"))
    said = fetched(run)["wp"]
    assert (said["new"], said["error"]) == (50, None)


def typed(site: Site) -> None:
    """Let the site have three projects, a type of its own, of which its API tells no more than the titles."""
    sites.wordpress(site, 2)
    projects = [
        sites.post(site.url, number, "en", False)
        | {"id": number, "link": f"{site.url}/projects/{number}/", "content": {"rendered": ""}}
        for number in (101, 102, 103)
    ]
    for one in projects:
        one["excerpt"] = {"rendered": "<p>What it is about.</p>"}
        number = one["id"]
        words = f"<p>{sites.PARAGRAPH.format(n=number)}</p>" * 2
        head = "<html><head><title>Eels</title></head><body><main><article><h1>Eels</h1>"
        site.says(f"/projects/{number}/", f"{head}{words}</article></main></body></html>")
    del site.replies["/projects/103/"]
    said = Reply(json.dumps(projects).encode(), "application/json")
    site.answers["/wp-json/wp/v2/project"] = lambda _: said


@pytest.mark.parametrize(
    ("place", "kind"),
    [("/wp-json/wp/v2/project", "wordpress"), ("/wp-json/wp/v2/project", "auto"), ("/projects/", "auto")],
    ids=["named", "found", "page"],
)
def test_a_type_of_a_sites_own_is_read_and_what_its_api_leaves_out_from_its_pages(
    run: Shell, workspace: Path, site: Site, place: str, kind: str
) -> None:
    typed(site)
    sources(workspace, source("work", site.url + place, kind))
    fetched(run)
    found = pooled(workspace)
    assert set(found) == {f"{site.url}/projects/{number}/" for number in (101, 102, 103)}
    assert "for 101 days" in found[f"{site.url}/projects/101/"].text
    assert found[f"{site.url}/projects/101/"].title == "The eels – they’re back, week 51"
    # A page that is not there takes nothing away.
    assert found[f"{site.url}/projects/103/"].text == "What it is about."
    site.asked.clear()
    fetched(run)
    assert not [path for path, _ in site.asked if path.startswith("/projects/1")]


def test_the_calendar_of_a_wordpress_site_is_its_events_with_day_and_place(
    run: Shell, workspace: Path, site: Site
) -> None:
    typed(site)
    events = [
        {"@type": "Event", "name": f"Eel day {n}", "url": f"{site.url}/eel-{n}/", "description": sites.PARAGRAPH}
        | {"startDate": f"2027-01-1{n}T18:00:00+01:00", "location": {"@type": "Place", "name": "Quay"}}
        for n in (1, 2)
    ]
    said = f'<script type="application/ld+json">{json.dumps(events)}</script>'
    page = site.replies["/projects/"].body.decode().replace("</head>", f"{said}</head>")
    site.says("/projects/", page)
    sources(workspace, source("work", f"{site.url}/projects/", "auto"))
    fetched(run)
    found = pooled(workspace)
    assert {one.title for one in found.values()} == {"Eel day 1", "Eel day 2"}
    assert "2027-01-11 18:00 | Eel day 1 | Quay" in found[f"{site.url}/eel-1/"].text


def test_warnings_above_the_posts_are_no_posts(run: Shell, workspace: Path, site: Site) -> None:
    post = {
        "link": f"{site.url}/one/",
        "title": {"rendered": "One"},
        "content": {"rendered": "<p>The eels came back.</p>"},
        "modified": "2026-10-02T08:00:00",
    }
    page = f"<b>Warning</b>: [{{}}] and [{{x in /srv/a.php\n{json.dumps([post])}"
    site.answers["/wp-json/wp/v2/posts"] = lambda path: Reply(page.encode())
    sources(workspace, source("wp", f"{site.url}/wp-json/", "wordpress"))
    assert fetched(run)["wp"]["new"] == 1


@pytest.mark.parametrize("refuses", [True, False])
def test_a_site_that_gives_few_posts_at_once_is_read_to_its_end(
    run: Shell, workspace: Path, site: Site, *, refuses: bool
) -> None:
    body = "<p>The eels came back to the harbour, and nobody had counted on them.</p>"

    def answer(path: str) -> Reply:
        asked = dict(parse_qsl(path.partition("?")[2]))
        if refuses and int(asked["per_page"]) > 20:
            return Reply(b'{"code": "rest_invalid_param"}', "application/json", 400)
        first = (int(asked["page"]) - 1) * 10
        page = [
            {"id": number, "link": f"{site.url}/{number}/", "title": {"rendered": f"Eel {number}"},
             "content": {"rendered": f"{body}<p>It is number {number}.</p>"}, "modified": "2026-10-02T08:00:00"}
            for number in range(first, min(first + 10, 25))
        ]  # fmt: skip
        return Reply(json.dumps(page).encode(), "application/json", headers={"X-WP-TotalPages": "3"})

    site.answers["/wp-json/wp/v2/posts"] = answer
    sources(workspace, source("wp", f"{site.url}/wp-json/", "wordpress"))
    assert fetched(run)["wp"]["new"] == 25
