"""Read the fields that servers write for programs: delivery status (RFC 3464) and feedback reports (RFC 5965).

The fields are found wherever they stand, in a part of their own or in the text, one recipient after the other.
"""

import re
from dataclasses import dataclass, field

from newsletter.bounce.mime import words

#: What cannot stand in an address without quotes, in the writing of Europe and of East Asia.
_AROUND = r"""\s<>()\[\],;:"'：；，、。（）「」【】《》“”"""

#: An address as reports write it; what stands around it is not taken.
ADDRESS = re.compile(rf"""(?<![^{_AROUND}=])([^{_AROUND}@=]{{1,128}})@([^{_AROUND}@/]{{1,253}})""")

_FIELD = re.compile(r"[ \t>]{0,4}([A-Za-z][A-Za-z-]{2,40})[ \t]*:[ \t]*(.*)")
_RECIPIENTS = ("final-recipient", "original-recipient", "x-actual-recipient")
#: What may stand before the recipient that it is about.
_ABOUT = ("action", "status", "diagnostic-code")
_ENCODED = re.compile(r"=\?[\w-]{1,40}\?[bq]\?[^?\s]{1,300}\?=", re.I)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(slots=True)
class Group:
    """What a report says about one recipient."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def recipient(self) -> str:
        """The address, or ""."""
        named = [address(self.fields.get(name, "")) for name in _RECIPIENTS]
        # A domain without a dot is a name inside the house that reports.
        public = (each for each in named if "." in each.partition("@")[2])
        return next(public, "") or next(filter(None, named), "")

    @property
    def status(self) -> str:
        """The status of RFC 3463, or ""."""
        found = _STATUS.search(self.fields.get("status", ""))
        return found[1] if found else ""

    @property
    def action(self) -> str:
        """What was done: failed, delayed, delivered, relayed, expanded, or ""."""
        return self.fields.get("action", "").split("(")[0].strip().lower()

    @property
    def words(self) -> str:
        """What the server said, with the remark that some put beside the status."""
        said = self.fields.get("diagnostic-code", "")
        kind, semicolon, rest = said.partition(";")
        if semicolon and len(kind) < 30:
            said = rest.strip()
        remark = re.search(r"\(([^)]{4,200})\)", self.fields.get("status", ""))
        return f"{said} ({remark[1]})" if remark else said


def address(value: str) -> str:
    """Return the address in a field such as ``rfc822; <reader@example.org>``, or ""."""
    kind, semicolon, rest = value.partition(";")
    text = rest if semicolon else kind
    if "\\x{" in text:
        # RFC 6533 section 3: a character outside ASCII, by its number.
        text = re.sub(r"\\x\{([0-9A-Fa-f]{1,6})\}", _character, text)
    if "=?" in text:
        # An address outside ASCII, in a way that no RFC allows and some servers use.
        text = _ENCODED.sub(lambda found: words(found[0]), text)
    found = ADDRESS.search(text)
    return clean(found[0]) if found else ""


def clean(text: str) -> str:
    """Return an address without the dots and quotes that a sentence puts after it."""
    return text.strip("<>\"'`.,;:!?)([]* ")


def groups(text: str) -> tuple[list[Group], dict[str, str]]:
    """Return what *text* says of each recipient, and the fields that are about all of them."""
    reader = _Reader()
    for line in text.split("\n"):
        reader.take(line)
    reader.end()
    return [group for group in reader.found if group.recipient or group.status], reader.common


class _Reader:
    """Sorts lines of fields by the recipient whom they are about."""

    def __init__(self) -> None:
        self.common: dict[str, str] = {}
        self.found: list[Group] = []
        self._open = False
        self._fields = self.common
        self._name = ""

    def take(self, line: str) -> None:
        stripped = line.strip()
        if not stripped:
            self._name = ""
            if self._open:
                self._open, self._fields = False, {}
        elif line[0] in " \t" and self._name and not stripped.lower().startswith(_RECIPIENTS):
            self._more(stripped)
        elif match := _FIELD.match(line):
            self._field(match[1].lower(), match[2].strip()[:4000])
        elif self._name == "diagnostic-code":
            # Some break a long reply and forget the blank that says so.
            self._more(stripped)

    def end(self) -> None:
        """Give what stands after the last recipient, behind a blank line, to that recipient."""
        if self.found and not self._open and self._fields is not self.common:
            for name, value in self._fields.items():
                self.found[-1].fields.setdefault(name, value)

    def _field(self, name: str, value: str) -> None:
        if name in _RECIPIENTS and (not self._open or name in self._fields):
            # Some write what is about a recipient before they say who it is.
            before = self.common if self._fields is self.common else {} if self._open else self._fields
            self._fields = {key: before[key] for key in _ABOUT if key in before}
            self._open = True
            self.found.append(Group(self._fields))
        self._name = name
        if name not in self._fields:
            self._fields[name] = value
        elif name == "diagnostic-code":
            self._more(value)

    def _more(self, text: str) -> None:
        self._fields[self._name] = f"{self._fields[self._name]} {text}"[:4000]


def _character(found: "re.Match[str]") -> str:
    number = int(found[1], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "?"
