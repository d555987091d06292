"""`newsletter completion`: the script that lets a shell complete our commands, and how it asks them."""

import sys

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)


class _Joined(ShellComplete):
    """Completes what is joined to its option, as `--list=mon`, where a shell replaces the whole word."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return what may stand for *incomplete* after *args*."""
        found = super().get_completions(args, incomplete)
        option, sign, _ = incomplete.partition("=")
        if not (sign and option.startswith("-")):
            return found
        return [CompletionItem(f"{option}={one.value}", type=one.type, help=one.help) for one in found]


class Bash(BashComplete):
    """Bash, which tells the sign of `--list=mon` as a word, and replaces what comes after it."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is typed, and that one."""
        words, typed = super().get_completion_args()
        return (words[:-1] if words[-1:] == ["="] else words), typed


class Zsh(_Joined, ZshComplete):
    """Zsh, which has no compdef before somebody calls compinit."""

    source_template = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }\n" + (
        ZshComplete.source_template
    )


class Fish(_Joined, FishComplete):
    """Fish, which shall show a description whole that has a comma."""

    source_template = FishComplete.source_template.replace('(string split "," ', '(string split --max 1 "," ')


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "fish": Fish, "zsh": Zsh}

PROGRAM = "newsletter"

#: How each shell is told to read the script when it starts.
HINTS = {
    "bash": 'add to ~/.bashrc:  eval "$(newsletter completion bash)"',
    "zsh": 'add to ~/.zshrc:  eval "$(newsletter completion zsh)"',
    "fish": "add to ~/.config/fish/config.fish:  newsletter completion fish | source",
}


def register() -> None:
    """Tell click how our shells ask, and how they want their answers."""
    for name, shell in SHELLS.items():
        add_completion_class(shell, name)


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for your shell.

    Tab then completes commands and options, and the names of your issues, sends, lists, segments, sources and
    themes.

    \b
    Examples:
      eval "$(newsletter completion bash)"          in ~/.bashrc
      eval "$(newsletter completion zsh)"           in ~/.zshrc
      newsletter completion fish | source           in ~/.config/fish/config.fish
    """
    click.echo(SHELLS[shell](context.find_root().command, {}, PROGRAM, f"_{PROGRAM}_COMPLETE".upper()).source())
    if sys.stdout.isatty():
        click.echo(f"To keep it, {HINTS[shell]}", err=True)
