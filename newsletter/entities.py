"""Read the characters that HTML writes by name or number, as `html.unescape` does, whatever a stranger wrote."""

import html
import re

#: A number: its zeros, as many digits as no character has, and the rest. Python refuses to read thousands of them.
_NUMBER = re.compile(r"&#0*([0-9]{1,8})[0-9]*")


def unescape(text: str) -> str:
    """Return *text* with the characters for which ``&lt;``, ``&#60;`` and ``&#x3c;`` stand.

    A number that is no character's becomes U+FFFD, however long it is (HTML standard, 13.2.5.80).
    """
    return html.unescape(_NUMBER.sub(r"&#\1", text) if "&#" in text else text)  # noqa: TID251
