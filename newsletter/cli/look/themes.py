"""`newsletter themes`: which looks there are, what they are made of, and one of your own."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from newsletter.cli import offering, terminal
from newsletter.cli.group import Group
from newsletter.errors import NotFoundError, RefusedError, UsageError, cited, meant
from newsletter.files import issues
from newsletter.files.looks import themes as looks
from newsletter.files.workspace import Workspace

#: What `--as` writes; the settings stand below it, each behind a #.
OWN = """# A look of your own. All that is not here comes from the theme {like}.
about = ""
like = "{like}"

# What you change: take the # away from the line, and from the [table] above it.

"""

#: How a word list begins: without this nothing tells its letters.
HEAD = """# The letter's words in another language: write each translation between the quotes of its msgstr.
# What stands as %(name)s is filled in, and goes where it belongs in yours.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""
CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@click.group(cls=Group, alone="list")
def themes() -> None:
    """List, show and copy the looks that a letter can have. Without a command, list them."""


@themes.command("list")
@terminal.reporting
def list_themes(workspace: Workspace, as_json: bool) -> None:
    """List the themes that there are; a star marks the letter's.

    \b
    Examples:
      newsletter themes list
      newsletter themes list --json
    """
    used = workspace.settings.letter.theme
    rows = [
        {"name": each.name, "about": each.about, "like": each.like, "from": _origin(workspace, each)}
        for each in looks.known(workspace.templates)
    ]
    if as_json:
        terminal.emit({"themes": [{**row, "used": row["name"] == used} for row in rows]})
        return
    table = ((f"{row['name']}{'*' if row['name'] == used else ''}", row["from"], row["about"]) for row in rows)
    terminal.table(("theme", "from", "about"), table)


@themes.command()
@click.argument("name", shell_complete=offering.themes)
@terminal.reporting
def show(workspace: Workspace, name: str, as_json: bool) -> None:
    """Show the settings of the theme NAME as they count, and where each of its files comes from.

    The settings are TOML: any line can stand in your templates/NAME/theme.toml.

    \b
    Examples:
      newsletter themes show plain
      newsletter themes show letter --json
    """
    _there(workspace, name)
    found = looks.found(workspace.templates, name)
    settings = looks.settings([folder / looks.SETTINGS for folder in looks.chain(workspace.templates, name)])
    files = {path: _short(workspace, place) for path, place in looks.files(workspace.templates, name).items()}
    if as_json:
        rows = [{"path": path, "from": place} for path, place in files.items()]
        terminal.emit({
            "theme": name, "about": found.about, "like": found.like, "settings": settings, "files": rows
        })  # fmt: skip
        return
    terminal.show("\n".join(_toml({**settings, "like": found.like})))
    terminal.show("")
    terminal.table(("file", "from"), files.items())


@themes.command()
@click.argument("name", shell_complete=offering.themes)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--as", "new", metavar="NEW", default="", help="Make a theme NEW of your own that is like NAME.")
@terminal.reporting
def copy(workspace: Workspace, name: str, files: tuple[str, ...], new: str, as_json: bool) -> None:
    """Copy FILEs of the theme NAME into your templates, for you to change; all others stay as they are shipped.

    Without FILE all that the theme itself holds is copied; with --as nothing but its settings. What is there
    already is never overwritten.

    \b
    Examples:
      newsletter themes copy letter theme.toml
      newsletter themes copy letter footer.mjml footer.txt
      newsletter themes copy plain --as ours
    """
    _there(workspace, name)
    known = looks.files(workspace.templates, name)
    if new and not looks.NAME.fullmatch(new):
        raise UsageError(f"{cited(new)} cannot name a theme", remedy="use letters, digits and hyphens")
    if new in {folder.name for folder in looks.chain(workspace.templates, name)}:
        raise UsageError(f"{cited(new)} would be like itself", remedy="choose another name with --as")
    if missing := next((file for file in files if file not in known), None):
        remedy = meant(missing, known, f"`newsletter themes show {name}` lists them")
        raise NotFoundError(f"the theme {name} has no file {missing}", remedy=remedy)
    wanted = {file: known[file].read_bytes() for file in files} or ({} if new else _own(workspace, name))
    if new:
        wanted[looks.SETTINGS] = _settings(workspace, name)
    folder = workspace.root / "templates" / (new or name)
    written = _write(workspace, folder, wanted, finishes=not files)
    if as_json:
        terminal.emit({"theme": new or name, "files": written})
        return
    for path in written:
        terminal.show(path)
    if new:
        terminal.say(f'\nWrite theme = "{new}" into newsletter.toml to use it.')


@themes.command("words")
@click.argument("language", shell_complete=offering.languages, metavar="CODE")
@terminal.reporting
def words_of(workspace: Workspace, language: str, as_json: bool) -> None:
    """Write the English words that the language CODE has no translation for into templates/words/CODE.po.

    Each has room for yours below it. What stands in the file stays; run it again when a new version has new words.
    Words are shipped in Danish (da), Dutch (nl), English (en), Estonian (et), Finnish (fi), French (fr), German
    (de), Italian (it), Norwegian (nb), Polish (pl), Spanish (es), Swedish (sv) and Ukrainian (uk).

    \b
    Examples:
      newsletter themes words is
      newsletter themes words pt-BR
    """
    from newsletter.files.looks import untranslated, words

    if not CODE.fullmatch(language):
        raise UsageError(f"{cited(language)} is no language code", remedy='use codes such as "is" or "pt-BR"')
    if language.partition("-")[0] == words.OWN:
        raise UsageError("the templates are in English", remedy="name another language")
    more = untranslated.untranslated(workspace.templates, workspace.settings.letter.theme, language)
    rows = words.missing(workspace.templates, language, more)
    path = workspace.root / "templates" / "words" / f"{language}.po"
    if rows:
        before = path.read_text("utf-8").rstrip("\n") + "\n" if path.is_file() else HEAD.format(language=language)
        issues.write(path, f"{before}\n{rows}")
    number = rows.count("\nmsgstr ")
    if as_json:
        terminal.emit({"language": language, "file": _short(workspace, path), "words": number})
        return
    if rows:
        terminal.show(_short(workspace, path))
        terminal.say(
            f"\n{terminal.counted(number, 'text')} to translate: write each between the quotes of its msgstr."
        )
    elif path.is_file():
        terminal.say(f"Nothing is missing, or it waits in {_short(workspace, path)}.")
    else:
        own = _short(workspace, path)
        terminal.say(f"All words in {language} are shipped. To change one, write only that one into {own}.")
    if language not in workspace.settings.letter.languages:
        terminal.say(f'{"Then add" if rows else "Add"} "{language}" to languages in newsletter.toml to use it.')


def _there(workspace: Workspace, name: str) -> None:
    """Raise NotFoundError for a theme that is nowhere: no setting is to blame for what was typed here."""
    names = looks.names(workspace.templates)
    if name not in names:
        remedy = meant(name, names, f"known here: {', '.join(names)}")
        raise NotFoundError(f"no theme is called {cited(name)}", remedy=remedy)


def _own(workspace: Workspace, name: str) -> dict[str, bytes]:
    """Return the files that the shipped theme itself holds, not those of the theme that it is like."""
    folder = looks.found(workspace.templates, name).folders[-1]
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def _settings(workspace: Workspace, name: str) -> bytes:
    """Return a theme.toml that is like *name* and holds its settings for an editor to change."""
    folders = looks.chain(workspace.templates, name)
    said = looks.settings([folder / looks.SETTINGS for folder in folders])
    lines = _toml({key: value for key, value in said.items() if key not in {"about", "like"}})
    text = OWN.format(like=name) + "\n".join(f"# {line}" if line else "" for line in lines) + "\n"
    return text.encode()


def _write(workspace: Workspace, folder: Path, wanted: Mapping[str, bytes], finishes: bool) -> list[str]:
    """Write files into *folder*, each whole, or none. Raise RefusedError if one is there.

    What *finishes* a copy that was broken off finds some that say the same.
    """
    for name, content in wanted.items():
        if (folder / name).exists() and not (finishes and (folder / name).read_bytes() == content):
            remedy = "change that one, or remove it first; nothing was copied"
            raise RefusedError("it is there already", where=_short(workspace, folder / name), remedy=remedy)
    for name, content in wanted.items():
        issues.write(folder / name, content.decode())
    return [_short(workspace, folder / name) for name in wanted]


def _origin(workspace: Workspace, found: looks.Found) -> str:
    """Say whose a theme is."""
    own = [folder.is_relative_to(workspace.root) for folder in found.folders]
    return "yours" if all(own) else "shipped, changed by you" if any(own) else "shipped"


def _short(workspace: Workspace, path: Path) -> str:
    """Return a path as people know it: in the workspace, or as a shipped one."""
    if path.is_relative_to(workspace.root):
        return str(path.relative_to(workspace.root))
    return f"shipped {path.parent.relative_to(workspace.templates[-1])}"


def _toml(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield settings as lines of TOML: values first, then each table."""
    for key, value in values.items():
        if not isinstance(value, Mapping):
            yield f"{key} = {_value(value)}"
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield ""
            yield f"[{key}]"
            yield from (f"{name} = {_value(one)}" for name, one in value.items())


def _value(value: object) -> str:
    """Return a value in TOML; JSON writes texts, numbers and truths in the same way."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
