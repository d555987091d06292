"""`newsletter init`: a workspace that works as it is."""

import shlex
from pathlib import Path

import click

from newsletter.cli import terminal, wiring
from newsletter.cli.place import Folder
from newsletter.files.new import make


@click.command()
@click.argument("folder", metavar="DIR", type=Folder())
@click.option("--name", help="The letter's name; the folder's name if you say nothing.")
@terminal.json_option
def init(folder: Path, name: str | None, as_json: bool) -> None:
    """Make a workspace in DIR that works as it is.

    It holds commented settings, a sample issue, a sample source, a database for your readers with its key, and
    sends to the catcher on this machine until you name an SMTP server. Nothing that exists is replaced.

    \b
    Examples:
      newsletter init my-letter
      newsletter init my-letter --name "News from the harbour"
    """
    words = folder.absolute().name.replace("-", " ").replace("_", " ")
    called = name or f"{words[:1].upper()}{words[1:]}"
    made = make(folder, called, terminal.now().date(), lambda workspace: wiring.opened(workspace).close())
    if as_json:
        terminal.emit({"workspace": str(made.root)})
        return
    inside = folder.resolve() == Path.cwd()
    what = "the workspace here" if inside else str(folder)
    terminal.say(f"Made {what}. It sends to the catcher on this machine until you name an SMTP server.")
    cd = (f"cd {shlex.quote(str(folder))}", "go there; the commands below work in it")
    terminal.what_next(
        *(() if inside else (cd,)),
        ("newsletter preview 0001-hello", "look at the sample issue in your browser"),
        ("newsletter fetch", "collect what its sources have: one sample article, for now"),
        ("newsletter articles add FILE_OR_URL", "collect an article by hand"),
        (f"newsletter compose {terminal.now():%Y-%m}", "write an issue from what is new"),
    )
