"""Run a theme's templates: Jinja2 to MJML, MJML to HTML, and every fault to a template's file and line.

Templates are the workspace's own code; articles and readers never are. The environment is sandboxed and strict:
a name that does not exist is an error, not a hole in the letter.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import NullTranslations
from types import CodeType
from typing import Any

from babel.dates import format_skeleton
from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.ext import Extension
from mjml import mjml2html

from newsletter.errors import TemplateError
from newsletter.rendering import attributes, inline, outlook, plaintext
from newsletter.rendering.attributes import BrokenError
from newsletter.rendering.sandbox import MEMORY, BombError, Room, Sandbox, boundless
from newsletter.rendering.shelf import Shelf
from newsletter.spoken import locale

#: What a template can do wrong while it runs.
FAULTS = (JinjaError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Theme:
    """How a letter looks in one language: templates that know its words, and what `theme.toml` says."""

    name: str
    language: str
    environment: Sandbox
    settings: Mapping[str, Any]

    @property
    def direction(self) -> str:
        """Which way the language is written: ltr or rtl."""
        return locale(self.language).text_direction


class _Compiled(BytecodeCache):
    """Keeps compiled templates by name and text: a letter has many variants, and a theme many files.

    On a *shelf* they are there for the next command too.
    """

    #: More than any workspace has; after that many changes of templates they are compiled anew.
    MOST = 1000

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}
        self.shelf: Shelf | None = None

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of this very text, if it is there."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))
        kept = self.shelf.get(f"template-{bucket.key}") if self.shelf and not bucket.code else None
        if kept:
            # Jinja2 looks for its own version in it, and for the text's checksum.
            bucket.bytecode_from_string(kept)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        self._keep(bucket)
        if self.shelf:
            self.shelf.put(f"template-{bucket.key}", bucket.bytecode_to_string())

    def _keep(self, bucket: Bucket) -> None:
        if len(self._code) >= self.MOST:
            self._code.clear()
        if bucket.code:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def keep(shelf: Shelf | None) -> None:
    """Keep on *shelf* what templates and style sheets come to from now on; None keeps it in this process."""
    _COMPILED.shelf = inline.KNOWN.shelf = shelf


def environment(loader: BaseLoader, words: NullTranslations, language: str, room: Room = boundless) -> Sandbox:
    """Return the environment for templates in *language*: sandboxed, strict, all but ``.txt`` escaped.

    *room* keeps their memory within bounds; without it nothing does.
    """
    made = Sandbox(
        loader=loader,
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )
    made.room = room
    # Its words for trying out a page are without end, and no letter's.
    del made.globals["lipsum"]
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    told = locale(language)
    made.filters["month"] = lambda day: format_skeleton("yMMMM", day, locale=told)
    made.filters["wrap"] = plaintext.wrap
    made.filters["underline"] = plaintext.underline
    made.filters["opens_with_quote"] = plaintext.opens_with_quote
    made.filters["bare"] = plaintext.bare
    made.filters["button_width"] = outlook.width
    made.filters["button_height"] = outlook.height
    made.filters["commented"] = outlook.commented
    return made


def text(theme: Theme, name: str, context: Mapping[str, Any]) -> str:
    """Return a text template, filled; at most two empty lines in a row. Raise TemplateError."""
    lines = "\n".join(line.rstrip() for line in _run(theme.environment, name, context).splitlines())
    return re.sub(r"\n{4,}", "\n\n\n", lines).strip() + "\n"


def page(theme: Theme, name: str, context: Mapping[str, Any], icons: str = "") -> tuple[str, str]:
    """Return the MJML that a template makes, and the HTML of it. Raise TemplateError.

    *icons* is the address that social icons lie under, ending in a slash.
    """
    source = _run(theme.environment, name, context)
    try:
        return source, compile_mjml(source, icons)
    except BrokenError:
        where, fault = _trace(theme.environment, name, context, icons)
    raise TemplateError(fault, where=where, remedy="correct the MJML there")


def compile_mjml(source: str, icons: str) -> str:
    """Return the HTML of an MJML *source*. Raise BrokenError with the place in it."""
    layout = inline.into(source)
    try:
        html: str = mjml2html(layout, fonts={}, social_icon_origin=icons or None)
    except ValueError as error:
        raise BrokenError(*_complaint(str(error), layout, source)) from None
    left = re.search(r"</?(mj-[a-z-]+|mjml)\b", html) if "<mj" in html else None
    if left:
        raise BrokenError(f"MJML has no <{left[1]}>", max(source.rfind(f"<{left[1]}"), 0))
    return inline.slim(html)


def _complaint(message: str, layout: str, source: str) -> tuple[str, int]:
    """Return what the compiler says, and where that is in *source*: it counts bytes of *layout*."""
    found = re.search(r" in root template(?: at position (\d+))?.*", message, re.DOTALL)
    what = message[: found.start()] if found else message
    before = layout.encode()[: int(found[1])].decode(errors="ignore") if found and found[1] else layout
    tags = before.count("<") - before.count("<!--")
    places = [match.start() for match in attributes.TAG.finditer(source) if match["name"]]
    return what, places[min(tags, len(places) - 1)] if places else 0


def check(theme: Theme, name: str) -> None:
    """Read a template without filling it in. Raise TemplateError for one that is none, or is missing."""
    with _told(name):
        theme.environment.get_template(name)


def _run(environment: Sandbox, name: str, context: Mapping[str, Any]) -> str:
    with _told(name):
        return environment.fill(name, context)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what is wrong with the template *name*, or with one that it includes, into a TemplateError."""
    try:
        yield
    except TemplateSyntaxError as error:
        what = error.message or "this is not understood"
        raise TemplateError(
            what, where=f"{short(error.filename or name)}:{error.lineno}", remedy=_SYNTAX
        ) from None
    except TemplateNotFound as error:
        what = f"the template {error.name} is missing"
        remedy = 'restore it; or, in a theme of your own, write like = "letter" into its theme.toml'
        raise TemplateError(what, where=_place(error) or name, remedy=remedy) from None
    except (BombError, MemoryError) as error:
        what = str(error) or f"this takes more than {MEMORY // 1_000_000} MB of memory"
        raise TemplateError(what, where=_place(error) or name, remedy=_BOMB) from None
    except FAULTS as error:
        what = "a template includes itself without end" if isinstance(error, RecursionError) else str(error)
        raise TemplateError(what, where=_place(error) or name, remedy=_NAMES) from None


_SYNTAX = "look for a bracket or an {% end… %} that is missing there or above"
_BOMB = "look there for a loop in a loop, or for something that is repeated; a letter has some 100,000 characters"
_NAMES = "what a template may use stands at the top of templates/letter/issue.mjml"


def short(path: str) -> str:
    """Return a template's path as people know it, from ``templates/`` on."""
    return f"templates/{path.rpartition('/templates/')[2]}" if "/templates/" in path else path


def _place(error: BaseException) -> str:
    """Return the template and line where *error* happened. Jinja2 puts template lines into the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if not frame.filename.endswith(".py") and frame.filename[:1] != "<"]
    return f"{short(inside[-1].filename)}:{inside[-1].lineno}" if inside else ""


class _Traced(Extension):
    """Writes file and line in front of each line of a template, in characters that no letter has."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return "".join(_traced(source, short(filename or name or "")))


def _traced(source: str, name: str) -> Iterator[str]:
    inside = False
    for number, line in enumerate(source.splitlines(keepends=True), 1):
        # Inside a tag of Jinja2, and before one (lstrip_blocks), a mark would change what it means.
        quiet = inside or line.lstrip().startswith(("{%", "{#"))
        yield line if quiet else f"\x01{name}:{number}\x02{line}"
        opened = max(line.rfind("{%"), line.rfind("{#"), line.rfind("{{"))
        closed = max(line.rfind("%}"), line.rfind("#}"), line.rfind("}}"))
        inside = opened > closed or (inside and closed < 0)


def _trace(environment: Sandbox, name: str, context: Mapping[str, Any], icons: str) -> tuple[str, str]:
    """Run a template that makes no MJML once more, and return where it is at fault, and how."""
    marked = _run(environment.overlay(extensions=[_Traced], bytecode_cache=None), name, context)
    places: list[tuple[int, str]] = []
    parts: list[str] = []
    length = 0
    for number, part in enumerate(re.split("\x01([^\x02]*)\x02", marked)):
        if number % 2:
            places.append((length, part))
        else:
            parts.append(part)
            length += len(part)
    try:
        compile_mjml("".join(parts), icons)
    except BrokenError as error:
        at = [place for start, place in places if start <= error.position]
        return (at[-1] if at else name), error.what
    return name, "this makes no MJML"
