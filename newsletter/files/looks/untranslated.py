"""The words of a theme's templates that a language has no translation for."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment
from jinja2 import TemplateError as JinjaError
from jinja2.ext import extract_from_ast

from newsletter.files.looks import themes, words


def untranslated(templates: tuple[Path, ...], theme: str, language: str) -> tuple[str, ...]:
    """Return the words that ``_("…")`` says in the theme and nobody has put into *language*."""
    if language.partition("-")[0] == words.OWN:
        return ()
    known = words.load(templates, language)
    return tuple(dict.fromkeys(one for one in _said(templates, theme) if not words.has(known, one)))


def marked(folder: Path) -> tuple[str, ...]:
    """Return the words that any template in *folder*, of letters, mails or pages, marks for translation."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in {".mjml", ".txt", ".html"}]
    return tuple(dict.fromkeys(one for path in paths if path.is_file() for one in _in(path)))


def _said(templates: tuple[Path, ...], theme: str) -> Iterator[str]:
    seen: set[Path] = set()
    for folder in themes.chain(templates, theme):
        for path in sorted(folder.rglob("*")):
            own = path.relative_to(folder)
            # The workspace's file stands before the shipped one.
            if path.suffix not in {".mjml", ".txt"} or own in seen:
                continue
            seen.add(own)
            yield from _in(path)


def _in(path: Path) -> tuple[str, ...]:
    """Return the words that the template at *path* marks for translation; none where it cannot be read."""
    with suppress(JinjaError, UnicodeDecodeError):
        return _marked(path.read_text(encoding="utf-8"))
    return ()


@lru_cache(maxsize=1000)
def _marked(source: str) -> tuple[str, ...]:
    """Return the words that one template marks for translation. Raise TemplateError of Jinja2."""
    if "_(" not in source and "gettext" not in source and "trans" not in source:
        return ()
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = [message for _, _, message in extract_from_ast(environment.parse(source))]
    return tuple(one for each in found for one in (each if isinstance(each, tuple) else (each,)) if one)
