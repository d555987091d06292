"""Give a heading to news on a list that have none: terms with a text each, and links that hold a title and a text.

Changes the tree, so that `cards`, beside it, finds what stands side by side, each under a linked heading.
"""

import re
from itertools import islice, takewhile

from lxml.html import HtmlElement

from newsletter.reading.html.element import words_of

#: Fewer than this are no list of news; a text of fewer characters is no text; more are an archive.
FEWEST, LINE, MOST = 3, 25, 100
TITLE = re.compile(r"(?:^|[\s_-])(?:title|heading|headline|rubrik)(?:$|[\s_-])", re.IGNORECASE)


def head(root: HtmlElement) -> None:
    """Give the news on the page *root* that have no heading one."""
    _lower(root)
    for around in {one.getparent() for one in islice(root.iter("h2", "h3"), MOST)}:
        _part(around)
    for terms in list(root.iter("dl")):
        _box(terms)
    for link in islice(root.iter("a"), 5 * MOST):
        _open(link)


def _lower(root: HtmlElement) -> None:
    """Let the titles of several articles, each an h1 that leads on, be headings under that of the page."""
    titles = [list(one.iter("h1")) for one in root.iter("article")]
    linked = [
        found[0] for found in titles if len(found) == 1 and found[0].xpath("descendant::a[@href]|ancestor::a")
    ]
    for title in linked if len(linked) >= FEWEST else ():
        title.tag = "h2"


def _part(around: HtmlElement) -> None:
    """Let each heading with what stands under it be a box, if several stand loose and all of them lead on."""
    headings = [one for one in islice(around, 5 * MOST) if one.tag in {"h2", "h3"}]
    linked = all(one.find(".//a[@href]") is not None for one in headings)
    if not FEWEST <= len(headings) <= MOST or len({one.tag for one in headings}) > 1 or not linked:
        return
    parts = [
        list(takewhile(lambda one: one.tag not in {"h2", "h3"}, heading.itersiblings())) for heading in headings
    ]
    # What stands under the last one may be of the whole page.
    longest = max(map(len, parts[:-1]))
    for heading, part in zip(headings, parts, strict=True):
        box = heading.makeelement("div")
        heading.addprevious(box)
        for one in (heading, *part[:longest]):
            box.append(one)


def _box(terms: HtmlElement) -> None:
    """Let each term with what is said of it be a box, if each leads to a page and has a text or a day."""
    groups: list[list[HtmlElement]] = []
    for part in islice(terms, 2 * MOST):
        if part.tag == "dt" and (not groups or groups[-1][-1].tag == "dd"):
            groups.append([])
        if part.tag not in {"dt", "dd"} or not groups:
            return
        groups[-1].append(part)
    links = [next((one for part in group for one in part.iter("a") if words_of(one)), None) for group in groups]
    told = all(sum(len(words_of(part)) for part in group) - len(words_of(link)) >= LINE
               for group, link in zip(groups, links, strict=True) if link is not None)  # fmt: skip
    if len(groups) < FEWEST or None in links or not told:
        return
    terms.tag = "div"
    for group, link in zip(groups, links, strict=True):
        box = terms.makeelement("div")
        group[0].addprevious(box)
        for part in group:
            part.tag = "div"
            box.append(part)
        if link is not None:
            _under_heading(link)


def _under_heading(link: HtmlElement) -> None:
    """Put *link* into a heading of its own; what stands before it, as a day does, is a line of its own."""
    heading, around = link.makeelement("h3"), link.getparent()
    if around is not None and around[0] is link and (before := (around.text or "").strip(" \n\t:–—-")):
        line = link.makeelement("p")
        line.text, around.text = before, None
        around.insert(0, line)
    heading.tail, link.tail = link.tail, None
    link.addprevious(heading)
    heading.append(link)
    after = heading.getnext()
    if after is not None and after.tag == "br" and not (heading.tail or "").strip():
        after.drop_tag()


def _open(link: HtmlElement) -> None:
    """Let what a link calls its title be a heading, if it holds a text besides."""
    if link.find(".//h2") is not None or link.find(".//h3") is not None:
        return
    titles = [one for one in link.iter("span", "strong", "b", "div", "p") if TITLE.search(one.get("class") or "")]
    if len(titles) != 1 or not words_of(titles[0]) or len(words_of(link)) - len(words_of(titles[0])) < LINE:
        return
    titles[0].tag = "h3"
    for one in link.iter("span"):
        if one.getparent() is titles[0].getparent() and len(words_of(one)) >= LINE:
            one.tag = "p"
