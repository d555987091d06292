"""Read the rules of a style element: enough CSS to know what a mail looks like in the dark."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml.html import HtmlElement

_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)


#: What finds the elements of a selector.
Finder: TypeAlias = Callable[[HtmlElement], Iterable[HtmlElement]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and the at-rules that it stands in, the outermost first. *body* is its declarations."""

    conditions: tuple[str, ...]
    selector: str
    body: str


@lru_cache(maxsize=64)
def rules(style: str) -> tuple[Rule, ...]:
    """Return the rules of *style* in order; what is broken is left out."""
    return tuple(_rules(style))


def _rules(style: str) -> Iterator[Rule]:
    around: list[str] = []
    before = ""
    for piece in re.split(r"([{}])", _without_comments(style)):
        if piece == "{":
            around.append(before.rpartition(";")[2].strip())
        elif piece == "}" and around:
            head = around.pop()
            if not head.startswith("@"):
                yield Rule(tuple(around), head, before.strip())
        before = piece


@lru_cache(maxsize=64)
def nested(style: str) -> bool:
    """Whether an at-rule stands in another, which makes Gmail drop the whole style element."""
    depth: list[bool] = []
    before = ""
    for piece in re.split(r"([{}])", _without_comments(style)):
        if piece == "{":
            at_rule = before.rpartition(";")[2].strip().startswith("@")
            if at_rule and any(depth):
                return True
            depth.append(at_rule)
        elif piece == "}" and depth:
            depth.pop()
        before = piece
    return False


def declarations(body: str, *, important: bool = False) -> dict[str, str]:
    """Return the declarations of a rule or a style attribute, or its important ones; the last of each name."""
    return dict(_declared(body, important))


@lru_cache(maxsize=4096)
def _declared(body: str, important: bool) -> tuple[tuple[str, str], ...]:
    """Return the same as pairs. A letter has few different styles, on many elements."""
    pairs = (part.partition(":") for part in re.split(r";(?![^(;]*\))", body))
    return tuple(
        (name.strip().casefold(), re.sub(r"\s*!\s*important", "", value, flags=re.IGNORECASE).strip())
        for name, _, value in pairs
        if value and (not important or "important" in value)
    )


def in_the_dark(root: HtmlElement, styles: tuple[str, ...]) -> Mapping[HtmlElement, Mapping[str, str]]:
    """Return what each element under *root* looks like in dark mode where that differs from its attributes.

    Inline styles win over rules, so only rules marked important count.
    """
    found: list[tuple[tuple[int, ...], int, HtmlElement, Mapping[str, str]]] = []
    held = {name for element in root.iter("*") for name in element.get("class", "").split()}
    for style in styles:
        for rule in rules(style):
            if any(_DARK.search(condition) for condition in rule.conditions):
                changes = declarations(rule.body, important=True)
                for selector in rule.selector.split(","):
                    find, weight, needed = _selector(selector.strip())
                    for element in find(root) if find and needed <= held else ():
                        found.append((weight, len(found), element, changes))
    looks: dict[HtmlElement, dict[str, str]] = {}
    for _, _, element, declared in sorted(found, key=lambda one: one[:2]):
        looks.setdefault(element, {}).update(declared)
    return looks


@lru_cache(maxsize=1024)
def _selector(selector: str) -> tuple[Finder | None, tuple[int, ...], frozenset[str]]:
    """Return what finds the elements of a selector, its specificity, and the classes that they must have."""
    plain = re.sub(r"\[[^\]]*\]|\([^)]*\)", "", selector)
    needed = frozenset(re.findall(r"\.([\w-]+)", plain))
    weight = (
        selector.count("#"),
        len(re.findall(r"[.\[:]", selector)),
        len(re.findall(r"(?:^|[\s>+~])[a-z]", selector)),
    )
    # Slow to load, and not every letter has a look of its own in the dark.
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    try:
        return CSSSelector(selector, translator="html"), weight, needed
    except SelectorError:
        # A pseudo-class that only a browser knows, such as :hover, never holds while a mail is read.
        return None, weight, needed


def _without_comments(style: str) -> str:
    """Return *style* without comments; one that is never closed ends it."""
    kept, _, rest = style.partition("/*")
    parts = [kept]
    while rest:
        _, _, after = rest.partition("*/")
        kept, _, rest = after.partition("/*")
        parts.append(kept)
    return " ".join(parts)
