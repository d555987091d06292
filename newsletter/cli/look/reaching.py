"""Count whom an issue reaches, for the gate: readers, those who lack a field, those who get another language."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import ne

from newsletter import personal
from newsletter.cli import terminal
from newsletter.cli.look import freezing, rendering
from newsletter.errors import IssueError, SettingsError, TemplateError
from newsletter.files.workspace import Workspace
from newsletter.gate import trying
from newsletter.gate.audience import Audience
from newsletter.gate.proof import Proof, sample
from newsletter.gate.words.leftovers import bare
from newsletter.mail import letterhead
from newsletter.model import Issue, Rendered
from newsletter.render import fill
from subscribers import tongue
from subscribers.errors import UnknownError
from subscribers.model import Send
from subscribers.status import SendState
from subscribers.store.file.open import Connection
from subscribers.store.ledger import audiences, sends
from subscribers.store.register import attributes, people
from subscribers.variant import language_of

#: So many of the latest sends are compared with an issue: a folder that has another name now was sent lately.
LATEST = 12


@dataclass(frozen=True, slots=True)
class Reached:
    """An *audience*, and how many of its readers have no value for a field, by variant and field, in *empty*.

    *bare* are the fields without a fallback that a variant has, by its name.
    """

    audience: Audience
    empty: Mapping[str, Mapping[str, int]]
    bare: Mapping[str, Collection[str]]

    def among(self, issue: Issue, issues: Sequence[Issue]) -> Audience:
        """Return the audience with what readers of *issue*, one of the twins *issues*, lack."""
        lacking: dict[str, int] = {}
        for variant, counts in self.empty.items():
            # The other subject says the same; who has no twin of their own reads another's.
            language, plus, more = variant.partition("@")[0].partition("+")
            twin = rendering.twin(issues, language)
            names = self.bare.get(f"{twin.language}{plus}{more}", ())
            for name, count in counts.items():
                if twin is issue and name in names:
                    lacking[name] = lacking.get(name, 0) + count
        return replace(self.audience, empty=lacking)


def count(
    workspace: Workspace, connection: Connection, issues: Sequence[Issue], proofs: Sequence[Proof], *, whole: bool
) -> Reached:
    """Return whom the twins *issues* reach, of which *proofs* are the variants.

    *whole* tells that no twin is missing; of one that cannot be read nobody knows who would get it.
    Raise SegmentError, NotFoundError or UnknownError for an audience that nobody can be looked up with.
    """
    main, now = issues[0], terminal.now()
    slug = freezing.list_of(workspace, main)
    rule = freezing.rule(workspace, connection, issues, list=slug)
    where, variant = rule.audience(connection, now), rule.variant(connection, now)
    sizes = sends.audience(connection, where, variant)
    last_issue, last = audiences.reached(connection, slug, main.slug) if not main.audience else ("", 0)
    holding = {one.rendered.variant: bare(one.rendered, one.issue) for one in proofs}
    unset = sorted({name for one in proofs for name in bare(one.rendered, one.issue)})
    late = main.send_at if main.send_at and main.send_at < now and not sends.all(connection, main.slug) else None
    counted = Audience(
        readers=sum(sizes.values()),
        known=people.count(connection),
        last=last,
        last_issue=last_issue,
        fields=attributes.known(connection),
        late=late,
        before=_before(workspace, connection, issues, rule),
        elsewhere=_elsewhere(issues, sizes) if whole else {},
        reworded=_reworded(connection, proofs),
        part=trying.part(sizes, rule.compared) if rule.trying else None,
        linked=trying.links(proofs, workspace.settings.letter.base_url),
    )
    return Reached(counted, audiences.blanks(connection, where, variant, unset), holding)


def _elsewhere(issues: Sequence[Issue], sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many readers of a language get another. *sizes* counts them by variant."""
    counted: dict[str, int] = {}
    for variant, count in sizes.items():
        language = language_of(variant)
        if tongue.root(rendering.twin(issues, language).language) != tongue.root(language):
            counted[language] = counted.get(language, 0) + count
    return counted


def _reworded(connection: Connection, proofs: Sequence[Proof]) -> dict[tuple[str, str], int]:
    """Return the questions that a send of this issue asked with other answers, by language and name.

    Each has the number of the send. An answer more, or less, at the end changes no other's place.
    """
    now = {(one.issue.language, name): said for one in proofs for name, said in _answers(one.rendered)}
    found = {}
    for send in sends.all(connection, proofs[0].issue.slug) if now else ():
        for variant in sends.variants(connection, send.id):
            there, _ = letterhead.unpack(sends.variant(connection, send.id, variant))
            for name, said in _answers(there):
                asked = there.written or there.language, name
                if any(map(ne, said, now.get(asked, ()))):
                    found[asked] = send.id
    return found


def _answers(rendered: Rendered) -> Iterator[tuple[str, list[str]]]:
    for each in rendered.questions:
        yield each.name, [personal.named(answer, rendered.tokens) for answer in each.answers]


def _before(
    workspace: Workspace, connection: Connection, issues: Sequence[Issue], rule: freezing.Rule
) -> Send | None:
    """Return the send that gave this audience the very same text under another name, as a renamed folder would.

    Only the latest sends are looked at, and only where the issue has none of its own.
    """
    main, every = issues[0], sends.all(connection)
    if any(one.issue == main.slug for one in every):
        return None
    for one in every[:LATEST]:
        if one.list != rule.list or one.state is SendState.CANCELLED:
            continue
        try:
            there, _ = letterhead.unpack(sends.variant(connection, one.id, main.language))
            if there.subject != main.subject and "{" not in main.subject:
                continue
            if freezing.load(one.rule).segment != rule.segment:
                continue
            # The name of the issue stands in its links, and may stand in its head.
            twins = [replace(each, slug=one.issue) for each in issues]
            here = rendering.Twins(workspace, twins).variant(main.language)
        except (UnknownError, IssueError, TemplateError, SettingsError):
            continue
        said = [fill(each, sample(each, workspace.settings)) for each in (here, there)]
        if (said[0].subject, said[0].text) == (said[1].subject, said[1].text):
            return one
    return None
