"""Find the title of a page: what it tells programs or shows its readers, without the name of its site."""

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml import html

from newsletter.reading.html import untitled
from newsletter.reading.html.element import first_words, meta, words_of

#: What stands between a title and the name of its site.
BETWEEN = r"\s+[|–—·•:»›-]{1,2}\s+"
#: The name of a file or a program's word for an article: ``summer-party-2025``.
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
#: Headings are looked for in so many.
MOST = 50
#: The shortest name of a site that is known by its address, in characters.
SHORTEST = 3


def title(root: html.HtmlElement, headline: str, url: str) -> str:
    """Return the article's title without the name of the site, "" for a page at *url* that has none.

    *headline* is what the page tells programs in JSON-LD.
    """
    heading = shown(root)
    names = untitled.sites(root, url)
    offered = (told(root, headline), heading, first_words(root, "descendant::title/text()"))
    found = next((one for one in offered if one and one.strip(" |–—·:-") not in names), "")
    return "" if untitled.is_missing(found) else _own(found, heading, meta(root, "og:site_name"), url)


def told(root: html.HtmlElement, headline: str) -> str:
    """Return the title that a page tells programs, "" for none.

    A *headline* that neither the page's own title nor its heading knows says something else of the page.
    """
    heading, named, other = shown(root), first_words(root, "descendant::title/text()"), meta(root, "og:title")
    confirmed = heading and named.startswith(heading) and (not other or other.startswith(heading))
    same = headline.casefold() in named.casefold() or heading.casefold() in headline.casefold()
    said = other if SLUG.fullmatch(headline) or (confirmed and not same) else headline or other
    return "" if heading and SLUG.fullmatch(said) else said


def shown(root: html.HtmlElement) -> str:
    """Return the heading that the page's own title begins with, else the first that is no logo."""
    found = [words for one in root.iter("h1", "h2") if (words := words_of(one))]
    named = first_words(root, "descendant::title/text()")
    logo = first_words(
        root,
        "descendant::h1[ancestor::header and (ancestor::a or descendant::a)]"
        "[not(ancestor::main or ancestor::article)]",
    )
    if logo and named.startswith(logo) and any(named.endswith(words) for words in found if words != logo):
        # The site's name stands first, in its title and on its page.
        return next(words for words in found if words != logo and named.endswith(words))
    places = (
        "descendant::h1[ancestor::article]",
        "descendant::h1[ancestor::main]",
        "descendant::h1[not(ancestor::header)]",
        "descendant::h1",
    )
    first = (words for place in places if (words := first_words(root, place)))
    begins = next((words for words in found if named.startswith(words)), "")
    return begins or _beside(root, named) or next(first, "")


def _beside(root: html.HtmlElement, named: str) -> str:
    """Return the heading that is all of what a page is *named* but its site's name, before or behind it; or "".

    It is one of the third level only where those of the first lead to the site.
    """
    linked = all(one.find(".//a") is not None for one in root.iter("h1"))
    for one in islice(root.iter("h1", "h2", *(("h3",) if linked else ())), MOST):
        words = words_of(one)
        if words and (
            (named.startswith(words) and re.fullmatch(rf"{BETWEEN}\S.*", named[len(words) :]))
            or (
                named.endswith(words)
                and re.fullmatch(rf"\S.*{BETWEEN}", named[: -len(words)])
                and 2 * len(words) > len(named)
                and one.find(".//a") is None
            )
        ):
            return words
    return ""


def _own(title: str, heading: str, site: str, url: str) -> str:
    """Return a page's *title* without the name of its *site*, or the part of it that the *heading* begins with."""
    if heading and (found := re.fullmatch(rf"({re.escape(heading)}){BETWEEN}\S.*", title, re.IGNORECASE)):
        return str(found[1])
    if site and (found := re.fullmatch(rf"(.+){BETWEEN}{re.escape(site)}", title)):
        title = found[1]
    if site and heading and re.fullmatch(rf"{re.escape(site)}{BETWEEN}{re.escape(heading)}", title):
        # Some name the site before the page.
        return heading
    first, *others = re.split(BETWEEN, title)
    if heading.startswith(f"{first} ") and heading[len(first) + 1].isalnum():
        # Something stands behind the title in its heading, too: "for members".
        return first
    if others and _is_host(first, url):
        return title[title.index(others[0], len(first)) :]
    sited = others and _is_host(others[-1], url)
    return title[: title.rindex(others[-1])].rstrip(" |–—·•:»›-") if sited else title


def _is_host(name: str, url: str) -> bool:
    """Whether a site is called *name* by its address."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return len(name) >= SHORTEST and name.casefold().removeprefix("www.") in {host, host.partition(".")[0]}
