"""One variant as one reader sees it, for the preview: letter, text, and the head of the message."""

from collections.abc import Mapping
from email import message_from_bytes, policy

from newsletter import message, personal, render
from newsletter.cli import terminal, wiring
from newsletter.cli.look import freezing, rendering
from newsletter.files.workspace import Workspace
from newsletter.gate.proof import others, sample
from newsletter.mail.letterhead import voice
from newsletter.model import Issue, Rendered
from newsletter.spoken import called
from newsletter.web.preview import NOBODY, OTHERS, SAMPLE, Letter, View
from subscribers.errors import PeopleError
from subscribers.store.register import people


def named(one: rendering.Wanted) -> View:
    """Return a variant by its name, with the file that it comes from."""
    own = called(one.issue.language)
    # Whose language has no twin reads another's.
    readers = own if one.language == one.issue.language else f"{called(one.language)}, who read {own}"
    name = " · ".join((readers, *sorted(one.segments), *(("B",) if one.arm else ())))
    return View(name, one.issue.path, one.issue.source)


def letter(workspace: Workspace, issue: Issue, rendered: Rendered, reader: int = SAMPLE) -> Letter:
    """Return a variant as *reader* sees it: a reader's number, SAMPLE, NOBODY or OTHERS. Raise PeopleError."""
    settings = workspace.settings.letter
    values = _values(workspace, rendered, reader)
    filled = render.fill(rendered, values)
    # Files beside the issue are asked of the preview itself, not of `serve`, which need not run.
    html = filled.html.replace(f'"{settings.base_url}/issues/{issue.slug}/', '"')
    usual = sample(rendered, workspace.settings)
    by = voice(settings, rendered.language, issue)
    return Letter(
        by.name or by.address,
        filled.subject,
        filled.preheader,
        html=html,
        text=filled.text,
        others=tuple(_told(usual, other) for other in others(rendered, workspace.settings)),
    )


def headers(workspace: Workspace, issue: Issue, rendered: Rendered, reader: int = SAMPLE) -> str:
    """Return the head of the message, unfolded and readable; signatures and stamps come when it is sent."""
    values = _values(workspace, rendered, reader)
    head = freezing.letterhead(workspace, freezing.list_of(workspace, issue), rendered.language, issue)
    address = values.get("email") or sample(rendered, workspace.settings)["email"]
    own = personal.ends(values)
    to = message.Recipient(
        address, values.get("name", ""), f"<1.preview@{head.domain}>", f"bounce@{head.domain}", own
    )
    try:
        data = message.compile(rendered, head, terminal.now()).fill(to).data
    except (ValueError, PeopleError) as fault:
        return f"These headers cannot be written: {fault}"
    read = message_from_bytes(data, policy=policy.default)
    return "\n".join(f"{key}: {value}" for key, value in read.items())


def _values(workspace: Workspace, rendered: Rendered, reader: int) -> Mapping[str, str]:
    """Return the personal fields of a reader; links are a sample reader's, who can change nothing."""
    everything = sample(rendered, workspace.settings)
    if reader == SAMPLE:
        return everything
    if reader <= OTHERS:
        chosen = list(others(rendered, workspace.settings))[OTHERS - reader :]
        # A save may have taken the choice away.
        return chosen[0] if chosen else everything
    links = {name: everything[name] for name in personal.LINKS}
    if reader == NOBODY:
        return links
    with wiring.people(workspace) as connection:
        one = people.get(connection, reader)
    return {**personal.values(one.name, one.address.typed, one.language, one.attributes), **links}


def _told(usual: Mapping[str, str], other: Mapping[str, str]) -> str:
    """Return in what a reader differs from the usual one: ``city: Norrvik, no name``."""
    changed = {name: value for name, value in other.items() if value != usual.get(name)}
    return ", ".join(f"{name}: {value}" if value else f"no {name}" for name, value in changed.items())
