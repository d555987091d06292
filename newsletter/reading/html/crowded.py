"""Take from HTML what parsers fail at.

They look at all attributes of a tag for each, which takes hours where it has hundreds of thousands; and take in
characters that they refuse to write. How tags are read is in the HTML standard, section 13.2.5 (tokenization).
"""

import re

from lxml.html import HtmlElement

#: No page's tag has so many; editors that write all they know into one come to a few dozen.
MOST = 500
#: Nor does an attribute of any hold so many comments.
COMMENTS = 50
#: What is shorter than this, in characters, has not so many.
SHORT = 2 * MOST
ATTRIBUTE = re.compile(
    r"""[\s/]++[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?""", re.ASCII
)
TAG = re.compile(rf"<[a-zA-Z][^\s/><]*+(?P<attributes>(?:{ATTRIBUTE.pattern})+)", re.ASCII)
#: What Word writes where a line ends within a paragraph, and a page of a text file.
BREAKS = re.compile("[\v\f]")
#: What no tree of elements may hold, for XML has no such characters (XML 1.0, section 2.2): no half of one.
UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def thinned(text: str) -> str:
    """Return HTML without the attributes of each tag that has more than `MOST`, and without what is unwritable."""
    text = UNWRITABLE.sub("", BREAKS.sub("\n", text))
    parts, done = [], 0
    for tag in TAG.finditer(text):
        start, end = tag.span("attributes")
        if end - start > SHORT and len(ATTRIBUTE.findall(text, start, end)) > MOST:
            parts.append(text[done:start])
            done = end
    return "".join((*parts, text[done:])) if done else text


def unopened(root: HtmlElement) -> HtmlElement:
    """Return a tree, emptied of the attributes in which many comments begin.

    Whoever writes it as HTML looks from each ``<!--`` in an attribute for its end, to the end of the attribute.
    """
    for value in root.xpath("descendant-or-self::*/@*[contains(., '<!--')]"):
        if value.count("<!--") > COMMENTS:
            value.getparent().set(value.attrname, "")
    return root
