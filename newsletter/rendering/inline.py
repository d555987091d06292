"""Move the article's CSS into attributes, which every mail program reads. Leaves the layout that MJML makes alone.

premailer over a whole MJML document breaks it: it fetches fonts, drops ``!important`` inside media queries (so
columns break on phones) and forces widths on images; and it is slow, for it looks for each rule in every table. So
it sees the rules of ``<mj-style inline="inline">`` and the bare tags inside each ``<mj-text>`` only, before the
layout is made; the words stay as they are. What it said of such tags is remembered: stories look alike. Rules for
media, hover and dark mode, and for anything but words, belong in a plain ``<mj-style>``. A rule can ask whether an
attribute is there, and for the value of class and id only.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from newsletter.entities import unescape
from newsletter.rendering import attributes
from newsletter.rendering.shelf import Shelf

INLINE = re.compile(r"<mj-style\s+inline\s*=\s*[\"']inline[\"']\s*>")
STYLE_END = "</mj-style>"
#: The tag before words, whose attributes say which class the rules know them by.
TEXT = re.compile(r"<mj-text\b(?:[^>\"/]++|\"[^\"]*+\"|/(?!>))*>")
CLASS = re.compile(r'\bcss-class="([^"]*)"')
#: Between two tags of a text. The compiler drops a line's end there, and two words become one.
GAP = re.compile(r">[ \t\r\n]++(?=<)")
#: Between two comments for Outlook that nothing parts.
JOINT = "<![endif]--><!--[if mso | IE]>"
#: What MJML writes though HTML means it anyway: no border and no spaces around cells, a place that a table cannot
#: take, a height for which HTML has no word; in a letter that never turns back, that it runs from left to right.
MEANT = (
    re.compile(r'(<table )border="0" '),
    re.compile(
        r'(<table [^>]*?cellspacing="0"[^>]*?)'
        r' style="(?:vertical-align:top|border-collapse:collapse;border-spacing:0px);"'
    ),
    re.compile(r'(<img [^>]*?) height="auto"'),
)
ONWARD, BACK = re.compile(r'(<(?:div|td) [^>]*?style="[^">]*?)direction:ltr;'), "direction:rtl;"

#: A text as the rules of a style sheet see it: its classes, and its bones.
Kind: TypeAlias = tuple[str, str]
#: The style of each tag of a text.
Styles: TypeAlias = tuple[str, ...]


class Known:
    """What style sheets mean for texts, as far as that was asked; on a *shelf* for the next command too."""

    #: So many kinds of texts at most.
    MOST = 2000

    def __init__(self) -> None:
        self._meant: dict[str, dict[Kind, Styles]] = {}
        self.shelf: Shelf | None = None

    def meant(self, css: str, kinds: Sequence[Kind]) -> Mapping[Kind, Styles]:
        """Return what *css* means for each of *kinds*."""
        if css not in self._meant:
            self._meant[css] = self._shelved(css)
        known = self._meant[css]
        new = [kind for kind in dict.fromkeys(kinds) if kind not in known]
        if new:
            # premailer takes long to load.
            from newsletter.rendering import cascade

            if sum(map(len, self._meant.values())) > self.MOST:
                known = {kind: known[kind] for kind in kinds if kind in known}
                self._meant = {css: known}
            known.update(zip(new, cascade.meant(css, new), strict=True))
            if self.shelf:
                written = [[*kind, styles] for kind, styles in known.items()]
                self.shelf.put(_name(css), json.dumps(written).encode())
        return known

    def _shelved(self, css: str) -> dict[Kind, Styles]:
        kept = self.shelf.get(_name(css)) if self.shelf else None
        return {(classes, bones): tuple(styles) for classes, bones, styles in json.loads(kept or "[]")}


def _name(css: str) -> str:
    return f"styles-{hashlib.sha256(css.encode()).hexdigest()}"


KNOWN = Known()


def take(source: str) -> tuple[str, str]:
    """Return an MJML source without its inline style sheets, and their rules."""
    kept: list[str] = []
    rules: list[str] = []
    last = 0
    while tag := INLINE.search(source, last):
        end = source.find(STYLE_END, tag.end())
        if end < 0:
            break
        kept.append(source[last : tag.start()])
        rules.append(unescape(source[tag.end() : end]))
        last = end + len(STYLE_END)
    return "".join([*kept, source[last:]]), "\n".join(rules)


def into(source: str) -> str:
    """Return an MJML *source* with its inline rules in its texts, and every attribute safe.

    Raise BrokenError where its tags do not fit (see `newsletter.rendering.attributes`).
    """
    layout, css = take(source)
    texts = list(_texts(layout))
    styles = KNOWN.meant(css, [kind for _, _, kind in texts]) if css.strip() else {}
    parts: list[attributes.Part] = []
    last = 0
    for start, end, kind in texts:
        words = GAP.sub("> ", layout[start:end])
        parts += attributes.part(layout[last:start]), attributes.part(words, styles.get(kind, ()))
        last = end
    return attributes.joined([*parts, attributes.part(layout[last:])], source)


def _texts(layout: str) -> Iterator[tuple[int, int, Kind]]:
    """Yield where the words of each text begin and end, with its classes and its bones."""
    end = 0
    while tag := TEXT.search(layout, end):
        end = layout.find("</mj-text>", tag.end())
        if end < 0:
            return
        named = CLASS.search(tag[0])
        yield tag.end(), end, (named[1] if named else "", _bones(layout[tag.end() : end]))


def slim(document: str) -> str:
    """Return an HTML *document* without what tells a mail program nothing: Gmail cuts a letter off at 102 KB."""
    slimmer = document.replace(JOINT, "")
    for words in MEANT if BACK in document else (*MEANT, ONWARD):
        slimmer = words.sub(r"\1", slimmer)
    return slimmer


@lru_cache(maxsize=1024)
def _bones(words: str) -> str:
    """Return the tags of *words* alone: names, classes, styles, and which other attributes there are."""
    tags: list[str] = []
    for found in attributes.tags(words):
        if found["name"] and found["close"]:
            tags.append(found[0])
        elif found["name"]:
            tags.append(f"<{found['name']}{_kept(found['rest'])}{found['empty']}>")
    return "".join(tags)


@lru_cache(maxsize=4096)
def _kept(rest: str) -> str:
    """Return attributes as selectors may ask for them: the values of class, id and style, the names of all."""
    made = ""
    for found in attributes.ATTRIBUTE.finditer(rest):
        value = next(text for text in found.groups()[1:] if text is not None)
        made += f' {found[1]}="{value if found[1] in {"class", "id", "style"} else ""}"'
    return made
