"""Take the attributes from a tag that has hundreds of them: parsers look at all others for each, for hours.

How tags are read is in the HTML standard, section 13.2.5 (tokenization).
"""

import re

#: No page's tag has so many; editors that write all they know into one come to a few dozen.
MOST = 500
#: What is shorter than this, in characters, has not so many.
SHORT = 2 * MOST
ATTRIBUTE = re.compile(
    r"""[\s/]++[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?""", re.ASCII
)
TAG = re.compile(rf"<[a-zA-Z][^\s/><]*+(?P<attributes>(?:{ATTRIBUTE.pattern})+)", re.ASCII)


def thinned(text: str) -> str:
    """Return HTML without the attributes of each tag that has more than `MOST`."""
    parts, done = [], 0
    for tag in TAG.finditer(text):
        start, end = tag.span("attributes")
        if end - start > SHORT and len(ATTRIBUTE.findall(text, start, end)) > MOST:
            parts.append(text[done:start])
            done = end
    return "".join((*parts, text[done:])) if done else text
