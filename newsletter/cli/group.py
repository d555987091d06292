"""A group of commands, as `newsletter subscribers` is one."""

from typing import Any

import click

#: The longest sentence that says what a command does, in characters.
SENTENCE = 300


class Group(click.Group):
    """A group that says in a whole sentence what each of its commands does, on as many lines as that takes.

    *alone* is the one that it runs where none is named, "" to show its help then.
    """

    def __init__(self, *arguments: Any, alone: str = "", **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.alone = alone

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in its place where there is none, or an option of its own."""
        named = args and (not args[0].startswith("-") or args[0] in ctx.help_option_names)
        # Who presses Tab is offered all commands.
        if self.alone and not named and not ctx.resilient_parsing:
            args = [self.alone, *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of the commands, each with the first sentence of its help."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(SENTENCE)) for name, one in commands if one])
