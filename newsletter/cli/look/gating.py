"""Run the gate over a workspace's issue: every variant, what lies beside it, every reader of the audience."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial

from newsletter import message, personal, preflight
from newsletter.cli import terminal, wiring
from newsletter.cli.look import freezing, rendering
from newsletter.errors import IssueError, NotFoundError, SettingsError, TemplateError
from newsletter.files import issues as issuefiles
from newsletter.files import linkcache
from newsletter.files.looks import support, themes, words
from newsletter.files.looks.untranslated import untranslated
from newsletter.files.workspace import Workspace
from newsletter.gate import answers, audience, mime, twins
from newsletter.gate.inbox import RESERVED
from newsletter.gate.leftovers import bare
from newsletter.gate.proof import Beside, Proof, error, host_of, sample, warning
from newsletter.issuefile import draft
from newsletter.mail import letterhead
from newsletter.model import Article, Featured, Finding, Issue, Rendered
from newsletter.render import fill
from newsletter.web import beside
from subscribers import segment, tongue
from subscribers.errors import SegmentError, StoreError, ToldError, UnknownError
from subscribers.model import Send
from subscribers.status import SendState
from subscribers.store.file.open import Connection
from subscribers.store.ledger import blanks, sends
from subscribers.store.register import attributes, people

#: So many of the latest sends are compared with an issue: a folder that has another name now was sent lately.
LATEST = 12


@dataclass(slots=True)
class Run:
    """One run of the gate. *proofs* are the variants that could be rendered, for what comes after.

    *unread* is about twins that could not be read. It stops before the next variant when it is no longer *going*.
    """

    workspace: Workspace
    going: Callable[[], bool] = lambda: True
    found: dict[str, list[Finding]] = field(default_factory=dict)
    proofs: list[Proof] = field(default_factory=list)
    unread: list[Finding] = field(default_factory=list)

    def look(self, issues: Sequence[Issue]) -> None:
        """Look at every variant of the twins of one issue."""
        around, made = self._beside(issues), rendering.Twins(self.workspace, issues)
        for issue in issues:
            kept = self.found.setdefault(issue.language, [])
            kept.extend(_segments(self.workspace, issue))
            try:
                for one in rendering.wanted(self.workspace, issue, issues):
                    if not self.going():
                        return
                    each = made.variant(one.language, one.segments, arm=one.arm)
                    self._variant(each, issue, replace(around(each.language), message=self._message(each, issue)))
            except IssueError as fault:
                code = "leftover-template" if "{{" in fault.what else "issue-not-rendered"
                kept.append(error(code, fault.where or issue.path, fault.what, fault.remedy))
            except (TemplateError, SettingsError) as fault:
                # The settings are those of the theme: the letter's own were read before.
                kept.append(error("theme-unusable", fault.where or "templates/", fault.what, fault.remedy))
        for language, finding in twins.findings(issues, _articles(self.workspace, issues)):
            self.found.setdefault(language, []).append(finding)
        self._audience(issues)

    def add(self, more: Callable[[Proof], Iterable[Finding]]) -> None:
        """Look at the variants once more, for something else."""
        for one in self.proofs:
            self.found[one.rendered.variant].extend(more(one))

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, each thing once, errors first."""
        settings = self.workspace.settings
        found = preflight.merge({name: preflight.settled(each, settings) for name, each in self.found.items()})
        return preflight.ordered([*preflight.settled(self.unread, settings), *found])

    def _variant(self, rendered: Rendered, issue: Issue, beside: Beside) -> None:
        read = preflight.proofs(rendered, issue, self.workspace.settings, beside)
        self.proofs += read
        self.found.setdefault(rendered.variant, []).extend(preflight.together(read))

    def _beside(self, issues: Sequence[Issue]) -> Callable[[str], Beside]:
        workspace, letter = self.workspace, self.workspace.settings.letter
        shows = support.load(workspace.settings.gate.clients)
        articles, withdrawn = _articles(workspace, issues), _withdrawn(workspace, issues)
        left = cache(partial(untranslated, workspace.templates, letter.theme))
        own = _templates(workspace)
        slug = issues[0].slug
        size = cache(_sizes(workspace, slug))
        shape = cache(partial(rendering.shape, workspace.issue(slug).resolve()))
        lie = (workspace.issue(slug) / "assets").rglob("*")
        names = tuple(sorted(path.relative_to(workspace.issue(slug)).as_posix() for path in lie if path.is_file()))
        return lambda language: Beside(
            size=size,
            shape=shape,
            names=names,
            support=shows,
            untranslated=left(language),
            articles=articles,
            withdrawn=withdrawn,
            templates=own,
            greeting=draft.greeting(words.load(workspace.templates, language).gettext),
            now=terminal.now(),
        )

    def _message(self, rendered: Rendered, issue: Issue) -> bytes:
        """Return the message of a sample reader; one for each language, as segments change no header.

        What cannot be written into a header is found elsewhere.
        """
        if rendered.segments or rendered.arm:
            return b""
        head = freezing.letterhead(self.workspace, list_of(self.workspace, issue), rendered.language)
        values = sample(rendered, self.workspace.settings)
        reader = message.Recipient(
            values["email"],
            values["name"],
            f"<1.sample@{head.domain}>",
            f"bounce@{head.domain}",
            personal.ends(values),
        )
        try:
            return message.compile(rendered, head, terminal.now()).fill(reader).data
        except ValueError:
            return b""

    def _audience(self, issues: Sequence[Issue]) -> None:
        """Count the audience, and the readers who have no value for a personal field."""
        workspace, main = self.workspace, issues[0]
        if not workspace.people.is_file():
            return
        used = (
            frozenset(token.name for one in self.proofs for token in one.rendered.tokens if token.name)
            - personal.LINKS.keys()
        )
        try:
            opened = wiring.people(workspace)
        except StoreError as fault:
            kept = self.found.setdefault(main.language, [])
            kept.append(error("audience-unreadable", fault.where, fault.what, fault.remedy))
            return
        with closing(opened) as connection:
            slug, now = list_of(workspace, main), terminal.now()
            try:
                rule = freezing.rule(
                    workspace, connection, issues, list=slug, segment="", exclude=(), newcomers=False
                )
                where, variant = rule.audience(connection, now), rule.variant(connection, now)
                sizes = sends.audience(connection, where, variant)
            except (SegmentError, NotFoundError, UnknownError) as fault:
                self._unreadable(main, fault, people.count(connection))
                return
            last_issue, last = blanks.reached(connection, slug, main.slug) if not main.audience else ("", 0)
            unset = sorted({name for one in self.proofs for name in bare(one.rendered, one.issue)})
            empty = blanks.blanks(connection, where, variant, unset)
            counted = audience.Audience(
                readers=sum(sizes.values()),
                known=people.count(connection),
                last=last,
                last_issue=last_issue,
                fields=attributes.known(connection),
                late=main.send_at
                if main.send_at and main.send_at < now and not sends.all(connection, main.slug)
                else None,
                before=_before(workspace, connection, issues, rule),
                elsewhere={} if self.unread else _elsewhere(issues, sizes),
            )
        self._tell(issues, counted, empty, used)

    def _unreadable(self, main: Issue, fault: ToldError, known: int) -> None:
        """Tell of a segment that nobody can be looked up with, unless that was told, or nobody is there yet."""
        kept = self.found.setdefault(main.language, [])
        told = {"audience-unreadable", "segment-unknown", "list-unknown"}
        if known and not any(one.id in told for one in kept):
            place = fault.where or f"{main.path}:{main.lines.get('audience', 1)}"
            kept.append(
                error("audience-unreadable", place, fault.what, fault.remedy or "see `newsletter segments`")
            )

    def _tell(
        self,
        issues: Sequence[Issue],
        counted: audience.Audience,
        empty: Mapping[str, Mapping[str, int]],
        used: frozenset[str],
    ) -> None:
        holding = {one.rendered.variant: bare(one.rendered, one.issue) for one in self.proofs}
        for issue in issues:
            lacking: dict[str, int] = {}
            for variant, counts in empty.items():
                # The other subject says the same; who has no twin of their own reads another's.
                language, plus, more = variant.partition("@")[0].partition("+")
                twin = rendering.twin(issues, language)
                names = holding.get(f"{twin.language}{plus}{more}", frozenset())
                for name, count in counts.items():
                    if twin is issue and name in names:
                        lacking[name] = lacking.get(name, 0) + count
            fields = frozenset(name for name in used if name in issue.source)
            told = replace(counted, empty=lacking)
            settings = self.workspace.settings
            kept = self.found.setdefault(issue.language, [])
            # What was counted says more than what might be.
            kept[:] = [one for one in kept if not (one.id == "field-without-fallback" and lacking)]
            kept.extend(audience.findings(told, issue, settings, fields))


def _elsewhere(issues: Sequence[Issue], sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many readers of a language get another. *sizes* counts them by variant."""
    counted: dict[str, int] = {}
    for variant, count in sizes.items():
        language = variant.partition("@")[0].partition("+")[0]
        if tongue.root(rendering.twin(issues, language).language) != tongue.root(language):
            counted[language] = counted.get(language, 0) + count
    return counted


def findings(workspace: Workspace, slug: str, *, online: bool = False, spam: bool = False) -> tuple[Finding, ...]:
    """Return what the gate finds in all variants of an issue, each thing once, errors first.

    A file that cannot be understood is a finding, and its twins are looked at. *online* tries the links too,
    *spam* asks SpamAssassin. Raise NotFoundError if there is no such issue, SettingsError for the settings.
    """
    run = Run(workspace)
    twins, faults = issuefiles.understood(workspace, slug)
    run.unread += [error("issue-unreadable", each.where or slug, each.what, each.remedy) for each in faults]
    run.unread += _strays(workspace, slug)
    if twins:
        run.look(twins)
    if online:
        tried = visit(workspace, run.proofs)
        run.add(lambda one: answers.findings(one, tried))
    if spam:
        from newsletter.cli.look.spam import scores

        plain = {one.rendered.language: one.beside.message for one in run.proofs if one.beside.message}
        for language, score in scores(plain).items():
            run.found[language].extend(mime.spam(score.points, score.rules, language))
    return run.findings()


def visit(workspace: Workspace, proofs: Iterable[Proof]) -> Mapping[str, answers.Answer]:
    """Try the links of these variants, but for those that answered lately."""
    wanted = dict.fromkeys(address for one in proofs for address in answers.addresses(one))
    import asyncio

    now, path = terminal.now(), workspace.root / ".cache" / "links.json"
    known = linkcache.load(path, now)
    # Names for examples are nowhere, and a finding of their own where they matter.
    reserved = {each: answers.Answer("ok") for each in wanted if RESERVED.search(host_of(each))}
    asked = [each for each in wanted if each not in known and each not in reserved]
    fresh = asyncio.run(_visitor(workspace, asked)) if asked else {}
    linkcache.keep(path, fresh, now)
    return {**known, **reserved, **fresh}


async def _visitor(workspace: Workspace, asked: Sequence[str]) -> Mapping[str, answers.Answer]:
    from newsletter.fetch import guard
    from newsletter.fetch.links import Visitor

    settings = workspace.settings
    private = {host_of(source.url) for source in settings.sources if source.allow_private}
    known = [host_of(settings.letter.base_url), settings.letter.domain, *(route.host for route in settings.routes)]

    async def pin(address: str) -> str:
        return await guard.pin(address, allow_private=host_of(address) in private)

    names = [host for host in known if host and not RESERVED.search(host) and not host[-1].isdigit()]
    return await Visitor(pin=pin).visit(asked, names)


def _strays(workspace: Workspace, slug: str) -> Iterator[Finding]:
    """Warn of files beside the issue that are named nearly as its twins."""
    folder, letter = workspace.issue(slug), workspace.settings.letter
    code = next((code for code in letter.languages if code != letter.language), "sv")
    remedy = f"a twin is called issue.{code}.md: rename this file, or move it out of the folder"
    for name in issuefiles.strays(folder):
        place = issuefiles.shown(workspace, folder / name)
        yield warning("twin-unread", place, "nobody gets this file: by its name it is no twin", remedy)


def list_of(workspace: Workspace, issue: Issue) -> str:
    """Return the list that an issue is for, as far as it says."""
    return issue.list or next((each.slug for each in workspace.settings.lists), "letter")


def _articles(workspace: Workspace, issues: Sequence[Issue]) -> Mapping[str, Article]:
    """Return the articles that stand in the issue, and their twins, by key."""
    keys = {block.src for issue in issues for block in issue.blocks if isinstance(block, Featured) and block.src}
    if not keys or not workspace.pool.is_file():
        return {}
    from newsletter.files.pool.pool import Pool

    found = {}
    with Pool(workspace.pool) as pool:
        for key in keys:
            try:
                found[key] = pool.get(key)
                found |= {twin: pool.get(twin) for twin in found[key].twins}
            except NotFoundError:
                continue
    return found


def _withdrawn(workspace: Workspace, issues: Sequence[Issue]) -> Mapping[str, datetime]:
    """Return which articles of the issue their site took back, by key; none where nothing was fetched."""
    keys = {block.src for issue in issues for block in issue.blocks if block.src}
    if not keys or not workspace.pool.is_file():
        return {}
    from newsletter.files.pool.pool import Pool

    with Pool(workspace.pool) as pool:
        return pool.withdrawn(keys)


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
            here = rendering.variant(workspace, twins, main.language)
        except (UnknownError, IssueError, TemplateError, SettingsError):
            continue
        said = [fill(each, sample(each, workspace.settings)) for each in (here, there)]
        if (said[0].subject, said[0].text) == (said[1].subject, said[1].text):
            return one
    return None


def _templates(workspace: Workspace) -> Mapping[str, str]:
    """Return the theme's files that are the workspace's own, so that a finding can name their lines."""
    found = {}
    for folder in themes.chain(workspace.templates, workspace.settings.letter.theme):
        for path in sorted(folder.rglob("*")) if folder.is_relative_to(workspace.root) else ():
            if path.suffix in {".mjml", ".css", ".toml", ".txt"} and path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                found[str(path.relative_to(workspace.root))] = text
    return found


def _sizes(workspace: Workspace, slug: str) -> Callable[[str], int | None]:
    """Return what tells the size of a picture beside the issue; None for what `serve` does not give readers."""

    def size(name: str) -> int | None:
        folder, _, own = name.partition("/")
        path = beside.find(workspace.issues, slug, own) if folder == "assets" else None
        return path.stat().st_size if path else None

    return size


def _segments(workspace: Workspace, issue: Issue) -> Iterator[Finding]:
    """Yield what is wrong with whom the issue and its blocks are for, as far as no database is needed."""
    named = wiring.segments(workspace)
    for block in issue.blocks:
        if block.segment and block.segment not in named:
            place = f"{issue.path}:{block.span.start + 1}"
            what = f"a block is for the segment “{block.segment}”, and there is none; nobody would see it"
            yield error("segment-unknown", place, what, "name one of `newsletter segments list`, or add it")
    if issue.audience and issue.audience.strip() not in named:
        place = f"{issue.path}:{issue.lines.get('audience', 1)}"
        try:
            segment.parse(wiring.meant(workspace, issue.audience)[0])
        except NotFoundError as fault:
            yield error("segment-unknown", place, fault.what, fault.remedy)
        except SegmentError as fault:
            yield error("audience-unreadable", place, fault.what, fault.remedy or "see `newsletter segments`")
