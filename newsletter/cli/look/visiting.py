"""Try the links of an issue for the gate, but for those that answered lately."""

from collections.abc import Iterable, Mapping, Sequence

from newsletter.cli import terminal
from newsletter.files import linkcache
from newsletter.files.workspace import Workspace
from newsletter.gate import answers
from newsletter.gate.inbox import RESERVED
from newsletter.gate.proof import Proof, host_of


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
