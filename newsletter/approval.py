"""An approval: who said yes to what. It binds content, theme, settings and audience by their hashes.

It is a file beside the issue that people can read and git can keep; a seal under the workspace's key tells that
nobody wrote it by hand. Opens no file.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter import toml
from newsletter.errors import RefusedError
from newsletter.mail.letterhead import digest

#: How the file is called.
FILE = "approval.toml"
#: What the names of parts begin with that are no files.
SETTING, AUDIENCE, VARIANT = "setting ", "audience ", "variant "
#: How what is not the audience's that was approved is told.
_THE_AUDIENCE = "the audience ("


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved an issue, and when. *parts* has the hash of all that it binds, by its name.

    A part is a file (``issue.md``, ``assets/pier.jpg``, ``templates/letter/footer.mjml``), a setting, a part of
    the audience rule, or a variant as it would be sent.
    """

    issue: str
    by: str
    at: datetime
    parts: Mapping[str, str]


def dump(approval: Approval, key: bytes) -> str:
    """Return the file's text, sealed with *key*."""
    rows = [
        "# Written by `newsletter approve`. Any change to what it binds voids it.",
        f"issue = {json.dumps(approval.issue)}",
        f"by = {json.dumps(approval.by, ensure_ascii=False)}",
        f"at = {json.dumps(approval.at.isoformat())}",
        f"seal = {json.dumps(seal(approval, key))}",
        "",
        "[parts]",
        *(f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(each)}" for name, each in approval.parts.items()),
    ]
    return "\n".join(rows) + "\n"


def load(text: str, path: str, keys: Sequence[bytes]) -> Approval:
    """Return what a file says; *path* is its name in messages, *keys* ours, old ones too. Raise RefusedError."""
    remedy = "approve the issue again: newsletter approve SLUG"
    document = toml.document(text, path)
    try:
        parts = {str(name): str(value) for name, value in document["parts"].items()}
        at = datetime.fromisoformat(document["at"])
        approval = Approval(str(document["issue"]), str(document["by"]), at, parts)
        good = any(hmac.compare_digest(str(document["seal"]), seal(approval, key)) for key in keys)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RefusedError("this is no approval", where=path, remedy=remedy) from None
    if not good:
        what = "the seal of this approval is broken: it was written by hand, or with the key of another workspace"
        raise RefusedError(what, where=path, remedy=remedy)
    return approval


def seal(approval: Approval, key: bytes) -> str:
    """Return the HMAC-SHA256 of everything that an approval says (RFC 2104)."""
    said = [approval.issue, approval.by, approval.at.isoformat(), sorted(approval.parts.items())]
    return hmac.new(key, json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"), "sha256").hexdigest()


def fingerprint(content: bytes) -> str:
    """Return the hash of a file, or of a setting's value."""
    return hashlib.sha256(content).hexdigest()


def variants(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part of each variant as the ledger keeps it, whatever its personal fields are marked with."""
    return {f"{VARIANT}{name}": digest({name: content}) for name, content in sorted(contents.items())}


def changes(approval: Approval, parts: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is not as it was approved, in words.

    Only where nothing else changed are variants named: they are what all the rest comes to.
    """
    causes = [
        *_changes(approval.parts, {name: each for name, each in parts.items() if not name.startswith(VARIANT)})
    ]
    if causes:
        return tuple(causes)
    rendered = [
        name for name, each in parts.items() if name.startswith(VARIANT) and approval.parts.get(name) != each
    ]
    return (f"this version of newsletter renders it otherwise ({', '.join(rendered)})",) if rendered else ()


def remedy(approval: Approval, changed: Sequence[str]) -> str:
    """Return what helps where *changed* voids an approval: options that name its audience, if nothing else did."""
    run = f"newsletter approve {approval.issue}"
    if all(each.startswith(_THE_AUDIENCE) for each in changed):
        return f"name the --list, --segment or --exclude that it was approved with, or: {run}"
    return f"look at it again, then: {run}"


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    bound = {name: each for name, each in old.items() if not name.startswith(VARIANT)}
    for name in sorted({*bound, *new}):
        shown = _shown(name)
        if name not in new:
            yield f"{shown} was removed"
        elif name not in bound:
            yield f"{shown} is new"
        elif new[name] != bound[name]:
            yield f"{shown} changed"


def _shown(name: str) -> str:
    if name.startswith(SETTING):
        return f"{name.removeprefix(SETTING)} in newsletter.toml"
    if name.startswith(AUDIENCE):
        return f"{_THE_AUDIENCE}{name.removeprefix(AUDIENCE)})"
    return name
