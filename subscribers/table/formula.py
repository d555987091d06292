"""Keep what a cell holds from being run by a spreadsheet, and take that back when it comes in again."""

import re

from subscribers.table import cell

#: A spreadsheet runs a cell that begins so as a formula, in some languages with signs of full width too; our
#: exports put an apostrophe in front. Where numbers have commas, as in Swedish, a semicolon begins a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_RUN = re.compile(f"(?:^|(?<=;))(?=[{re.escape(''.join(FORMULA))}])")
_HELD = re.compile(f"(?:^|(?<=;))'(?=[{re.escape(''.join(FORMULA))}])")


def before(text: str) -> str:
    """Return a cell as it was before a program made it harmless, or kept it a text."""
    return _HELD.sub("", text) if _HELD.search(text) else cell.plain(text)


def harmless(text: str) -> str:
    """Return *text* so that no spreadsheet runs it as a formula; an import takes the apostrophe away again."""
    return _RUN.sub("'", text) if ";" in text or text.startswith(FORMULA) else text
