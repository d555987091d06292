"""`newsletter subscribers`: the people, as an editor meets them."""

import click

from newsletter.cli.group import Group
from newsletter.cli.people.growing import growth
from newsletter.cli.people.importing import import_people
from newsletter.cli.people.person import add, erase, move, show, suppress, unsubscribe
from newsletter.cli.people.roll import count, export, list_people
from newsletter.cli.people.takingback import take_back


@click.group(cls=Group)
def subscribers() -> None:
    """Import, add, list, show and remove people.

    \b
    Examples:
      newsletter subscribers import readers.csv --list monthly --consent "paper form, spring fair 2025"
      newsletter subscribers list --segment "city = 'Huddinge'"
      newsletter subscribers erase anna@example.org
    """


for command in (
    import_people, take_back, add, list_people, show, export, move, unsubscribe, suppress, erase,
    count, growth,
):  # fmt: skip
    subscribers.add_command(command)
