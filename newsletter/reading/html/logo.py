"""Tell a logo from the picture of an article by what it is called: at the head of a story it says nothing."""

import re
from urllib.parse import urlsplit

from newsletter.model import Picture

#: What a logo is called in the name of its file, and as all or the end of the words that describe it.
FILE = re.compile(r"(?:^|[^a-zåäö])(?:logo(?:s|typ(?:e|en)?)?|logga)(?:[^a-zåäö]|$)", re.IGNORECASE)
WORDS = re.compile(
    r"(?:\S{1,40}\s+){0,5}(?:logo(?:typ(?:e|en)?)?|logga)\W*|logo(?:typ|type)?:\s.{1,60}", re.IGNORECASE
)


def is_logo(one: Picture) -> bool:
    """Whether a picture is called a logo."""
    return bool(FILE.search(urlsplit(one.src).path.rpartition("/")[2]) or WORDS.fullmatch(one.alt))
