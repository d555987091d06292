"""Find out who wrote a page, or the article of a card: as it shows, as it tells programs, or whom it marks."""

import re

from lxml import html

from newsletter.reading.html import stamp
from newsletter.reading.html.element import drop, first_words, meta, words_of
from newsletter.reading.words import writer

#: Where pages mark who wrote them (HTML standard, ``rel=author``; microdata; hCard; classes of content systems).
MARKS = (
    "descendant::body/descendant::*[self::a[@rel='author']"
    " or @itemprop='name' and ancestor::*[@itemprop='author']]",
    "descendant::*[contains(concat(' ',@class,' '),' fn ')][ancestor::*[contains(@class,'vcard')]]",
    "descendant::*[contains(@class,'author vcard')]",
    "descendant::*[@itemprop='author']",
    "descendant::*[contains(@class,'post-author-name') or contains(@class,'post-author__name')"
    " or contains(@class,'entry-author-name') or contains(@class,'article-author-name')"
    " or contains(@class,'post-info__item--type-author') or contains(@class,'news-list-author')"
    " or contains(concat(' ',@class,' '),' createdby ')]",
    "descendant::meta[@itemprop='name'][ancestor::*[@itemprop='author']]/@content",
)
#: Names that content systems give the meta tag with who wrote.
WROTE = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "citation_author")
#: What leads to all that somebody wrote.
ALL_BY = (
    "descendant::body/descendant::a[contains(@href,'/author/') or contains(@href,'/authors/')"
    " or contains(@href,'/forfattare/')]"
)
#: What stands before a name.
BY = re.compile(
    r"(?:(?:skriven |text )?av|(?:written |posted )?by|text|author|författare|"
    r"(?:von|par)(?=\s+(?-i:[A-ZÅÄÖÉ])\S+\s))\s*:?\s+",
    re.IGNORECASE,
)
#: A name is no longer, in characters; what is, says more than who wrote.
LONGEST = 60

#: What an element is called that says who wrote a card's article; how long that is, and what may stand around it.
AUTHORS = re.compile(r"(?:^|[\s_-])(?:author|byline|skribent|vcard|user-?name)(?:$|[\s_-])", re.IGNORECASE)
NAMED, AROUND = 60, " \t\n\xa0|,:·•–—-"
#: Where the face of a writer comes from, and where a card leads to what readers say of its article.
FACE = re.compile(r"gravatar\.com/avatar/", re.IGNORECASE)
ANSWERS = re.compile(r"#(?:comments?|respond|disqus_thread)$", re.IGNORECASE)


def marked(root: html.HtmlElement) -> str:
    """Return the one whom a page marks as its author, or who is the only one that it leads to; "" for none."""
    name = next((said for path in MARKS if (said := first_words(root, path))), "")
    if not name:
        names = {words for one in root.xpath(ALL_BY) if (words := words_of(one))}
        name = names.pop() if len(names) == 1 else ""
    return BY.sub("", name) if len(name) <= LONGEST else ""


def author(root: html.HtmlElement, told: str, marked: str) -> str:
    """Return who wrote the page: as it shows, as it *told* in JSON-LD and meta tags, or else the *marked* one."""
    signed = (_shown(root, told), told, meta(root, *WROTE).partition("http")[0], marked)
    return next(filter(None, map(writer.name, signed)), "")


def _shown(root: html.HtmlElement, one: str) -> str:
    """Return all who wrote a page, as it tells programs that show it, where it else names only *one* of them."""
    named = meta(root, "twitter:data1") if BY.match(f"{meta(root, 'twitter:label1')} ") else ""
    return named if one and one in named.split(", ") else ""


def taken(box: html.HtmlElement) -> str:
    """Take who wrote its article, and how many answered, out of a card; return who it was, or ""."""
    for one in list(box.iter("img", "a")):
        if FACE.search(one.get("src") or "") or ANSWERS.search(one.get("href") or ""):
            drop(one)
    name = ""
    for one in [one for one in box.iter() if one is not box and _is_writer(one)]:
        said = _bare(one)
        if not said or len(said) > NAMED or said.endswith((".", "!", "?")) or stamp.read(said, marked=True).at:
            continue
        name = name or writer.name(said)
        # The word before a name may stand outside of it.
        drop(next((each for each in (one.getparent(),) if each is not box and _bare(each) == said), one))
    return name


def _is_writer(one: html.HtmlElement) -> bool:
    called = f"{one.get('class') or ''} {one.get('id') or ''}"
    return bool(AUTHORS.search(called)) or "author" in {one.get("rel"), one.get("itemprop")}


def _bare(one: html.HtmlElement) -> str:
    """Return the words of an element without what stands before a name, and between it and others."""
    return BY.sub("", words_of(one)).strip(AROUND)
