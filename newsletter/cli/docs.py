"""`newsletter docs`: the pages of the documentation, which come with the program, in the terminal."""

import os
import re
import sys
from io import StringIO
from pathlib import Path

import click

from newsletter.cli import offering, terminal
from newsletter.errors import NotFoundError, cited, meant
from newsletter.files import shipped

#: What a terminal cannot follow: a link to another page, to a place or a file of the repository, and a picture.
_WORDS = r"\[((?:`[^`\n]{1,80}`|[^\[\]`\n]){1,200})\]"
PAGE_LINK = re.compile(_WORDS + r"\((\w{1,40})\.md(?:#[\w-]{1,80})?\)")
OTHER_LINK = re.compile("(?<!!)" + _WORDS + r"\((?:#|\.\./)[^()\s]{1,200}\)")
PICTURE = re.compile("!" + _WORDS + r"\(pictures/[^()\s]{1,80}\)")


@click.command()
@click.argument("page", required=False, shell_complete=offering.pages)
def docs(page: str | None) -> None:
    """Show a page of the documentation, or list the pages.

    On a terminal it is drawn, and shown by the program that PAGER names; a file or a pipe gets it as Markdown.

    \b
    Examples:
      newsletter docs
      newsletter docs settings
      newsletter docs findings | grep contrast
    """
    pages = shipped.pages()
    if page is None:
        terminal.table(("page", "what it tells"), [(name, _title(path)) for name, path in pages.items()])
        return
    # A page may be named as the file that it is in the repository.
    name = page.casefold().rpartition("/")[2].removesuffix(".md")
    if name not in pages:
        remedy = meant(name, pages, f"the pages are {', '.join(pages)}")
        raise NotFoundError(f"there is no page {cited(page)}", remedy=remedy)
    _show(pages[name].read_text(encoding="utf-8"))


def _title(page: Path) -> str:
    with page.open(encoding="utf-8") as lines:
        return lines.readline().lstrip("# ").rstrip().replace("`", "")


def _show(text: str) -> None:
    width = terminal.columns(sys.stdout)
    if not width:
        click.echo(text, nl=False)
        return
    # As git has it: what fits on the screen needs no key to leave, and colours are shown.
    os.environ.setdefault("LESS", "FRX")
    click.echo_via_pager(drawn(text, width))


def drawn(text: str, width: int) -> str:
    """Return a page as it looks in a terminal of *width* columns."""
    from rich.console import Console
    from rich.markdown import Markdown

    text = PAGE_LINK.sub(r"\1 (`newsletter docs \2`)", text)
    text = PICTURE.sub(r"(a picture: \1)", OTHER_LINK.sub(r"\1", text))
    page = StringIO()
    no_color = bool(os.environ.get("NO_COLOR"))
    console = Console(file=page, width=width, height=terminal.TALL, force_terminal=True, no_color=no_color)
    console.print(Markdown(text, hyperlinks=False))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"
