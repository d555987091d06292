"""Bind an issue, and hold a send to what was bound: files, settings, audience and rendered variants."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path

from newsletter import approval
from newsletter.approval import AUDIENCE, SETTING, VARIANT, Approval
from newsletter.cli import wiring
from newsletter.cli.look import freezing
from newsletter.errors import NotFoundError, RefusedError
from newsletter.files import issues as issuefiles
from newsletter.files.looks import themes, words
from newsletter.files.workspace import Workspace
from newsletter.model import Issue

#: The key that seals approvals is derived for this.
PURPOSE = "approval"
#: What is called otherwise in the file than in the settings that were read.
KEYS = {"names": "name", "sender": "from", "sender_names": "from", "addresses": "address"}


def parts(
    workspace: Workspace, issues: Sequence[Issue], rule: freezing.Rule, contents: Mapping[str, bytes]
) -> dict[str, str]:
    """Return the hash of all that an approval binds, by its name."""
    return {
        **_files(workspace, issues[0].slug),
        **_settings(workspace, rule.list),
        **_audience(rule, issues[0]),
        **approval.variants(contents),
    }


def read(workspace: Workspace, slug: str) -> Approval:
    """Return the approval of an issue. Raise NotFoundError if there is none, RefusedError for a forged one."""
    path = workspace.issue(slug) / approval.FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        remedy = f"who may say yes runs: newsletter approve {slug}"
        raise NotFoundError("nobody has approved this issue", where=slug, remedy=remedy) from None
    except UnicodeDecodeError:
        text = ""
    found = approval.load(text, issuefiles.shown(workspace, path), wiring.ring(workspace).derived(PURPOSE))
    if found.issue != slug:
        raise RefusedError(
            f"this approval is of {found.issue}",
            where=issuefiles.shown(workspace, path),
            remedy=f"run: newsletter approve {slug}",
        )
    return found


def altered(workspace: Workspace, found: Approval) -> tuple[str, ...]:
    """Return what is not as *found* binds it, in words, as far as files and settings tell: nothing is rendered."""
    known = _files(workspace, found.issue)
    for each in workspace.settings.lists:
        settings = _settings(workspace, each.slug)
        if found.parts.keys() >= settings.keys():
            known |= settings
    bound = {name: each for name, each in found.parts.items() if not name.startswith((AUDIENCE, VARIANT))}
    return approval.changes(replace(found, parts=bound), known)


def write(workspace: Workspace, made: Approval) -> None:
    """Write the approval beside its issue."""
    issuefiles.write(
        workspace.issue(made.issue) / approval.FILE, approval.dump(made, wiring.ring(workspace).derive(PURPOSE))
    )


def demand(
    workspace: Workspace, issues: Sequence[Issue], rule: freezing.Rule, contents: Mapping[str, bytes]
) -> None:
    """Raise RefusedError unless exactly this was approved, where the letter's settings ask for it."""
    if not workspace.settings.letter.approval:
        return
    slug = issues[0].slug
    try:
        found = read(workspace, slug)
    except NotFoundError as missing:
        raise RefusedError(missing.what, where=slug, remedy=missing.remedy) from None
    if changed := approval.changes(found, parts(workspace, issues, rule, contents)):
        what = f"the approval of {found.by} is void: {'; '.join(changed)}"
        raise RefusedError(what, where=slug, remedy=approval.remedy(found, changed))


def _files(workspace: Workspace, slug: str) -> dict[str, str]:
    """Return the issue's files, what lies beside it, and the templates that make it."""
    folder = workspace.issue(slug)
    own = {path.name: path for path in issuefiles.files(folder)}
    own |= {f"assets/{path.name}": path for path in _inside(folder / "assets")}
    letter = workspace.settings.letter
    made: dict[str, Path] = {}
    looks = {one.theme or letter.theme for one in issuefiles.understood(workspace, slug)[0]}
    for at in (at for theme in sorted(looks) for at in reversed(themes.chain(workspace.templates, theme))):
        made |= {f"templates/{at.name}/{path.relative_to(at).as_posix()}": path for path in _inside(at)}
    for at in reversed(workspace.templates):
        codes = {code for language in letter.languages for code in words.codes(language)}
        made |= {f"templates/words/{path.name}": path for path in _inside(at / "words") if path.stem in codes}
    return {name: approval.fingerprint(path.read_bytes()) for name, path in sorted({**own, **made}.items())}


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _settings(workspace: Workspace, list_slug: str) -> dict[str, str]:
    letter = workspace.settings.letter
    said: dict[str, str] = {}
    for each in fields(letter):
        key = f"[letter] {KEYS.get(each.name, each.name)}"
        said[key] = said.get(key, "") + repr(getattr(letter, each.name))
    said |= {f"[[list]] {each.slug}": repr(each) for each in workspace.settings.lists if each.slug == list_slug}
    return {f"{SETTING}{name}": approval.fingerprint(value.encode()) for name, value in said.items()}


def _audience(rule: freezing.Rule, issue: Issue) -> dict[str, str]:
    # What was found to be better, and newcomers get, was approved as what is tried.
    tried = f"{issue.trying} {int(issue.wait.total_seconds())}"
    said = {
        "the list": rule.list,
        "the segment": rule.segment,
        "who is left out": "\n".join(rule.exclude),
        "the languages": " ".join(rule.languages),
        "the letter of the year": str(rule.yearly),
        "the subjects compared": f"{' '.join(rule.compared)} {issue.share}",
        **({"the subjects tried": tried} if rule.compared and issue.trying else {}),
        **{f"the segment {name} of a block": meaning for name, meaning in rule.blocks.items()},
    }
    return {f"{AUDIENCE}{name}": approval.fingerprint(value.encode()) for name, value in said.items()}
