"""Ask premailer what the rules of a style sheet mean for the tags of a text. Opens no file and no connection."""

import itertools
import logging
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import cssutils
from premailer import Premailer

from newsletter.entities import unescape

STYLE = re.compile(r"""(?<= style=)(["'])(.*?)\1""")
OPENING = re.compile(r"<[a-zA-Z][\w:-]*")
#: What a selector asks for: classes, and tags.
NAMES = re.compile(r"\.([\w-]+)|(?<![.:#\w-])([a-z][a-z0-9]*)")
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


def meant(css: str, kinds: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return what *css* means for each tag of each of *kinds*, which are a text's classes and its tags."""
    # One run for all of them; each stands alone, as the first and last of its parent.
    page = "".join(f"<main>{_numbered(number, *kind)}</main>" for number, kind in enumerate(kinds))
    made = _Inliner(page, css_text=css, **OPTIONS).transform(pretty_print=False)
    found: dict[tuple[int, int], str] = {}
    for tag in re.findall(r"<[a-z][^>]*data-number[^>]*>", made):
        place, style = re.search(r'data-number="(\d+)-(\d+)"', tag), STYLE.search(tag)
        if place and style:
            found[int(place[1]), int(place[2])] = unescape(style[2]).replace("; ", ";").replace('"', "'")
    return [
        tuple(found.get((number, tag), "") for tag in range(len(OPENING.findall(tags))))
        for number, (_, tags) in enumerate(kinds)
    ]


def _numbered(number: int, classes: str, bones: str) -> str:
    """Return the bones of one text in the element that MJML makes for it, with a number on each tag."""
    tag = itertools.count()
    inside = OPENING.sub(lambda found: f'{found[0]} data-number="{number}-{next(tag)}"', bones)
    return f'<div class="{classes}">{inside}</div>'


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
