"""`newsletter form`: a signup form in HTML, to paste into a web site of your own."""

import click

from newsletter.cli import offering, terminal
from newsletter.errors import NotFoundError, cited
from newsletter.files.looks import themes
from newsletter.files.workspace import Workspace
from newsletter.spoken import locale
from newsletter.web.form import HONEYPOT, agreed


@click.command()
@offering.language_option("The form's language; the letter's first one without it.")
@click.option(
    "--list",
    "slugs",
    shell_complete=offering.lists,
    metavar="L",
    multiple=True,
    help="Offer this list, and others named so; all without it.",
)
@click.option("--topics/--no-topics", default=True, help="Ask for topics too, if the letter has any.")
@click.option(
    "--fields/--no-fields",
    default=True,
    help="Ask for your own fields too; those that must be answered are always asked for.",
)
@terminal.reporting
def form(
    workspace: Workspace, language: str, slugs: tuple[str, ...], topics: bool, fields: bool, as_json: bool
) -> None:
    """Print a signup form for your own web site.

    It posts to the signup page at [letter] base_url, which shows what was filled in once more, asks for one press
    of the button, and then sends the mail that asks to confirm. It needs no script, and carries no style.

    \b
    Examples:
      newsletter form > form.html
      newsletter form --language sv --list monthly --no-topics
    """
    settings = workspace.settings
    code = settings.letter.spoken(language or settings.letter.language)
    offered = {each.slug: each for each in settings.lists}
    unknown = [slug for slug in slugs if slug not in offered]
    if unknown:
        raise NotFoundError(f"there is no list {cited(unknown[0])}", remedy=f"known here: {', '.join(offered)}")
    chosen = [offered[slug] for slug in slugs or offered]
    pages = themes.pages(workspace.templates, code)
    html = pages.get_template("pages/embed.html").render(
        letter=settings.letter.to(code),
        language=code,
        dir=locale(str(pages.globals["spoken"])).text_direction,
        lists=[(each, agreed(pages, each, code)) for each in chosen],
        topics=settings.topics if topics else (),
        fields=[field for field in settings.fields if fields or field.required],
        honeypot=HONEYPOT,
    )
    if as_json:
        terminal.emit({"form": html, "language": code, "lists": [each.slug for each in chosen]})
    else:
        terminal.show(html)
