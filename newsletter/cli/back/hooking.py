"""Wire the pages to which mail services report: secrets from the environment, the store, Amazon's certificates."""

from collections.abc import Callable, Mapping
from functools import partial

from newsletter.bounce.services import signature
from newsletter.cli import wiring
from newsletter.cli.terminal import now
from newsletter.errors import RouteError
from newsletter.files.workspace import Workspace
from newsletter.model import Feedback
from newsletter.receive import intake
from newsletter.settings.hook import PASSWORD
from newsletter.web.hooks import Hooks
from subscribers.store.file.writer import Writer


def hooks(workspace: Workspace, writer: Writer, say: Callable[[str], None]) -> Hooks | None:
    """Return what takes reports, or None if the settings name no service. Raise RouteError without a secret."""
    known = {hook.kind: hook for hook in workspace.settings.hooks}
    if not known:
        return None
    held = secrets(workspace)
    ring, rule = wiring.ring(workspace), workspace.settings.feedback.rule

    async def take(kind: str, body: bytes, found: tuple[Feedback, ...], once: str) -> None:
        await writer.run(
            partial(intake.hear, kind=kind, body=body, found=found, once=once, ring=ring, now=now(), rule=rule)
        )

    return Hooks(known, held, take, _fetch, now, say, workspace.settings.letter.base_url)


def secrets(workspace: Workspace) -> Mapping[str, str]:
    """Return the secret of every service that the settings name, "" where it needs none. Raise RouteError."""
    found = {}
    for hook in workspace.settings.hooks:
        where, variable = f"[[hook]] {hook.kind}", hook.secret_env
        found[hook.kind] = wiring.secret(variable, where, RouteError, "secret") if variable else ""
        if variable and (shape := _wrong(hook.kind, found[hook.kind])):
            # Every report would be refused, and nobody would hear of it.
            what = f"what the variable {variable} holds is no secret of this service"
            raise RouteError(what, where=where, remedy=f"it looks like {shape}")
    return found


def _wrong(kind: str, secret: str) -> str:
    """Return what a secret of this *kind* looks like if *secret* cannot be one, else ""."""
    if kind in PASSWORD:
        return "" if ":" in secret else "user:password"
    return "whsec_ and letters" if kind == "resend" and not signature.svix_key(secret) else ""


async def _fetch(url: str) -> bytes:
    """Get a page of Amazon's. Raise SourceError or TryAgainError."""
    from newsletter.fetch.http import Client

    return (await Client().get(url)).data or b""
