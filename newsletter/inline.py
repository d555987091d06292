"""Move the article's CSS into attributes, which every mail program reads. Leaves the layout that MJML made alone.

premailer over a whole MJML document breaks it: it fetches fonts, drops ``!important`` inside media queries (so
columns break on phones) and forces widths on images. So it sees the rules of ``<mj-style inline="inline">`` only,
and every style sheet of the document is marked to be ignored. Rules for media, hover and dark mode belong in a
plain ``<mj-style>``.
"""

import html
import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cssutils
from premailer import Premailer

INLINE = re.compile(r"<mj-style\s+inline\s*=\s*[\"']inline[\"']\s*>(.*?)</mj-style>", re.DOTALL)
STYLE = re.compile(r"""(?<= style=)(["'])(.*?)\1""")
#: Between two comments for Outlook that nothing parts.
JOINT = re.compile(r"<!\[endif\]-->\s*<!--\[if mso \| IE\]>")
IGNORE = ' data-premailer="ignore"'

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


def apply(document: str, css: str) -> str:
    """Return the HTML *document* with *css* in the style attributes of what it selects."""
    if not css.strip():
        return document
    marked = re.sub(r"<style\b", f"<style{IGNORE}", document)
    marked = re.sub(r"^\s*<!doctype html>", "<!DOCTYPE html>", marked, flags=re.IGNORECASE)
    inlined: str = _Inliner(marked, css_text=css, **OPTIONS).transform(pretty_print=False)
    # lxml does not know that wbr is empty.
    return inlined.replace(IGNORE, "").replace("</wbr>", "")


def slim(document: str) -> str:
    """Return *document* without what no mail program reads: Gmail cuts a letter off at 102 KB."""
    joined = JOINT.sub("", document)
    return STYLE.sub(lambda found: f"{found[1]}{found[2].replace('; ', ';').rstrip(';')}{found[1]}", joined)


class _Inliner(Premailer):  # type: ignore[misc] # it says no types
    """premailer, which remembers the rules of a style sheet: a theme's are the same for every letter."""

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], str]:
        rules, left = _rules(css_body, ruleset_index)
        return list(rules), left


@lru_cache(maxsize=32)
def _rules(css: str, index: int) -> tuple[tuple[Any, ...], str]:
    """Return each selector with its declarations, in the order in which they count, and what is left of *css*."""
    rules, left = Premailer("", **OPTIONS)._parse_style_rules(css, index)
    return tuple(rules), left
