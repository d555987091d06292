"""Freeze an issue for a send: who it is for, which variants they need, and what each of those says.

A send that starts now freezes content and audience together. A scheduled one freezes its content at once, because
what was checked is what must go out, and its audience when it starts: who joins until then gets it too.
"""

import itertools
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.cli import wiring
from newsletter.cli.people import excluding
from newsletter.errors import NewsletterError, NotFoundError, RefusedError
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import Letterhead, digest, pack, unpack, voice
from newsletter.model import Issue
from newsletter.results import clicks
from newsletter.timing.hours import reader_time
from subscribers import roster
from subscribers.expression import Expression
from subscribers.grammar import parse
from subscribers.model import Send, Where
from subscribers.store.back import links
from subscribers.store.file.open import Connection, stamp
from subscribers.store.ledger import audiences, decisions, sends
from subscribers.store.register import attributes
from subscribers.variant import OTHER, REST, Comparison, language_of, parts, variant

#: Variants of one issue at most: each is rendered and kept with the send.
MOST = 256


@dataclass(frozen=True, slots=True)
class Rule:
    """Who a send is for. Named segments stand here as what they meant when the rule was made.

    *segment* "" means everybody on the list. *languages* are those of the issue, the default one first; *blocks*
    the segments that its blocks are for, by name; *issue* is set to leave out who was sent it before; *yearly*
    tells that readers who want only the letter of the year get it. In the languages *compared*, *share* per cent
    of the readers get the other subject; or *trying* per cent try both, half of them each, and the rest gets one
    of them after *wait* seconds. Who they are follows from the reader and the issue, *slug*, alone.
    *local* is the time on each reader's own clock before which they get nothing, in *zone* where theirs is not
    known; nothing is sent after the *deadline*. Both are ISO 8601, or "".
    """

    list: str
    segment: str
    exclude: tuple[str, ...]
    languages: tuple[str, ...]
    blocks: Mapping[str, str]
    issue: str = ""
    yearly: bool = False
    compared: tuple[str, ...] = ()
    share: int = 0
    trying: int = 0
    wait: int = 0
    slug: str = ""
    local: str = ""
    zone: str = ""
    deadline: str = ""

    @property
    def ends(self) -> datetime | None:
        """When the deadline is over, None for no deadline."""
        return datetime.fromisoformat(self.deadline) if self.deadline else None

    def dump(self) -> str:
        """Return the rule as the ledger keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def audience(self, connection: Connection, now: datetime) -> Where:
        """Return the condition that a person is in the audience."""
        where, meant = roster.confirmed(self.list), self.meant(connection, now)
        return Where(f"{where.sql} AND {meant.sql}", {**where.values, **meant.values})

    def meant(self, connection: Connection, now: datetime) -> Where:
        """Return the condition that a person who is confirmed in the list is in the audience."""
        excluded = tuple(_tree(connection, text) for text in self.exclude)
        wanted = _tree(connection, self.segment) if self.segment else None
        where = roster.meant(wanted, excluded, now=now, yearly=self.yearly)
        if not self.issue:
            return where
        new = sends.newcomers(self.issue)
        return Where(f"{where.sql} AND {new.sql}", {**where.values, **new.values})

    def sized(self, sizes: Mapping[str, int]) -> "Rule":
        """Return the rule as it is for an audience of *sizes* by variant: where nobody tries, there is no rest."""
        if self.trying and not any(name.endswith(OTHER) for name in sizes):
            return replace(self, trying=0, wait=0, share=0)
        return self

    def variant(self, connection: Connection, now: datetime) -> Where:
        """Return the expression for a person's variant."""
        blocks = {name: _tree(connection, text) for name, text in self.blocks.items()}
        return variant(self.languages, blocks, now, Comparison(self.compared, self.share, self.slug, self.trying))

    def sizes(self, connection: Connection, now: datetime) -> Mapping[str, int]:
        """Return how many people of the audience get each variant."""
        return sends.audience(connection, self.audience(connection, now), self.variant(connection, now))

    def tried(self, connection: Connection, now: datetime) -> tuple[Where, Where]:
        """Return the condition that somebody of the audience is sent it at once, and that of the rest."""
        where, name = self.audience(connection, now), self.variant(connection, now)
        values = {**where.values, **name.values}
        rest = f"({name.sql}) LIKE '%{REST}'"
        return Where(f"{where.sql} AND NOT {rest}", values), Where(f"{where.sql} AND {rest}", values)

    def times(self, zones: Iterable[str]) -> Mapping[str, datetime]:
        """Return when a reader in each of *zones* may get it; "" stands for those whose zone is not known."""
        local, own = datetime.fromisoformat(self.local), ZoneInfo(self.zone)
        return {zone: reader_time(local, zone, own) for zone in {*zones, ""}}

    def due(self, zones: Iterable[str], now: datetime) -> Where:
        """Return the expression for the time before which a person gets nothing; NULL is no such time."""
        times = {zone: stamp(time) if time > now else None for zone, time in self.times(zones).items()}
        named = list(times)
        cases = " ".join(f"WHEN :due_zone_{number} THEN :due_at_{number}" for number in range(len(named)))
        values: dict[str, str | int | float | None] = {}
        for number, zone in enumerate(named):
            values |= {f"due_zone_{number}": zone, f"due_at_{number}": times[zone]}
        return Where(f"CASE {audiences.ZONE} {cases} END", values)

    def possible(self) -> Sequence[str]:
        """Return the name of every variant that somebody could need. Raise RefusedError for too many."""
        names = sorted(self.blocks)
        count = len(self.languages) * 2 ** len(names)
        if count > MOST:
            raise _too_many(len(names), count)
        chosen = itertools.chain.from_iterable(
            itertools.combinations(names, count) for count in range(len(names) + 1)
        )
        made = ["+".join((language, *some)) for some in chosen for language in self.languages]
        return [*made, *(f"{name}{OTHER}" for name in made if name.partition("+")[0] in self.compared)]


def list_of(workspace: Workspace, issue: Issue) -> str:
    """Return the list that an issue is for, as far as it says."""
    return issue.list or next((each.slug for each in workspace.settings.lists), "letter")


def load(text: str) -> Rule:
    """Return the rule that the ledger kept. What an earlier version did not know is as if nobody asked for it."""
    document = json.loads(text)
    kept: dict[str, Any] = {one.name: document[one.name] for one in fields(Rule) if one.name in document}
    return Rule(**kept | {name: tuple(said) for name, said in kept.items() if isinstance(said, list)})


def deadline(text: str) -> str:
    """Return the deadline that the kept rule *text* says, or ""."""
    return str(json.loads(text).get("deadline", ""))


def rule(
    workspace: Workspace,
    connection: Connection,
    issues: Sequence[Issue],
    *,
    list: str,  # noqa: A002 - the word for it
    segment: str = "",
    exclude: Sequence[str] = (),
    newcomers: bool = False,
) -> Rule:
    """Return the rule for an issue. *segment* "" means the issue's own audience.

    Raise NotFoundError or SegmentError for a segment that is not known or cannot be read.
    """
    from newsletter.cli.look import rendering
    from newsletter.render import segments_in

    main = issues[0]
    languages = _languages(workspace, issues)
    where = f"{main.path}:{main.lines['audience']}" if "audience" in main.lines else main.path
    own = segment or main.audience
    compared = tuple(each for each in languages if rendering.twin(issues, each).subject_b)
    made = Rule(
        list=list,
        segment=_meaning(workspace, connection, own, "" if segment else where) if own else "",
        exclude=tuple(excluding.meaning(workspace, connection, one) for one in exclude),
        languages=languages,
        blocks={name: _meaning(workspace, connection, name, main.path) for name in segments_in(issues)},
        issue=main.slug if newcomers else "",
        yearly=main.yearly,
        compared=compared,
        share=main.share,
        trying=main.trying if compared else 0,
        wait=int(main.wait.total_seconds()) if compared and main.trying else 0,
        slug=main.slug,
    )
    decided = decisions.latest(connection, main.slug) if newcomers and made.trying else None
    # Who joined since gets what was found to be better.
    return replace(made, share=100 * (decided.winner == "b"), trying=0, wait=0) if decided else made


def contents(
    workspace: Workspace, issues: Sequence[Issue], made: Rule, names: Iterable[str]
) -> Mapping[str, bytes]:
    """Render the variants called *names*; return each as the ledger keeps it. Raise RefusedError for too many.

    What readers of a language get who are in no segment is always among them: the archive shows it.
    """
    wanted = sorted({*(one for name in names for one in _needed(name)), *made.languages})
    if len(wanted) > MOST:
        raise _too_many(len(made.blocks), len(wanted))
    from newsletter.cli.look import rendering

    twins = rendering.Twins(workspace, issues)
    heads = {
        code: letterhead(workspace, made.list, code, rendering.twin(issues, code))
        for code in map(language_of, wanted)
    }
    return {name: pack(twins.frozen(*parts(name)), heads[language_of(name)]) for name in wanted}


def create(
    connection: Connection,
    made: Rule,
    variants: Mapping[str, bytes],
    *,
    now: datetime,
    due: datetime,
    forced: str = "",
    counted: bool = False,
) -> Send:
    """Write a send of the rule's issue into the ledger, scheduled for *due*. To be called within a transaction.

    *counted* gives each link of the letter an id by which it is counted when somebody opens it.
    """
    send = sends.create(
        connection,
        issue=made.slug,
        list=made.list,
        rule=made.dump(),
        content=digest(variants),
        variants=variants,
        now=now,
        due=due,
        forced=forced,
    )
    for name, content in variants.items() if counted else ():
        kept = [links.Kept(secrets.token_hex(6), each.place, each.url, each.label) for each in _found(content)]
        links.keep(connection, send.id, name, kept)
    return send


def _found(content: bytes) -> tuple[clicks.Found, ...]:
    """Return the links of a variant that are counted where clicks are."""
    rendered, head = unpack(content)
    return clicks.find(rendered.html, head.base_url, [token.mark for token in rendered.tokens])


def written(connection: Connection, send: Send) -> Mapping[str, str]:
    """Return the address that stands in the letter at each counted link of *send*, by the link's id."""
    addresses: dict[str, str] = {}
    for name in sends.variants(connection, send.id):
        if places := links.of(connection, send.id, name):
            found = {each.place: each.url for each in _found(sends.variant(connection, send.id, name))}
            addresses.update({link: found[place] for place, link in places.items() if place in found})
    return addresses


def has_changed(workspace: Workspace, connection: Connection, send: Send) -> bool:
    """Whether the issue would say something else now than *send* was frozen with; one that is gone does not."""
    names = sends.variants(connection, send.id)
    try:
        made = contents(workspace, issuefiles.load(workspace, send.issue), load(send.rule), names)
    except NotFoundError:
        return False
    except NewsletterError:
        return True
    return digest({name: made[name] for name in names}) != send.content


def start(connection: Connection, send: Send, now: datetime) -> Send:
    """Freeze the audience of a scheduled send, and begin it. To be called within a transaction."""
    made = load(send.rule)
    due = waits(connection, made, now)
    wait = timedelta(seconds=made.wait) if made.trying else None
    audience, names = made.meant(connection, now), made.variant(connection, now)
    return sends.start(connection, send.id, audience, names, now, due, wait)


def waits(connection: Connection, made: Rule, now: datetime) -> Where | None:
    """Return the expression for the time before which a person gets nothing; None is no such time."""
    return made.due(audiences.zones(connection, made.audience(connection, now)), now) if made.local else None


def letterhead(workspace: Workspace, list_slug: str, language: str, issue: Issue) -> Letterhead:
    """Return what stands in every message of an issue to a list, in one language."""
    letter = workspace.settings.letter
    by = voice(letter, language, issue)
    titles = {each.slug: each.title(language) for each in workspace.settings.lists}
    return Letterhead(
        sender_name=by.name,
        sender=by.address,
        reply_to=by.reply_to,
        base_url=letter.base_url,
        list=list_slug,
        list_title=titles.get(list_slug, list_slug),
    )


def _needed(name: str) -> tuple[str, ...]:
    """Return the variants to be rendered for readers of *name*: those of the rest get one of two."""
    base = name.removesuffix(REST)
    return (name,) if base == name else (base, f"{base}{OTHER}")


def _tree(connection: Connection, text: str) -> Expression:
    return attributes.place(connection, parse(text))


def _languages(workspace: Workspace, issues: Sequence[Issue]) -> tuple[str, ...]:
    """Return the languages that readers of the issue can be of: its own, then the letter's others."""
    own = [issue.language for issue in issues]
    return tuple(dict.fromkeys([*own, *workspace.settings.letter.languages]))


def _meaning(workspace: Workspace, connection: Connection, text: str, where: str) -> str:
    """Return the expression that *text* stands for: the name of a segment, or an expression. It is checked."""
    wiring.expression(workspace, connection, text, where)
    named = wiring.segments(workspace)
    word = text.strip()
    return named[word].expression if word in named else text


def _too_many(segments: int, variants: int) -> RefusedError:
    what = f"{segments} segments in the blocks of this issue make {variants:,} variants"
    return RefusedError(what, remedy=f"use fewer segments; {MOST} variants are the most")
