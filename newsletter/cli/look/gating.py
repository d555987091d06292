"""Run the gate over a workspace's issue: every variant, what lies beside it, every reader of the audience."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace

from newsletter import message, personal, preflight
from newsletter.cli import terminal, wiring
from newsletter.cli.look import around, freezing, reaching, rendering, visiting
from newsletter.cli.look.spam import scores
from newsletter.errors import IssueError, NotFoundError, SettingsError, TemplateError
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.gate import answers, audience, mime, twins
from newsletter.gate.proof import Beside, Proof, error, sample, warning
from newsletter.model import Finding, Issue, Rendered
from subscribers import segment
from subscribers.errors import SegmentError, StoreError, ToldError, UnknownError
from subscribers.store.register import people


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
        beside, made = around.lying(self.workspace, issues), rendering.Twins(self.workspace, issues)
        for issue in issues:
            kept = self.found.setdefault(issue.language, [])
            kept.extend(_segments(self.workspace, issue))
            try:
                for one in rendering.wanted(self.workspace, issue, issues):
                    if not self.going():
                        return
                    each = made.variant(one.language, one.segments, arm=one.arm)
                    self._variant(each, issue, replace(beside(each.language), message=self._message(each, issue)))
            except IssueError as fault:
                code = "leftover-template" if "{{" in fault.what else "issue-not-rendered"
                kept.append(error(code, fault.where or issue.path, fault.what, fault.remedy))
            except (TemplateError, SettingsError) as fault:
                # The settings are those of the theme: the letter's own were read before.
                kept.append(error("theme-unusable", fault.where or "templates/", fault.what, fault.remedy))
        for language, finding in twins.findings(issues, beside(issues[0].language).articles):
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

    def _message(self, rendered: Rendered, issue: Issue) -> bytes:
        """Return the message of a sample reader; one for each language, as segments change no header.

        What cannot be written into a header is found elsewhere.
        """
        if rendered.segments or rendered.arm:
            return b""
        head = freezing.letterhead(
            self.workspace, freezing.list_of(self.workspace, issue), rendered.language, issue
        )
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
        """Look at whom the issue reaches, and at the readers who have no value for a personal field."""
        workspace, main = self.workspace, issues[0]
        if not workspace.people.is_file():
            return
        try:
            opened = wiring.opened(workspace)
        except StoreError as fault:
            kept = self.found.setdefault(main.language, [])
            kept.append(error("audience-unreadable", fault.where, fault.what, fault.remedy))
            return
        with closing(opened) as connection:
            try:
                reached = reaching.count(workspace, connection, issues, self.proofs, whole=not self.unread)
            except (SegmentError, NotFoundError, UnknownError) as fault:
                self._unreadable(main, fault, people.count(connection))
                return
        used = {token.name for one in self.proofs for token in one.rendered.tokens if token.name}
        for issue in issues:
            told = reached.among(issue, issues)
            fields = frozenset(name for name in used - personal.LINKS.keys() if name in issue.source)
            kept = self.found.setdefault(issue.language, [])
            # What was counted says more than what might be.
            kept[:] = [one for one in kept if not (one.id == "field-without-fallback" and told.empty)]
            kept.extend(audience.findings(told, issue, workspace.settings, fields))

    def _unreadable(self, main: Issue, fault: ToldError, known: int) -> None:
        """Tell of a segment that nobody can be looked up with, unless that was told, or nobody is there yet."""
        kept = self.found.setdefault(main.language, [])
        told = {"audience-unreadable", "segment-unknown", "list-unknown"}
        if known and not any(one.id in told for one in kept):
            place = fault.where or f"{main.path}:{main.lines.get('audience', 1)}"
            kept.append(
                error("audience-unreadable", place, fault.what, fault.remedy or "see `newsletter segments`")
            )


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
    plain = {one.rendered.language: one.beside.message for one in run.proofs if one.beside.message}
    # It works for seconds, while the links wait for their servers.
    with ThreadPoolExecutor(1) as beside:
        judged = beside.submit(scores, plain if spam else {})
        if online:
            tried = visiting.visit(workspace, run.proofs)
            run.add(lambda one: answers.findings(one, tried))
    for language, score in judged.result().items():
        run.found[language].extend(mime.spam(score.points, score.rules, language))
    return run.findings()


def _strays(workspace: Workspace, slug: str) -> Iterator[Finding]:
    """Warn of files beside the issue that are named nearly as its twins."""
    folder, letter = workspace.issue(slug), workspace.settings.letter
    code = next((code for code in letter.languages if code != letter.language), "sv")
    remedy = f"a twin is called issue.{code}.md: rename this file, or move it out of the folder"
    for name in issuefiles.strays(folder):
        place = issuefiles.shown(workspace, folder / name)
        yield warning("twin-unread", place, "nobody gets this file: by its name it is no twin", remedy)


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
