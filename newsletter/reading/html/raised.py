"""Write raised and lowered numbers by signs of their own: ``10⁶``, ``m²``, ``CO₂``. Markdown has no tags for them.

Without a number runs into the one that it stands beside. Source: Unicode, block Superscripts and Subscripts.
"""

import re

SIGNS = {
    "sup": str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}
TAG = re.compile(r"<(su[bp])\b[^<>]{0,200}>\s{0,9}([0-9+−=()n-]{1,12})\s{0,9}</\1>", re.IGNORECASE)


def plain(html: str) -> str:
    """Return *html* with signs in the place of its tags ``sup`` and ``sub``, where all that they hold has one."""
    return TAG.sub(_sign, html) if "<su" in html or "<SU" in html else html


def _sign(found: re.Match[str]) -> str:
    name = found[1].lower()
    said = found[2].translate(SIGNS[name])
    return found[0] if name == "sub" and "n" in said else said
