"""What a reader, or a provider for itself, meant by a report about a letter (RFC 5965 section 7.3, RFC 6591)."""

#: What a reader may say by such a report besides that it is spam; some providers let theirs leave by it.
_ASKED = {"not-spam": "none", "opt-out": "unsubscribe", "opt-out-list": "unsubscribe"}

#: What a server finds by itself: it is our fault, and nobody complained.
_FOUND = {"auth-failure": "authentication", "virus": "virus"}


def meant(sort: str) -> tuple[str, str]:
    """Return the kind and the reason of a report of this *sort* (abuse, fraud, …), in any letters, or of none."""
    sort = sort.lower() or "abuse"
    if sort in _FOUND:
        return "block", _FOUND[sort]
    return _ASKED.get(sort, "complaint"), sort
