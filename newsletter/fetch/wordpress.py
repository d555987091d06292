"""Read the posts of a WordPress site page by page: all that are recent the first time, then only what changed."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from newsletter.errors import NewsletterError, SourceError
from newsletter.fetch.http import Answer, Client, TooLargeError, UnclearError
from newsletter.fetch.port import Last, Listing, Reading
from newsletter.model import RawItem, Source
from newsletter.reading import discovery, value
from newsletter.reading.calendars import eventlist
from newsletter.reading.charset import decode
from newsletter.reading.feeds import wordpress as posts
from newsletter.reading.pages import whole

#: Posts an answer: WordPress allows 100, and large ones of those pass our limit of bytes.
PER_PAGE = 50
#: Posts an answer where so many were too large.
FEW = 10
#: The most languages that are asked for one by one.
LANGUAGES = 5
#: The most posts the first time; a monthly letter needs the newest few dozen.
MOST = 300
#: What an API names in the place of a type of posts, and which is none.
NO_TYPES = frozenset(
    {"categories", "tags", "users", "media", "comments", "types", "statuses", "taxonomies", "search"}
)
TYPE = re.compile(r"/wp/v2/([a-z0-9_-]+)/?$")
#: What is asked of posts to know that they are there.
LISTED_FIELDS = "id,link,title,date,date_gmt,content.protected,wpml_current_locale,wpml_translations"
#: The most pages of the site that are asked for their translations, where the API does not tell them; and how many
#: of the first may have none until no more are.
ASKED, NONE = 40, 4


def places(url: str) -> list[str]:
    """Return where the API of the site at *url* lies unless it was moved: at its root, or in the site's folder."""
    return list(dict.fromkeys((urljoin(url, "/wp-json/"), urljoin(url, "wp-json/"))))


async def read(source: Source, client: Client, last: Last) -> Reading:
    """Return the posts of the API at *source*'s address that are new or changed since *last*.

    *last.mark* is when the latest post came out or was changed, on the site's own clock. Raise SourceError or
    TryAgainError.
    """
    try:
        found = await _all(source, client, last, PER_PAGE)
    except (TooLargeError, UnclearError):
        # Some sites give no more than ten or twenty at once, and refuse who asks for more.
        found = await _all(source, client, last, FEW)
    shown = await _shown(source, client) if last.mark else []
    # A post that was written before and came out since, by its schedule, has not changed.
    found += await _numbered(source, client, posts.appeared(chain(*shown), found, last.mark))
    # A translation has its own category, so that the whole site is asked.
    whole = [*found, *await _numbered(replace(source, url=_unparted(source.url)), client, posts.translated(found))]
    items = posts.items(whole, source, source.url)
    if not any(item.translations for item in items):
        items = await _asked(client, items)
    following = Last(kind="wordpress", url=source.url, mark=max(last.mark, posts.latest(found)))
    return Reading(items, bool(last.mark) and not items, following, listed=_listing(shown))


async def _shown(source: Source, client: Client) -> list[list[value.Table]]:
    """Return the newest posts that the site shows to everybody now, without their texts, in each of its languages.

    Return nothing where the site does not say; WPML tells of one language each.
    """
    found, languages = [], [""]
    for language in languages:
        wanted = {"per_page": str(PER_PAGE), "status": "publish", "_fields": LISTED_FIELDS}
        wanted |= {"lang": language} if language else {}
        try:
            found.append(_posts(await client.get(_address(source.url, wanted))))
        except NewsletterError:
            return []
        if not language:
            languages += posts.languages(found[0])[:LANGUAGES]
    return found


def _listing(shown: Iterable[list[value.Table]]) -> Listing | None:
    """Return what a site has, by the posts that it shows, None where it shows none."""
    urls, begins = set(), []
    for part in shown:
        urls |= {value.text(post.get("link")) for post in part if not posts.is_protected(post)}
        days = [day for post in part if (day := value.moment(post.get("date_gmt")))]
        begins += [min(days)] if days and len(part) >= PER_PAGE else []
    return Listing(frozenset(urls), max(begins, default=None)) if urls else None


async def _all(source: Source, client: Client, last: Last, size: int) -> list[value.Table]:
    """Return the posts in every language; WPML gives one at a time."""
    found = await _language(source, client, last, size, "")
    known = {value.number(post.get("id")) for post in found}
    for language in posts.languages(found)[:LANGUAGES]:
        for post in await _language(source, client, last, size, language):
            if value.number(post.get("id")) not in known:
                known.add(value.number(post.get("id")))
                found.append(post)
    return found


async def _language(source: Source, client: Client, last: Last, size: int, language: str) -> list[value.Table]:
    """Return the posts in one language, "" for what the site gives by itself, page by page."""
    wanted = {"_embed": "1", "per_page": str(size), "status": "publish"}
    if last.mark:
        wanted |= {"modified_after": last.mark, "orderby": "modified"}
    elif source.since:
        wanted["after"] = source.since.strftime("%Y-%m-%dT%H:%M:%S")
    if language:
        wanted["lang"] = language
    found: list[value.Table] = []
    for page in range(1, MOST // size + 1):
        try:
            answer = await client.get(_address(source.url, wanted | {"page": str(page)}))
            part = _posts(answer)
        except TooLargeError:
            raise
        except SourceError:
            # Some sites name more pages than they have: what came before stays good.
            if page > 1:
                break
            raise
        fresh = [post for post in part if value.text(post.get("modified")) > last.mark]
        found += fresh
        # A site older than WordPress 5.7 knows no modified_after and gives everything: its newest page is enough.
        ignored = bool(last.mark) and len(fresh) < len(part)
        # A site may give fewer than it was asked for, and name how many pages it has by that.
        pages = value.number(answer.headers.get("x-wp-totalpages", ""))
        if ignored or not part or (page >= pages if pages else len(part) < size):
            break
    return found


async def _numbered(source: Source, client: Client, numbers: Iterable[int]) -> list[value.Table]:
    """Return the newest posts of *numbers*, none where the site does not give them."""
    wanted = sorted(numbers)[-PER_PAGE:]
    if not wanted:
        return []
    included = ",".join(map(str, wanted))
    asked = {"_embed": "1", "per_page": str(PER_PAGE), "include": included, "lang": ""}
    try:
        return _posts(await client.get(_address(source.url, asked)))
    except SourceError:
        return []


async def _asked(client: Client, items: tuple[RawItem, ...]) -> tuple[RawItem, ...]:
    """Return *items* with the translations that their pages name; no more are asked if the first few have none."""
    asked = []
    for item in items[:ASKED]:
        try:
            answer = await client.get(item.url)
            others = whole.translations(decode(answer.data or b"", answer.charset), answer.url)
        except SourceError:
            others = ()
        asked.append(replace(item, translations=others))
        if len(asked) == NONE and not any(one.translations for one in asked):
            break
    return (*asked, *items[len(asked) :])


def _posts(answer: Answer) -> list[value.Table]:
    text = decode(answer.data or b"", answer.charset or "utf-8")
    found = posts.posts(value.document(text))
    if found is None:
        remedy = 'check the address in a browser, or take the site\'s feed: kind = "feed"'
        raise SourceError("this is no WordPress API", where=answer.url, remedy=remedy)
    return found


def _unparted(api: str) -> str:
    """Return the address of the whole API where *api* is that of a part of it."""
    parts = urlsplit(api)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in discovery.PARTS.values()]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _address(api: str, wanted: dict[str, str]) -> str:
    """Return the address of posts under *api*, which may be a path or, without permalinks, a query.

    An *api* that names a type of posts, as ``/wp/v2/event`` does, is asked for that.
    """
    parts = urlsplit(api)
    query = dict(parse_qsl(parts.query))
    if "rest_route" in query:
        query["rest_route"] = _route(query["rest_route"])
        return urlunsplit(parts._replace(query=urlencode(query | wanted)))
    return urlunsplit(parts._replace(path=_route(parts.path), query=urlencode(query | wanted)))


def _route(path: str) -> str:
    found = TYPE.search(path)
    kind = found[1] if found and found[1] not in NO_TYPES else "posts"
    return f"{path.partition('/wp/v2')[0].rstrip('/')}/wp/v2/{kind}"


def is_api(url: str) -> bool:
    """Whether an address is that of the API of posts itself."""
    return ("/wp-json" in url or "rest_route=" in url) and not eventlist.is_address(url)
