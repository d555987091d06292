"""`newsletter completion`: the script that lets a shell complete our commands."""

import sys

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from newsletter.cli.main import cli

SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "fish": FishComplete, "zsh": ZshComplete}

#: How each shell is told to read the script when it starts.
HINTS = {
    "bash": 'add to ~/.bashrc:  eval "$(newsletter completion bash)"',
    "zsh": 'add to ~/.zshrc:  eval "$(newsletter completion zsh)"',
    "fish": "run once:  newsletter completion fish > ~/.config/fish/completions/newsletter.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
def completion(shell: str) -> None:
    """Print the completion script for your shell.

    \b
    Examples:
      eval "$(newsletter completion bash)"          in ~/.bashrc
      eval "$(newsletter completion zsh)"           in ~/.zshrc
      newsletter completion fish > ~/.config/fish/completions/newsletter.fish
    """
    click.echo(SHELLS[shell](cli, {}, "newsletter", "_NEWSLETTER_COMPLETE").source())
    if sys.stdout.isatty():
        click.echo(f"To keep it, {HINTS[shell]}", err=True)
