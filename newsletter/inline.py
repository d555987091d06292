"""Move the article's CSS into attributes, which every mail program reads. Leaves the layout that MJML makes alone.

premailer over a whole MJML document breaks it: it fetches fonts, drops ``!important`` inside media queries (so
columns break on phones) and forces widths on images; and it is slow, for it looks for each rule in every table. So
it sees the rules of ``<mj-style inline="inline">`` and the bare tags inside each ``<mj-text>`` only, before the
layout is made; the words stay as they are. What it said of such tags is remembered: stories look alike. Rules for
media, hover and dark mode, and for anything but words, belong in a plain ``<mj-style>``. A rule can ask whether an
attribute is there, and for the value of class and id only.
"""

import html
import itertools
import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cssutils
from premailer import Premailer

from newsletter import attributes

INLINE = re.compile(r"<mj-style\s+inline\s*=\s*[\"']inline[\"']\s*>(.*?)</mj-style>", re.DOTALL)
#: Words with their tag, whose attributes say which class the rules know them by.
TEXT = re.compile(r"(<mj-text\b(?:[^>\"/]|\"[^\"]*\"|/(?!>))*>)(.*?)(?=</mj-text>)", re.DOTALL)
CLASS = re.compile(r'\bcss-class="([^"]*)"')
STYLE = re.compile(r"""(?<= style=)(["'])(.*?)\1""")
OWN = re.compile(r"""\sstyle\s*=\s*(?:"[^"]*"|'[^']*')""")
#: Between two comments for Outlook that nothing parts.
JOINT = "<![endif]--><!--[if mso | IE]>"
#: What a selector asks for: classes, and tags.
NAMES = re.compile(r"\.([\w-]+)|(?<![.#\w-])([a-z][a-z0-9]*)")
OPTIONS: Mapping[str, Any] = {
    "method": "html",
    "keep_style_tags": False,
    "disable_leftover_css": True,
    "strip_important": True,
    "remove_classes": False,
    "disable_validation": True,
    "disable_link_rewrites": True,
    "preserve_internal_links": True,
    "preserve_inline_attachments": True,
    "exclude_pseudoclasses": True,
    "include_star_selectors": False,
    "align_floating_images": False,
    "remove_unset_properties": False,
    "capitalize_float_margin": False,
    "disable_basic_attributes": ["align", "valign", "bgcolor", "width", "height"],
    "allow_network": False,
    "allow_loading_external_files": False,
    "cache_css_parsing": True,
    "cssutils_logging_level": logging.CRITICAL,
}

# #ffffff stays: Outlook and Gmail read the long form everywhere, the short one not in bgcolor.
cssutils.ser.prefs.minimizeColorHash = False


def take(source: str) -> tuple[str, str]:
    """Return an MJML source without its inline style sheets, and their rules."""
    return INLINE.sub("", source), "\n".join(html.unescape(css) for css in INLINE.findall(source))


def into(layout: str, css: str) -> str:
    """Return the MJML *layout* with *css* in its texts, and every attribute safe (see `newsletter.attributes`)."""
    parts: list[str] = []
    start = 0
    for found in TEXT.finditer(layout):
        parts.append(attributes.encoded(layout[start : found.end(1)]))
        named = CLASS.search(found[1])
        parts.append(_words(css, named[1] if named else "", found[2]))
        start = found.end()
    return "".join([*parts, attributes.encoded(layout[start:])])


def slim(document: str) -> str:
    """Return an HTML *document* without what no mail program reads: Gmail cuts a letter off at 102 KB."""
    return document.replace(JOINT, "")


@lru_cache(maxsize=1024)
def _words(css: str, classes: str, words: str) -> str:
    """Return the HTML *words* of one text with the rules of *css* for them in their style attributes."""
    if not css.strip() or "<" not in words:
        return attributes.encoded(words)
    styles = _styles(css, f'<div class="{classes}">{_bones(words)}</div>')
    number = itertools.count()

    def one(found: re.Match[str]) -> str:
        name = found["name"]
        if not name or found["close"]:
            return found[0]
        style = styles.get(str(next(number)), "")
        rest = (
            f'{OWN.sub("", found["rest"])} style="{html.escape(style, quote=False)}"' if style else found["rest"]
        )
        return attributes.opening(name, rest, found["empty"])

    return attributes.TAG.sub(one, words)


def _bones(words: str) -> str:
    """Return the tags of *words* alone: names, classes, styles, which attributes there are, and their numbers."""
    tags: list[str] = []
    number = itertools.count()
    for found in attributes.TAG.finditer(words):
        if found["name"] and found["close"]:
            tags.append(found[0])
        elif found["name"]:
            tags.append(f'<{found["name"]} data-number="{next(number)}"{_kept(found["rest"])}{found["empty"]}>')
    return "".join(tags)


@lru_cache(maxsize=4096)
def _kept(rest: str) -> str:
    """Return attributes as selectors may ask for them: the values of class, id and style, the names of all."""
    made = ""
    for found in attributes.ATTRIBUTE.finditer(rest):
        value = next(text for text in found.groups()[1:] if text is not None)
        made += f' {found[1]}="{value if found[1] in {"class", "id", "style"} else ""}"'
    return made


@lru_cache(maxsize=1024)
def _styles(css: str, bones: str) -> Mapping[str, str]:
    """Return the styles that *css* means for each numbered tag of *bones*."""
    made = _Inliner(bones, css_text=css, **OPTIONS).transform(pretty_print=False)
    styles: dict[str, str] = {}
    for rest in re.findall(r"<[a-z][^>]*data-number[^>]*>", made):
        number, style = re.search(r'data-number="(\d+)"', rest), STYLE.search(rest)
        if number and style:
            styles[number[1]] = html.unescape(style[2]).replace("; ", ";").replace('"', "'")
    return styles


class _Inliner(Premailer):  # type: ignore[misc] # it says no types
    """premailer, which remembers the rules of a style sheet, and looks only for those that can be met."""

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        names = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', self.html))))
        names |= {f"<{tag}" for tag in re.findall(r"<([a-z][a-z0-9]*)", self.html)}
        return [rule for needed, rule in _rules(css_body, ruleset_index) if needed <= names], []


@lru_cache(maxsize=32)
def _rules(css: str, index: int) -> tuple[tuple[frozenset[str], Any], ...]:
    """Return each rule as premailer has it, with the classes and ``<tags`` without which it meets nothing."""
    rules, _ = Premailer("", **OPTIONS)._parse_style_rules(css, index)
    return tuple((_needed(selector), (weight, selector, bulk)) for weight, selector, bulk in rules)


def _needed(selector: str) -> frozenset[str]:
    plain = re.sub(r"\[[^\]]*\]|\([^)]*\)", "", selector)
    return frozenset(named or f"<{tag}" for named, tag in NAMES.findall(plain))
