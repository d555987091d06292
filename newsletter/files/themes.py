"""Themes on the disk: folders of templates with a `theme.toml`.

A workspace's files shadow the shipped ones, one by one; its `theme.toml` need only say what it changes.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from newsletter import template, toml
from newsletter.errors import SettingsError, TemplateError
from newsletter.files import words
from newsletter.template import Theme, short

SETTINGS = "theme.toml"


def load(templates: tuple[Path, ...], name: str, language: str) -> Theme:
    """Return the theme *name* in *language*; *templates* are the folders to look in, the first counts most.

    Raise TemplateError if there is no such theme, SettingsError for a `theme.toml` that cannot be read.
    """
    folders = [folder / name for folder in templates]
    if not re.fullmatch(r"[\w][\w.-]{0,63}", name) or not any(folder.is_dir() for folder in folders):
        known = ", ".join(sorted(_themes(templates)))
        remedy = f'known here: {known}; set theme = "letter" in newsletter.toml'
        raise TemplateError(f"no theme is called {name!r}", where="newsletter.toml", remedy=remedy)
    loader = FileSystemLoader([*folders, *templates])
    environment = template.environment(loader, words.load(templates, language), language)
    return Theme(name, language, environment, settings([folder / SETTINGS for folder in folders]))


def pages(templates: tuple[Path, ...], language: str) -> Environment:
    """Return the environment for web pages in *language*: ``pages/NAME.html``, escaped, with the words."""
    return template.environment(FileSystemLoader(templates), words.load(templates, language), language)


def settings(paths: list[Path]) -> Mapping[str, Any]:
    """Return what the settings files say together; an earlier one need only hold what it changes."""
    said: dict[str, Any] = {}
    for path in reversed(paths):
        if path.is_file():
            said = _merge(said, _read(path), path)
    return said


def _read(path: Path) -> dict[str, Any]:
    try:
        return toml.document(path.read_text(encoding="utf-8"), short(str(path)))
    except UnicodeDecodeError:
        raise SettingsError("not UTF-8", where=short(str(path)), remedy="save it as UTF-8") from None


def _merge(base: Mapping[str, Any], own: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return *base* with what *own* says instead. Raise SettingsError for a key that looks misspelt."""
    merged = dict(base)
    for key, value in own.items():
        close = get_close_matches(key, base, 1) if base and key not in base else []
        if close:
            remedy = f"did you mean {close[0]}?"
            raise SettingsError(f"a theme has no setting {key!r}", where=short(str(path)), remedy=remedy)
        old = base.get(key)
        if old is not None and type(old) is not type(value):
            remedy = f"write it as in the shipped file: {key} = {old!r}"
            raise SettingsError(f"{key} is of the wrong kind", where=short(str(path)), remedy=remedy)
        merged[key] = _merge(old, value, path) if isinstance(old, dict) else value
    return merged


def _themes(templates: tuple[Path, ...]) -> set[str]:
    return {found.parent.name for folder in templates for found in folder.glob(f"*/{SETTINGS}")}
