"""What a domain asks of receivers for mail that is not proved to be its own (RFC 7489)."""

import re
from collections.abc import Iterator, Mapping

from newsletter.errors import cited
from newsletter.trust import dmarc, taglist
from newsletter.trust.spf import Lookup
from newsletter.trust.verdict import QUOTES, Record, Sender, Verdict


def verdicts(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    """Yield whether a policy counts, and what it says in vain."""
    own = f"_dmarc.{sender.domain}"
    name, found = dmarc.record(lookup, sender.domain)
    wanted = Record(own, "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{sender.domain}")
    near = [text for text in lookup(own, "TXT") if "dmarc1" in text.lower()]
    if (near and name != own) or not found:
        what = f"{sender.domain} has no DMARC record, which large receivers ask of whoever sends to many"
        if near:
            what = f"{own} says {cited(near[0])}; it does not begin with v=DMARC1; so it does not count"
            mended = _begun(near[0])
            wanted = Record(own, "TXT", mended) if taglist.read(mended).get("p") in dmarc.POLICIES else wanted
        yield Verdict("dmarc", "error", what, wanted)
        return
    if len(found) > 1:
        yield Verdict("dmarc", "error", f"{name} has {len(found)} DMARC records, and may have one: none counts")
        return
    if twice := taglist.twice(found[0].lower()):
        what = f"{name} says {twice}= twice, so nothing of it counts: {found[0]}; leave one of them"
        yield Verdict("dmarc", "error", what)
        return
    tags = {key.lower(): value.lower() for key, value in taglist.read(found[0]).items()}
    if fault := dmarc.undecided(tags):
        heard = any(each.host for each in dmarc.reports(tags))
        state, effect = ("warning", "receivers take it for p=none") if heard else ("error", "it does not count")
        record = wanted if tags.get("p") not in dmarc.POLICIES else None
        yield Verdict("dmarc", state, f"{name} says {fault}, so {effect}: {found[0]}", record)
        return
    if forged := _forged(sender, tags):
        yield Verdict("dmarc", "error", f"{name} is strict: {forged}")
        return
    vain = [*_vain(name, tags, lookup)]
    yield from vain
    if not vain:
        below = name != own and tags.get("sp") in dmarc.POLICIES
        says = f"sp={tags['sp']} for domains below" if below else f"p={tags['p']}"
        yield Verdict("dmarc", "ok", f"{name} says {says}")


def _vain(name: str, tags: Mapping[str, str], lookup: Lookup) -> Iterator[Verdict]:
    """Yield what a DMARC record says in vain: its policy counts, and its owner believes in more."""
    if ignored := dmarc.ignored(tags):
        what = f"{name} says {ignored}, which receivers do not know and pass over; mend it or leave it out"
        yield Verdict("dmarc", "warning", what)
    reports = [*dmarc.reports(tags)]
    if lost := dmarc.unread(reports):
        yield Verdict("dmarc", "warning", f"{name} {lost}")
    domain = name.removeprefix("_dmarc.")
    for host in dict.fromkeys(each.host for each in reports if each.host):
        asked = dmarc.asked(domain, host)
        if not dmarc.akin(lookup, domain, host) and not any(map(dmarc.begins, lookup(asked, "TXT"))):
            what = f"{name} sends reports to {host}, which does not say that it wants them, so it gets none"
            yield Verdict("dmarc", "warning", what, Record(asked, "TXT", "v=DMARC1;"))


def _begun(text: str) -> str:
    """Return a DMARC record that begins with its version, wherever in *text* that stands."""
    parts = re.split(r"(?i)v\s*=\s*dmarc1", text.replace("\\", ""), maxsplit=1)
    before, after = (part.strip(f"{QUOTES};,") for part in (*parts, "")[:2])
    return "; ".join(["v=DMARC1", *(part for part in (after, before) if "=" in part)])


def _forged(sender: Sender, tags: Mapping[str, str]) -> str:
    """Return why letters will look forged where alignment is strict (RFC 7489 section 3.1), or ""."""
    faults = []
    if tags.get("aspf") == "s" and sender.bounces != sender.domain:
        faults.append(f"bounces go to {sender.bounces} (aspf=s)")
    if not sender.keys:
        faults.append("nobody signs")
    elif tags.get("adkim") == "s" and sender.signer != sender.domain:
        faults.append(f"{sender.signer} signs (adkim=s)")
    if len(faults) < 2:
        return ""
    return f"{' and '.join(faults)}, so letters will look forged; let {sender.domain} itself sign or take bounces"
