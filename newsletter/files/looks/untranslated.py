"""The words of a theme's templates that a language has no translation for."""

from collections.abc import Iterator
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
    # A translation may be the same word: only a name that no word list has is missing.
    has = {str(key) for each in _chain(known) for key in getattr(each, "_catalog", {})}
    return tuple(dict.fromkeys(one for one in _said(templates, theme) if one not in has))


def marked(folder: Path) -> tuple[str, ...]:
    """Return the words that any template in *folder*, of letters, mails or pages, marks for translation."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".mjml", ".txt", ".html"} and path.is_file():
            try:
                found += _marked(path.read_text(encoding="utf-8"))
            except (JinjaError, UnicodeDecodeError):
                continue
    return tuple(dict.fromkeys(found))


def _chain(catalog: object) -> Iterator[object]:
    while catalog is not None:
        yield catalog
        catalog = getattr(catalog, "_fallback", None)


def _said(templates: tuple[Path, ...], theme: str) -> Iterator[str]:
    seen: set[Path] = set()
    for folder in themes.chain(templates, theme):
        for path in sorted(folder.rglob("*")):
            own = path.relative_to(folder)
            # The workspace's file stands before the shipped one.
            if path.suffix not in {".mjml", ".txt"} or own in seen:
                continue
            seen.add(own)
            try:
                yield from _marked(path.read_text(encoding="utf-8"))
            except (JinjaError, UnicodeDecodeError):
                continue


@lru_cache(maxsize=1000)
def _marked(source: str) -> tuple[str, ...]:
    """Return the words that one template marks for translation. Raise TemplateError of Jinja2."""
    if "_(" not in source and "gettext" not in source and "trans" not in source:
        return ()
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = [message for _, _, message in extract_from_ast(environment.parse(source))]
    return tuple(one for each in found for one in (each if isinstance(each, tuple) else (each,)) if one)
