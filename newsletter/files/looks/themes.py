"""Themes on the disk: folders of templates with a `theme.toml`.

A workspace's files shadow the shipped ones, one by one; its `theme.toml` need only say what it changes. A theme
that is ``like`` another one has all that the other has, and only holds what differs.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from newsletter import conflict, toml
from newsletter.errors import SettingsError, TemplateError, cited
from newsletter.files.looks import memory, words
from newsletter.rendering import template
from newsletter.rendering.template import Theme, short

SETTINGS = "theme.toml"
NAME = re.compile(r"[^\W_][\w.-]{0,63}")
#: What Outlook understands as a colour everywhere, and contrast can be counted of.
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
#: Tables of whole pixels, and the most that a letter of 600 pixels can bear.
PIXELS = {"space": 80, "size": 60}
#: Where the masthead can stand.
ALIGNED = ("center", "start")


@dataclass(frozen=True, slots=True)
class Found:
    """A theme that can be used. *folders* are its own, the workspace's first; *like* is what it rests on."""

    name: str
    about: str
    like: str
    folders: tuple[Path, ...]


class Templates(FileSystemLoader):
    """Reads templates, and refuses what would reach readers as it stands, or what no template can be."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(folders)
        self._folders = [folder.resolve() for folder in folders]

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, its file, and whether that is as it was. Raise TemplateError."""
        try:
            source, file, as_it_was = super().get_source(environment, template)
        except UnicodeDecodeError:
            raise TemplateError("not UTF-8", where=f"templates/{template}", remedy="save it as UTF-8") from None
        _stay(Path(file), self._folders)
        conflict.refuse(source.split("\n"), short(file), TemplateError)
        return source, file, as_it_was


def _stay(path: Path, folders: Iterable[Path]) -> None:
    """Raise TemplateError for a link that leads out of *folders*, which are no links themselves.

    Somebody else's theme may bring one to a key or a password, and readers would get what it leads to.
    """
    own = path.resolve()
    if not any(own.is_relative_to(folder) for folder in folders):
        remedy = "put the file itself there; a whole theme may be a link"
        raise TemplateError("this link leads out of the templates", where=short(str(path)), remedy=remedy)


def load(templates: tuple[Path, ...], name: str, language: str) -> Theme:
    """Return the theme *name* in *language*; *templates* are the folders to look in, the first counts most.

    Raise TemplateError if there is no such theme, SettingsError for a `theme.toml` that cannot be read.
    """
    folders = chain(templates, name)
    loader = Templates([*folders, *templates])
    environment = template.environment(loader, words.load(templates, language), language, memory.room)
    return Theme(name, language, environment, settings([folder / SETTINGS for folder in folders]))


def pages(templates: tuple[Path, ...], language: str) -> Environment:
    """Return the environment for web pages in *language*: ``pages/NAME.html``, escaped, with the words.

    Its global ``spoken`` is the language that the words are in.
    """
    made = template.environment(Templates(templates), words.load(templates, language), language)
    made.globals["spoken"] = words.spoken(templates, language)
    return made


def known(templates: tuple[Path, ...]) -> tuple[Found, ...]:
    """Return every theme there is, by name. Raise as `load` does."""
    return tuple(found(templates, name) for name in names(templates))


def names(templates: tuple[Path, ...]) -> list[str]:
    """Return the name of every theme there is, in order."""
    return sorted({path.parent.name for folder in templates for path in folder.glob(f"*/{SETTINGS}")})


def found(templates: tuple[Path, ...], name: str) -> Found:
    """Return one theme. Raise as `load` does."""
    folders = [folder for folder in chain(templates, name) if folder.name == name]
    said = settings([folder / SETTINGS for folder in chain(templates, name)])
    return Found(name, str(said.get("about", "")), _like(folders), tuple(folders))


def chain(templates: tuple[Path, ...], name: str) -> list[Path]:
    """Return the folders that a theme's files are looked for in: its own, then those of what it is like.

    Raise SettingsError for one that is missing, or is like itself in the end.
    """
    folders: list[Path] = []
    seen: list[str] = []
    while name or not seen:
        if name in seen:
            what = f"the themes {' and '.join(seen)} are like each other"
            raise SettingsError(what, where=short(str(folders[0] / SETTINGS)), remedy="let one be like no other")
        seen.append(name)
        own = [folder / name for folder in templates if NAME.fullmatch(name) and (folder / name).is_dir()]
        if not own or not any((folder / SETTINGS).is_file() for folder in own):
            raise _missing(templates, name, short(str(folders[-1] / SETTINGS)) if folders else "newsletter.toml")
        folders += own
        name = _like(own)
    return folders


def files(templates: tuple[Path, ...], name: str) -> Mapping[str, Path]:
    """Return where each file of a theme lies, by its path within the theme. Raise as `load` does."""
    places: dict[str, Path] = {}
    for folder in chain(templates, name):
        for path in sorted(folder.rglob("*.*")):
            places.setdefault(str(path.relative_to(folder)), path)
    return dict(sorted(places.items()))


def settings(paths: list[Path]) -> Mapping[str, Any]:
    """Return what the settings files say together; an earlier one need only hold what it changes.

    Raise SettingsError for what no letter can be drawn with.
    """
    said: dict[str, Any] = {}
    for path in reversed(paths):
        if path.is_file():
            own = _read(path)
            said = _merge(said, own, path)
            _check(own, path)
    return said


def _like(folders: list[Path]) -> str:
    """Return the theme that the one in *folders* rests on, or ""."""
    said = (_read(folder / SETTINGS).get("like", "") for folder in folders if (folder / SETTINGS).is_file())
    return str(next(filter(None, said), ""))


def _read(path: Path) -> dict[str, Any]:
    shown = short(str(path))
    _stay(path, [path.parent.parent.resolve(), path.parent.resolve()])
    return toml.document(toml.decode(path.read_bytes(), shown), shown)


def _merge(
    base: Mapping[str, Any],
    own: Mapping[str, Any],
    path: Path,
    tables: Mapping[str, Any] | None = None,
    table: str = "",
) -> dict[str, Any]:
    """Return *base* with what *own* says instead; *tables* is where all keys belong, None for *base* itself.

    *table* is the name of this one.

    Raise SettingsError for a key that looks misspelt, or stands outside its table.
    """
    merged, tables = dict(base), base if tables is None else tables
    for key, value in own.items():
        if key not in base and (homes := [name for name, each in tables.items() if _alike(each, key, value)]):
            remedy = f"write {' or '.join(f'[{name}]' for name in homes)} above it"
            raise SettingsError(f"{key} stands outside its table", where=_line(path, table, key), remedy=remedy)
        close = get_close_matches(key, base, 1) if base and key not in base else []
        if close:
            remedy = f"did you mean {close[0]}?"
            raise SettingsError(
                f"a theme has no setting {cited(key)}", where=_line(path, table, key), remedy=remedy
            )
        old = base.get(key)
        if old is not None and type(old) is not type(value):
            remedy = f"write it as in the shipped file: {key} = {json.dumps(old, ensure_ascii=False)}"
            raise SettingsError(f"{key} is of the wrong kind", where=_line(path, table, key), remedy=remedy)
        merged[key] = _merge(old, value, path, tables, key) if isinstance(old, dict) else value
    return merged


def _alike(table: object, key: str, value: object) -> bool:
    """Whether *table* has such a value under *key*: a colour, or something else of its type."""
    old = table.get(key) if isinstance(table, dict) else None
    return type(old) is type(value) and bool(COLOUR.fullmatch(str(old))) == bool(COLOUR.fullmatch(str(value)))


def _check(own: Mapping[str, Any], path: Path) -> None:
    for table, key, value in _each(own, ("colours", "dark")):
        if not COLOUR.fullmatch(str(value)):
            what = f"{key} in [{table}] is no colour: {cited(value)}"
            raise SettingsError(
                what, where=_line(path, table, key), remedy=f'write it as {key} = "{_six(str(value))}"'
            )
    for table, key, value in _each(own, tuple(PIXELS)):
        if not isinstance(value, int) or not 0 <= value <= PIXELS[table]:
            what = f"{key} in [{table}] cannot be {cited(value)}"
            raise SettingsError(
                what, where=_line(path, table, key), remedy=f"choose a whole number from 0 to {PIXELS[table]}"
            )
    align = own.get("masthead", {}).get("align", "center")
    if align not in ALIGNED:
        remedy = f"choose {' or '.join(ALIGNED)}"
        raise SettingsError(
            f"align in [masthead] cannot be {cited(align)}", where=_line(path, "masthead", "align"), remedy=remedy
        )
    for place in own.get("social", []):
        if not isinstance(place, dict) or not all(place.get(key) for key in ("name", "url")):
            remedy = 'write it as social = [{ name = "LinkedIn", url = "https://…" }]'
            raise SettingsError(
                "a place in social has no name or no url", where=_line(path, "", "social"), remedy=remedy
            )


def _line(path: Path, table: str, key: str) -> str:
    """Return ``path:line`` of *key* in *table*, "" for none."""
    return toml.Lines(path.read_text("utf-8", "replace"), short(str(path))).where(table, None, key)


def _six(colour: str) -> str:
    """Return a colour with its # and six digits, another one where *colour* is none at all."""
    digits = colour.strip().removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    return f"#{digits}" if COLOUR.fullmatch(f"#{digits}") else "#7a3b00"


def _each(own: Mapping[str, Any], tables: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
    for table in tables:
        for key, value in own.get(table, {}).items():
            yield table, key, value


def _missing(templates: tuple[Path, ...], name: str, where: str) -> TemplateError:
    remedy = f'known here: {", ".join(names(templates))}; set theme = "letter" in newsletter.toml'
    return TemplateError(f"no theme is called {cited(name)}", where=where, remedy=remedy)
