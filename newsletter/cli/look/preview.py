"""`newsletter preview`: the issue in the browser, while the editor writes it."""

import logging
import os
import secrets
import signal
import socket
import sys
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import already, offering, terminal
from newsletter.cli.place import NewFile
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from newsletter.files.workspace import Workspace


@click.command()
@click.argument("slug", shell_complete=offering.issues, required=False)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on; 0 takes a free one."
)
@click.option("--no-open", is_flag=True, help="Only print the address.")
@click.option("--html", "page", type=NewFile(), help="Write one page to FILE, and end.")
@click.pass_context
def preview(context: click.Context, slug: str | None, port: int, no_open: bool, page: Path | None) -> None:
    """Show the issue SLUG (or the one saved last) in the browser, and reload whenever you save.

    Desktop, phone, dark mode, plain text, source, every language and segment, and what `check` finds. Only this
    machine can see it; Ctrl-C ends it. A page that --html writes shows the letter to colleagues: in every
    language, on a desktop, on a phone, in the dark and as text. It holds all in one file, but for pictures on
    the web.

    \b
    Examples:
      newsletter preview
      newsletter preview 2025-06
      newsletter preview 2025-06 --port 8080 --no-open
      newsletter preview 2025-06 --html june.html
    """
    import asyncio

    from newsletter.cli.look.studio import WorkspaceStudio
    from newsletter.files import issues
    from newsletter.files.looks import themes
    from newsletter.web import preview as web
    from newsletter.web.listen import open_socket

    workspace = terminal.here(context)
    studio = WorkspaceStudio(workspace.root)
    chosen = slug or issues.last(workspace.root)
    if not (workspace.issue(chosen) / "issue.md").is_file():
        raise issues.missing(workspace, chosen)
    if page:
        if port or no_open:
            raise UsageError("--html serves nothing", remedy="leave out --port and --no-open")
        _write(workspace, chosen, page)
        return
    token = secrets.token_urlsafe(24)
    pages = themes.pages(workspace.templates, "en")
    listener = open_socket("127.0.0.1", port, "choose another with --port")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/{token}/{chosen}/"
    click.echo(url)
    terminal.say("Save the issue, and the page follows. Ctrl-C ends the preview.")
    already.tell(workspace, chosen)
    if not no_open and has_display():
        webbrowser.open(url)
    asyncio.run(_serve(lambda ending: web.app(studio, pages, token, ending), listener))
    terminal.say("The preview has ended.")


def _write(workspace: "Workspace", slug: str, page: Path) -> None:
    """Write an issue to *page* for colleagues. Raise NewsletterError."""
    from newsletter.cli.look import handout
    from newsletter.errors import naming

    made = handout.page(workspace, slug)
    with naming(page):
        page.write_text(made, encoding="utf-8")
    size = max(1, page.stat().st_size // 1024)
    terminal.say(f"Wrote {page} ({size:,} KB) for colleagues: send it, or put it where they find it.")
    already.tell(workspace, slug)


async def _serve(
    app: Callable[[Callable[[], bool]], Callable[..., Awaitable[None]]], listener: socket.socket
) -> None:
    """Show the preview until somebody ends it; *app* is told whether that is so."""
    import asyncio

    from newsletter.web.listen import Server

    # A page that is asked for while the preview ends is nobody's fault.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    ended = asyncio.Event()
    server = Server(app(ended.is_set))

    def end() -> None:
        ended.set()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    await server.serve(sockets=[listener])


def has_display() -> bool:
    """Whether a browser could open a window here."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
