"""A group of commands, as `newsletter subscribers` is one."""

import click

#: The longest sentence that says what a command does, in characters.
SENTENCE = 300


class Group(click.Group):
    """A group that says in a whole sentence what each of its commands does, on as many lines as that takes."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of the commands, each with the first sentence of its help."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(SENTENCE)) for name, one in commands if one])
