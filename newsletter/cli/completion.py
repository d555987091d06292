"""`newsletter completion`: the script that lets a shell complete our commands."""

import click
from click.shell_completion import get_completion_class

from newsletter.cli.main import cli

#: How each shell is told to read the script when it starts.
HINTS = {
    "bash": 'add to ~/.bashrc:  eval "$(newsletter completion bash)"',
    "zsh": 'add to ~/.zshrc:  eval "$(newsletter completion zsh)"',
    "fish": "run once:  newsletter completion fish > ~/.config/fish/completions/newsletter.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(HINTS)))
def completion(shell: str) -> None:
    """Print the completion script for your shell.

    \b
    Examples:
      eval "$(newsletter completion bash)"          in ~/.bashrc
      eval "$(newsletter completion zsh)"           in ~/.zshrc
      newsletter completion fish > ~/.config/fish/completions/newsletter.fish
    """
    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover - the choice above lists what click knows
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(cli, {}, "newsletter", "_NEWSLETTER_COMPLETE").source())
    if click.get_text_stream("stdout").isatty():
        click.echo(f"To keep it, {HINTS[shell]}", err=True)
