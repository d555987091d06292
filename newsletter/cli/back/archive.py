"""`newsletter archive`: the sent issues as files, for any web server or none."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from newsletter import archive as stage
from newsletter.archive import Bygone, Way
from newsletter.cli import terminal, wiring
from newsletter.cli.place import Folder
from newsletter.errors import UsageError, naming
from newsletter.files import issues as issuefiles
from newsletter.files.looks import themes
from newsletter.files.workspace import Workspace
from newsletter.model import Entry
from newsletter.rendering import datebook
from newsletter.spoken import called, locale
from newsletter.web.pages import archive as pages
from newsletter.web.pages import beside


@click.command()
@click.argument("folder", metavar="DIR", type=Folder())
@terminal.reporting
def archive(workspace: Workspace, folder: Path, as_json: bool) -> None:
    """Write every sent issue into DIR: a page in each of its languages, an index, and a feed.

    The pages are what readers got, with nothing of any reader in them; their links to each other and to pictures
    are relative, so that they work in any folder of any web server. Files of the same name are replaced, others
    stay. `newsletter serve` shows the same under /archive. A list with archive = false is left out.

    \b
    Examples:
      newsletter archive public
      newsletter archive /var/www/letters --json
    """
    if folder.resolve() == workspace.root.resolve():
        what = "this is the workspace, whose readers nobody may see who reads the archive"
        raise UsageError(what, where=str(folder), remedy="name a folder for its pages alone, such as public")
    with wiring.people(workspace) as connection:
        shelf = pages.Shelf(workspace.settings, connection)
        found = [shelf.twins(next(iter(each.values())).slug) for each in shelf.all()]
    writer = Writer(workspace, folder)
    writer.all(found)
    if as_json:
        rows = [{"issue": slug, "languages": languages} for slug, languages in writer.listed(found)]
        terminal.emit({"archive": str(folder), "issues": rows, "files": len(writer.written)})
        return
    count = terminal.counted(len(found), "issue")
    terminal.show(f"{folder}: {count}, {terminal.counted(len(writer.written), 'file')}; begin with index.html")


@dataclass(slots=True)
class Writer:
    """Writes the files of one archive into *folder*."""

    workspace: Workspace
    folder: Path
    written: dict[str, None] = field(default_factory=dict)

    def all(self, found: Sequence[Mapping[str, Bygone]]) -> None:
        """Write everything: letters, what lies beside them, an index and a feed in each language, and looks."""
        for twins in found:
            for one in twins.values():
                self._put(self.page(one.slug, one.language), self._letter(one, twins))
        letter = self.workspace.settings.letter
        for language in self._languages:
            self._put(self.page("index", language), self._index(language, found))
            # It is read far from its folder, so its links lead to where `serve` has the pages.
            feed = pages.atom(letter.to(language), language, found)
            self._put(self.page("feed", language, "xml"), feed)
        environment = themes.pages(self.workspace.templates, letter.language)
        theme = themes.load(self.workspace.templates, letter.theme, letter.language).settings
        for name in ("style.css", "icon.svg"):
            self._put(name, environment.get_template(f"pages/{name}").render(theme=theme))

    def page(self, name: str, language: str, kind: str = "html") -> str:
        """Return a file's name; the letter's first language needs none in it."""
        own = "" if language == self._languages[0] else f".{language}"
        return f"{name}{own}.{kind}"

    def listed(self, found: Iterable[Mapping[str, Bygone]]) -> Iterator[tuple[str, list[str]]]:
        """Yield each issue and its languages."""
        for twins in found:
            yield next(iter(twins.values())).slug, list(twins)

    @property
    def _languages(self) -> tuple[str, ...]:
        return self.workspace.settings.letter.languages

    def _letter(self, one: Bygone, twins: Mapping[str, Bygone]) -> str:
        base = re.escape(f"{self.workspace.settings.letter.base_url}/issues/{one.slug}/assets/")
        shown = re.sub(rf'{base}([^"\'\s)<>#?]+)', lambda found: self._file(one.slug, found), one.html)
        for number, event in enumerate(one.calendar, 1):
            shown = self._event(shown, one, number, event)
        name = self.workspace.settings.letter.to(one.language).name
        # Where these files will stand nobody knows here, and a card takes whole addresses only.
        told = stage.told(one, name, {})
        return stage.framed(replace(one, html=shown), self._ways(one, twins), name, told)

    def _event(self, shown: str, one: Bygone, number: int, event: Entry) -> str:
        """Write what the letter's link to an event for a reader's own calendar leads to, and lead there."""
        base = self.workspace.settings.letter.base_url
        page = pages.address(base, one.slug, one.language)
        name = self.page(f"{one.slug}.{number}", one.language, "ics")
        made = datebook.calendar([event], host=urlsplit(base).hostname or "", made=one.sent, page=page)
        self._put(name, made.decode("utf-8"))
        # With the sign behind it: the address of the first event begins that of the tenth.
        return shown.replace(f'{escape(datebook.address(page, number))}"', f'{name}"')

    def _file(self, slug: str, found: re.Match[str]) -> str:
        """Copy what lies beside the issue and is shown or linked to; what has gone keeps its address."""
        path = beside.find(self.workspace.issues, slug, unquote(found[1]))
        if path is None:
            return found[0]
        name = f"assets/{slug}/{found[1]}"
        target = self.folder / "assets" / slug / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with naming(target):
            target.write_bytes(path.read_bytes())
        self.written[name] = None
        return name

    def _ways(self, one: Bygone, twins: Mapping[str, Bygone]) -> Iterator[Way]:
        environment = themes.pages(self.workspace.templates, one.language)
        yield Way(self.page("index", one.language), pages.said(environment, "All letters"))
        for language in twins:
            if language != one.language:
                name = called(language, self.workspace.settings.letter.languages)
                yield Way(self.page(one.slug, language), name, language)
        base = self.workspace.settings.letter.base_url
        yield Way(f"{base}/subscribe?lang={one.language}", pages.said(environment, "Subscribe"))

    def _index(self, language: str, found: Sequence[Mapping[str, Bygone]]) -> str:
        settings = self.workspace.settings
        environment = themes.pages(self.workspace.templates, language)
        spoken = str(environment.globals["spoken"])
        context: dict[str, Any] = {
            "letter": settings.letter.to(language),
            "theme": {},
            "base": ".",
            "language": language,
            "dir": locale(spoken).text_direction,
            "languages": [],
            "switch": False,
            "years": pages.years(settings, language, spoken, found, self.page),
            "home": settings.letter.base_url,
            "feed": self.page("feed", language, "xml"),
            "twins": [
                (self.page("index", code), code, called(code, settings.letter.languages))
                for code in self._languages
            ],
        }
        return environment.get_template("pages/archive.html").render(context)

    def _put(self, name: str, text: str) -> None:
        issuefiles.write(self.folder / name, text)
        self.written[name] = None
