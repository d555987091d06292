"""What a form for signing up has on every page, ours or a site's own. Knows no server."""

from jinja2 import Environment

from newsletter.config import Titled

#: The field that people do not see. Only a program fills it in.
HONEYPOT = "website"


def agreed(pages: Environment, each: Titled, language: str) -> str:
    """Return the exact sentence that stands beside the button for this list; *pages* is in *language*."""
    return pages.get_template("pages/agreed.txt").render(title=each.title(language)).strip()
