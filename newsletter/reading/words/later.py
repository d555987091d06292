"""Patterns that are compiled when they are first asked, for those with many names in them. Knows no language.

What a pattern with the months and days of thirteen languages costs is the time of a hundred others, and most texts
ask none of them: a command that reads one article must not wait for all.
"""

import re
from typing import cast

#: What a pattern is asked for.
_ASKED = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn", "pattern", "flags")


def later(form: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Return ``re.compile(form, flags)``, compiled on its first use: that raises `re.error`, and not this."""
    return cast(re.Pattern[str], _Later(form, flags))


class _Later:
    """Stands for a pattern; once compiled, what it is asked for is the pattern's own."""

    def __init__(self, form: str, flags: re.RegexFlag) -> None:
        self._form, self._flags = form, flags

    def __getattr__(self, name: str) -> object:
        """Compile the pattern, since nothing of it is here yet."""
        if name not in _ASKED:
            raise AttributeError(name)
        compiled = re.compile(self._form, self._flags)
        vars(self).update((asked, getattr(compiled, asked)) for asked in _ASKED)
        return vars(self)[name]
