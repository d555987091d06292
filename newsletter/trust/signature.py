"""Whether the keys that sign are published as receivers read them (RFC 6376)."""

from collections.abc import Iterator, Mapping, Sequence

from newsletter.errors import cited
from newsletter.trust import taglist
from newsletter.trust.dmarc import akin
from newsletter.trust.spf import Lookup
from newsletter.trust.verdict import Record, Sender, Verdict

#: So much of a record that is no key is shown.
LISTED = 60


def verdicts(sender: Sender, lookup: Lookup) -> Iterator[Verdict]:
    """Yield whether each key verifies, and counts for who is From."""
    if not sender.keys:
        what = "no mail is signed by us, so readers must trust your server for it; run `newsletter dkim init`"
        yield Verdict("dkim", "warning", what)
        return
    for name, text in sender.keys.items():
        if not text:
            continue
        said = lookup(name, "TXT")
        found = [one for one in said if "p" in taglist.read(one)]
        if said and not found:
            what = f"{name} says {cited(said[0][:LISTED])}, which is no key (p=), so no signature verifies"
            yield Verdict("dkim", "error", what, Record(name, "TXT", text))
        elif fault := _wrong(name, found, text):
            yield Verdict("dkim", "error", fault, Record(name, "TXT", text))
        elif "y" in taglist.read(found[0]).get("t", "").split(":"):
            what = f"{name} says that it is only a test (t=y): receivers may take letters for unsigned"
            yield Verdict("dkim", "warning", what, Record(name, "TXT", text))
        else:
            yield Verdict("dkim", "ok", f"{name} publishes the key that signs")
    if not akin(lookup, sender.signer, sender.domain):
        what = f"{sender.signer} signs, which is no part of {sender.domain}: DKIM does not count for DMARC"
        yield Verdict("dkim", "error", f"{what}; set domain in [dkim] to {sender.domain}")


def _wrong(name: str, found: Sequence[str], text: str) -> str:
    """Return why no signature verifies by the records *found* at *name*, where *text* should be; "" if it does."""
    if not found:
        return f"the key that signs is not published, so no signature verifies: {name} has no TXT record"
    if len(found) > 1:
        return f"{name} has {len(found)} keys, and may have one: receivers take any of them; leave only this one"
    tags, wanted = taglist.read(found[0]), taglist.read(text)
    if not tags["p"]:
        return f"{name} has taken its key back (p= is empty), so no signature verifies"
    if tags["p"] != wanted["p"]:
        return f"{name} publishes another key than the one that signs, so no signature verifies"
    if fault := _misread(found[0], tags, wanted):
        return f"{name} publishes the key that signs, but {fault}, so no signature verifies"
    return ""


def _misread(text: str, tags: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """Return what keeps receivers from using a key (RFC 6376 section 3.6.1), or ""."""
    if "\\" in text:
        return "there are backslashes in it"
    if name := taglist.twice(text):
        return f"{name}= stands there twice"
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
        return "it does not begin with v=DKIM1"
    kind = tags.get("k", "rsa")
    if kind != wanted.get("k", "rsa"):
        return f"as one of another kind (k={kind})"
    if "sha256" not in tags.get("h", "sha256").split(":"):
        return f"not for sha256 (h={tags['h']})"
    if not {"*", "email"} & set(tags.get("s", "*").split(":")):
        return f"not for mail (s={tags['s']})"
    return ""
