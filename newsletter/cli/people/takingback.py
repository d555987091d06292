"""`newsletter subscribers take-back`: undo an import."""

from pathlib import Path

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.people.incoming import called, progress
from newsletter.cli.people.person import SOURCE
from newsletter.errors import NotFoundError, cited, textual
from newsletter.files.workspace import Workspace
from subscribers.store.register import lists, takeback


@click.command("take-back")
@click.argument("file", type=click.Path(path_type=Path))
@offering.list_option("The list that it was imported into.", required=True)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def take_back(workspace: Workspace, file: Path, list_: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Take back the newest import of FILE into a list: it was the wrong file, list or column.

    Who came by it alone is forgotten, and may be imported again. Who was here before stands in the list as they
    stood before it. Who was sent something since is unsubscribed. Who said something themselves since stays, and
    so does who left elsewhere. FILE is known by its name, and not read. What the file said of people who were here
    before (names, topics, attributes) stays: only a backup has what was there.

    \b
    Examples:
      newsletter subscribers take-back readers.csv --list monthly --dry-run
      newsletter subscribers take-back readers.csv --list monthly
    """
    with wiring.people(workspace) as connection:
        lists.number(connection, list_)
        name = textual(called(file).name)
        found = takeback.newest(connection, name, list_)
        if found is None:
            raise NotFoundError(
                f"no import of {cited(name)} into {list_} is there to take back",
                remedy="`newsletter consent show ADDRESS` shows by which file somebody came",
            )
        when = terminal.clock(found.at, workspace.settings.letter.timezone)
        if not dry_run:
            question = f"Take back the import of {name} into {list_} of {when}? {_told(found)}"
            terminal.confirm(question, "nothing was taken back", yes)
            everybody = found.goes + found.returns + found.leaves + found.stays
            with progress(everybody, "Taking back") as advance:
                takeback.take_back(connection, found, SOURCE, terminal.now(), advance)
    if as_json:
        counts = {key: getattr(found, key) for key in ("goes", "returns", "leaves", "stays")}
        terminal.emit({"file": name, "list": list_, "at": found.at.isoformat(), "dry_run": dry_run, **counts})
    else:
        begin = "Would take back" if dry_run else "Took back"
        terminal.show(f"{begin} the import of {name} into {list_} of {when}: {_told(found)}")


def _told(found: takeback.Import) -> str:
    """Return what becomes of everybody, in a sentence."""
    parts = (
        (found.goes, "forgotten, having come by it alone"),
        (found.returns, f"as before in {found.list}"),
        (found.leaves, "unsubscribed, since letters went to them"),
        (found.stays, "left alone, having said something themselves since, or left"),
    )
    return "; ".join(f"{count:,} {words}" for count, words in parts if count) + "."
