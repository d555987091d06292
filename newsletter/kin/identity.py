"""What tells an article from every other: its address, in the one form of all its variants, or its title."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.issuefile import dialect

#: Parameters that say how a reader came, not what they read.
TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|piwik_|hsa_|_hs|vero_|oly_|at_|ns_)\w*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|"
    r"igshid|igsh|yclid|mc_[ce]id|mkt_tok|_ga|_gl|ref_src|ref_url|s_kwcid|wt_mc|cmpid|ncid|sr_share|share|amp|outputType",
    re.IGNORECASE,
)
#: Parameters that say so where they name a feed.
COMING = frozenset({"source", "src", "ref", "from", "via", "partner", "cmp"})
PORTS = {"http": 80, "https": 443}
#: A title as a name is at most this long, in characters.
LONGEST = 100


def key(url: str, title: str) -> str:
    """Return what tells an article from every other: its canonical address, or a slug of its title."""
    return canonical_url(url) or f"text:{slug(title)}"


@lru_cache(100)
def clean_url(url: str) -> str:
    """Return the address that a reader may follow, without tracking and fragment; "" if it is none."""
    whole = dialect.address(url, schemes=dialect.WEB)
    if not whole:
        return ""
    parts = urlsplit(whole)
    # Rewriting a query changes its escapes, which some servers sign: leave one without tracking as it is.
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not (TRACKING.fullmatch(name) or _counts(name, value))]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme.lower(), _host(parts), parts.path, query, ""))


def _counts(name: str, value: str) -> bool:
    """Whether a parameter says that a reader came by a feed: ``source=rss-8717e15cbfc4------2``."""
    return name.casefold() in COMING and value[:3].casefold() == "rss"


def canonical_url(url: str) -> str:
    """Return an address in the one form that all its variants share, for comparing, or "".

    Lower-case host without ``www.`` and ``amp.``, https where no port is named, no default port, no tracking,
    no fragment, no slash at the end, no AMP variant, parameters in order.
    """
    whole = clean_url(url)
    if not whole:
        return ""
    parts = urlsplit(whole)
    host = re.sub(r"^(?:www|amp)\.(?=[^.]+\.)", "", parts.netloc)
    scheme = "https" if parts.port is None else parts.scheme
    path = re.sub(r"/{2,}", "/", _plain_escapes(parts.path))
    path = re.sub(r"/(?:amp|amp\.html|index\.(?:html?|php))?/*$", "", path)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return urlunsplit((scheme, host, path, query, ""))


def slug(title: str) -> str:
    """Return *title* as a name of letters, digits and hyphens; never empty."""
    plain = re.sub("['’´`]", "", title.casefold()).replace("ø", "o").replace("æ", "ae")
    folded = unicodedata.normalize("NFKD", plain)
    kept = "".join(character for character in folded if not unicodedata.combining(character))
    name = re.sub(r"[\W_]+", "-", kept).strip("-")[:LONGEST].rstrip("-")
    return name or hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:12]


def _host(parts: SplitResult) -> str:
    """Return the host in lower case, with its port unless that is the scheme's own, and nobody's password."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else (parts.hostname or "").rstrip(".")
    return host if parts.port in {None, PORTS[parts.scheme.lower()]} else f"{host}:{parts.port}"


def _plain_escapes(path: str) -> str:
    """Return a path in which only what must be percent-encoded is (RFC 3986 section 6.2.2)."""

    def one(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else found[0].upper()

    return re.sub(r"%([0-9a-fA-F]{2})", one, path)
