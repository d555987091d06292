"""`newsletter catch`: the built-in SMTP catcher with its inbox page."""

import asyncio
import signal
from pathlib import Path

import click

from newsletter.catch.server import HOST, Catcher
from newsletter.cli.place import Folder
from newsletter.cli.terminal import emit, here, json_option, say
from newsletter.errors import NotFoundError
from newsletter.files.workspace import Workspace

SMTP_PORT = 2525
WEB_PORT = 8025
FOLDER = ".catch"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Where to take mail; 0 for any free port.")
@click.option(
    "--web-port", type=click.IntRange(0, 65535), default=WEB_PORT, show_default=True, help="Where to show it."
)
@click.option("--dir", "folder", type=Folder(), help="Where to keep it.")
@click.option("--clear", is_flag=True, help="Begin with an empty inbox.")
@click.option("--quiet", is_flag=True, help="Say nothing.")
@json_option
@click.pass_context
def catch(
    context: click.Context,
    port: int | None,
    web_port: int,
    folder: Path | None,
    clear: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Catch mail on this machine and show it in the browser; deliver none of it.

    In a workspace it listens where the first SMTP route on this machine sends to, and keeps mail in .catch there.
    Elsewhere it listens on port 2525 and keeps mail in .catch of the current folder. Ctrl-C ends it; what was
    caught stays.

    \b
    Examples:
      newsletter catch
      newsletter catch --clear
      newsletter catch --port 1025 --web-port 8080 --dir /tmp/mail
    """
    workspace = _workspace(context)
    if port is None:
        port = _port(workspace)
    if folder is None:
        folder = (workspace.root if workspace else Path()) / FOLDER
    catcher = Catcher(folder, smtp_port=port, web_port=web_port)
    if clear:
        catcher.mailbox.clear()
    asyncio.run(_run(catcher, quiet, as_json))


def _workspace(context: click.Context) -> Workspace | None:
    try:
        return here(context)
    except NotFoundError:
        if context.find_root().obj:
            raise
        return None


def _port(workspace: Workspace | None) -> int:
    routes = workspace.settings.routes if workspace else ()
    return next((route.port for route in routes if route.loopback), SMTP_PORT)


async def _run(catcher: Catcher, quiet: bool, as_json: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with catcher:
        if as_json:
            smtp = f"{HOST}:{catcher.smtp_port}"
            emit(
                {"smtp": smtp, "inbox": catcher.url, "folder": str(catcher.mailbox.folder), "count": catcher.count}
            )
        elif not quiet:
            say(f"Mail to {HOST}, port {catcher.smtp_port}, is caught; nothing of it is delivered.")
            held = f" ({catcher.count:,} from before)" if catcher.count else ""
            say(f"Inbox: {catcher.url}{held}")
            say("Ctrl-C ends this; what was caught stays.")
        await stop.wait()
