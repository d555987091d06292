"""Write docs/commands.md from the commands themselves: `python -m tests.reference`."""

from collections.abc import Iterator
from pathlib import Path

import click

from newsletter.cli.main import COMMANDS, cli

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"

HEAD = """\
# Commands

Data goes to stdout, talk and progress to stderr. Commands that report take `--json`: one document, errors too
(`{"error": {"code", "message", "hint"}}`). `--yes` answers every question; without a terminal nothing is asked.
`NO_COLOR` is obeyed. `newsletter --workspace DIR COMMAND` works on a letter in another folder.

| exit code | means |
|---|---|
| 0 | done |
| 1 | failed |
| 2 | asked for in a way that makes no sense |
| 3 | something was found that must be mended |
| 4 | not found |
| 5 | refused |
| 6 | partly sent |
| 7 | nothing is new to make an issue of |
| 75 | try again later |
| 130, 143 | interrupted by Ctrl-C, ended by SIGTERM |

This page is made from the commands' own help by `make docs`.
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    root = click.Context(cli, info_name="newsletter", **cli.context_settings)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        parts.extend(_chapter(command, name, root, "##"))
    return "\n".join(parts)


def _chapter(command: click.Command, name: str, parent: click.Context, level: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100)
    yield f"{level} `{context.command_path}`\n"
    yield f"```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            inner = command.get_command(context, sub)
            assert inner is not None
            yield from _chapter(inner, sub, context, "###")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
