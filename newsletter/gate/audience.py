"""Who the letter is for: nobody, suddenly many fewer, or somebody for whom a personal field is empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.config import Settings
from newsletter.errors import meant
from newsletter.gate import trying
from newsletter.gate.proof import error, graded, warning
from newsletter.gate.words.leftovers import field_place
from newsletter.model import Finding, Issue
from newsletter.spoken import tongue
from subscribers.model import Send

#: How much an audience may differ from the last one's before it is told, and the size from which that means much.
CHANGE, MANY = 0.2, 20


@dataclass(frozen=True, slots=True)
class Audience:
    """What the ledger says, all of it counted. *last* is the size of the list's last send, 0 if there was none.

    *known* is everybody in the database, *fields* the personal fields that somebody has a value for, and *empty*
    how many readers would see nothing in the place of a field. *late* is the time to send it, if that is over
    and no send of it was begun. *before* is the send that gave them this very letter as another issue.
    *elsewhere* is how many readers of a language get another, as the issue has no twin for them. *reworded* are
    the questions that an earlier send of the issue asked with other answers: by language and name, its number. So
    many are the *part* that tries two subjects, None where none does; *linked* tells whether a link leads to a
    site.
    """

    readers: int
    known: int
    last: int = 0
    last_issue: str = ""
    fields: frozenset[str] = frozenset()
    empty: Mapping[str, int] = field(default_factory=dict)
    late: datetime | None = None
    before: Send | None = None
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    reworded: Mapping[tuple[str, str], int] = field(default_factory=dict)
    part: int | None = None
    linked: bool = True


def findings(audience: Audience, issue: Issue, settings: Settings, used: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the audience. *used* names the fields of the issue, those with a fallback too."""
    # Before the first reader is there nobody can be missed.
    if not audience.known:
        return
    if issue.path.endswith("/issue.md"):
        yield from _wrong(audience, issue, settings)
        yield from _untwinned(audience, issue)
        if audience.part is not None:
            tracked, linked = settings.tracking.clicks, audience.linked
            yield from trying.findings(issue, audience.part, audience.readers, tracked=tracked, linked=linked)
    if audience.late and issue.send_at == audience.late:
        at = audience.late.astimezone(settings.letter.timezone)
        place = f"{issue.path}:{issue.lines.get('send_at', 1)}"
        what = f"send_at is over since {at:%Y-%m-%d %H:%M}; `send` would begin at once"
        yield warning("send-at-over", place, what, "write the time that you mean, or take the line out")
    for name, block in issue.questions:
        if send := audience.reworded.get((issue.language, name)):
            what = f"send {send} asked this with other answers, or in another order: their place counts"
            remedy = 'write them as they were, or give it a name of its own: ::: question {name="…"}'
            yield warning("question-changed", f"{issue.path}:{block.span.start + 1}", what, remedy)
    for name, count in audience.empty.items():
        what = f"the field {name} is empty for {count:,} of {audience.readers:,} readers, and has no fallback"
        yield error("field-empty", field_place(issue, name), what, f'write {{{{ {name} or "reader" }}}}')
    yield from _unknown(audience, issue, used)


def _wrong(audience: Audience, issue: Issue, settings: Settings) -> Iterator[Finding]:
    """Tell an audience that is empty, of another size than the last one, or had the letter by another name."""
    place = f"{issue.path}:{issue.lines.get('audience', issue.lines.get('list', 1))}"
    if not audience.readers:
        what = "nobody would get this letter"
        remedy = "see `newsletter lists` and `newsletter segments count`; only confirmed readers get it"
        yield graded(settings.public, "audience-nobody", place, what, remedy)
    elif audience.last >= MANY and abs(audience.readers - audience.last) > CHANGE * audience.last:
        change = (audience.readers - audience.last) / audience.last
        what = (
            f"{audience.readers:,} readers would get this, {abs(change):.0%} {'more' if change > 0 else 'fewer'}"
            f" than {audience.last_issue} ({audience.last:,})"
        )
        yield warning("audience-size", place, what, "see whether the list and the audience are the ones you mean")
    if before := audience.before:
        on = (before.started or before.created).astimezone(settings.letter.timezone)
        what = f"readers of {before.list} got this letter as {before.issue} on {on:%Y-%m-%d} (send {before.id})"
        old = f"if its folder has a new name, give it the old one: mv issues/{issue.slug} issues/{before.issue}"
        remedy = f"{old}; if it is a copy for a new letter, write that one's words"
        yield error("issue-sent", f"{issue.path}:1", what, remedy)


def _untwinned(audience: Audience, issue: Issue) -> Iterator[Finding]:
    """Tell readers for whose language the issue has no twin."""
    for language, count in audience.elsewhere.items():
        theirs, ours = tongue(language, "en")[0], tongue(issue.language, "en")[0]
        what = f"{count:,} of {audience.readers:,} readers read {theirs}, and get it in {ours}; they are told so"
        remedy = f"write {issue.path.removesuffix('.md')}.{language}.md, or leave it as it is"
        yield warning("twin-missing", f"{issue.path}:1", what, remedy)


def _unknown(audience: Audience, issue: Issue, used: frozenset[str]) -> Iterator[Finding]:
    known = audience.fields | {"name", "first_name", "email", "language"}
    for name in sorted(used - known):
        remedy = meant(name, known, f"known: {', '.join(sorted(known))}")
        what = f"no reader has a field {name}; everybody would get what is for those without it"
        yield warning("field-unknown", field_place(issue, name), what, remedy)
