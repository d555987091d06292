"""Make the mail of welcome out of an issue, for a list that names one: what is in it is what an issue may hold."""

from collections.abc import Mapping, Sequence

from newsletter import personal, render
from newsletter.cli.look import rendering
from newsletter.errors import IssueError
from newsletter.files import issues
from newsletter.files.workspace import Workspace
from newsletter.model import Issue, Rendered
from newsletter.render import Filled
from newsletter.settings.roll import Titled
from subscribers.model import Subscriber


def named(lists: Sequence[Titled], slug: str) -> str:
    """Return the issue that welcomes to the list *slug*, to several ("") one that they all name; "" for none."""
    found = {each.greeting for each in lists if each.welcome and slug in ("", each.slug)}
    return found.pop() if len(found) == 1 else ""


def rendered(workspace: Workspace, slug: str, language: str) -> tuple[Rendered, Issue]:
    """Return the words of the issue *slug* for readers of *language*, and the twin that they are from.

    Raise NotFoundError, TemplateError, or IssueError, also for a question: answers are counted by a send.
    """
    twins = issues.load(workspace, slug)
    made, one = rendering.Twins(workspace, twins).variant(language), rendering.twin(twins, language)
    if made.questions:
        where, remedy = one.path, "take the question out, and ask it in a letter"
        raise IssueError("a mail of welcome cannot ask anything", where=where, remedy=remedy)
    return made, one


def filled(made: Rendered, reader: Subscriber, links: Mapping[str, str]) -> Filled:
    """Return it as *reader* gets it. *links* are the addresses by which they leave, or change what they get."""
    values = personal.values(reader.name, reader.address.typed, made.language, reader.attributes)
    return render.fill(made, {**values, **links})
