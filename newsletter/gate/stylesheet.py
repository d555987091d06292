"""Read the rules of a style element: enough CSS to know what a mail looks like in the dark."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import TypeAlias

from lxml.html import HtmlElement

_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)


#: The elements that have a class, by its name; as keys, in order.
Held: TypeAlias = Mapping[str, Mapping[HtmlElement, None]]
#: What finds the elements of a selector.
Finder: TypeAlias = Callable[[HtmlElement, Held], Iterable[HtmlElement]]


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
    held = classes(root)
    for style in styles:
        for rule in rules(style):
            if any(_DARK.search(condition) for condition in rule.conditions):
                changes = declarations(rule.body, important=True)
                for selector in rule.selector.split(","):
                    find, weight, needed = _selector(selector.strip())
                    for element in find(root, held) if find and needed <= held.keys() else ():
                        found.append((weight, len(found), element, changes))
    looks: dict[HtmlElement, dict[str, str]] = {}
    for _, _, element, declared in sorted(found, key=lambda one: one[:2]):
        looks.setdefault(element, {}).update(declared)
    return looks


def classes(root: HtmlElement) -> Held:
    """Return the elements under *root* by their classes."""
    held: dict[str, dict[HtmlElement, None]] = {}
    for element in root.iter("*"):
        for name in element.get("class", "").split():
            held.setdefault(name, {})[element] = None
    return held


@dataclass(frozen=True, slots=True)
class _Step:
    """What a selector asks of one element: a *tag* ("" for any) and *classes*.

    *child* is true where the element must stand directly in the one of the step before.
    """

    child: bool
    tag: str
    classes: frozenset[str]


def _steps(selector: str) -> tuple[_Step, ...]:
    """Return the steps of a selector that asks for tags and classes only, as most do; else none."""
    steps = []
    child = False
    for word in selector.replace(">", " > ").split():
        asked = re.fullmatch(r"([a-z][a-z0-9]*)?((?:\.[\w-]+)*)", word)
        if asked:
            steps.append(_Step(child, asked[1] or "", frozenset(asked[2].split(".")[1:])))
        elif word != ">" or child or not steps:
            return ()
        child = word == ">"
    return () if child else tuple(steps)


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
    if steps := _steps(selector):
        return partial(_stepped, steps), weight, needed
    # Slow to load, and few themes have such a selector.
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    try:
        compiled = CSSSelector(selector, translator="html")
    except SelectorError:
        # A pseudo-class that only a browser knows, such as :hover, never holds while a mail is read.
        return None, weight, needed
    return lambda root, held: compiled(root), weight, needed


def _stepped(steps: tuple[_Step, ...], root: HtmlElement, held: Held) -> Iterable[HtmlElement]:
    """Return the elements that *steps* mean: XPath would look at each element of the letter for each rule."""
    first, *others = steps
    named = next((held.get(name, {}) for name in first.classes), None)
    found = [one for one in (root.iter(first.tag) if named is None else named) if _is(one, first, held)]
    for step in others:
        tag = step.tag or "*"
        inside = (one.iterchildren(tag) if step.child else one.iterdescendants(tag) for one in found)
        found = [one for one in dict.fromkeys(chain.from_iterable(inside)) if _is(one, step, held)]
    return found


def _is(element: HtmlElement, step: _Step, held: Held) -> bool:
    return step.tag in {"", element.tag} and all(element in held.get(name, {}) for name in step.classes)


def _without_comments(style: str) -> str:
    """Return *style* without comments; one that is never closed ends it."""
    kept, _, rest = style.partition("/*")
    parts = [kept]
    while rest:
        _, _, after = rest.partition("*/")
        kept, _, rest = after.partition("/*")
        parts.append(kept)
    return " ".join(parts)
