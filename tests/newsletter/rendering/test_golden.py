"""The sample issues look as they did, in both themes.

To accept a change: ``UPDATE_GOLDEN=1 pytest tests/newsletter/rendering``, then look at ``make pictures``.
"""

import os

import pytest

from tests.samples import ROOT, rendered, sample

GOLDEN = ROOT / "tests" / "golden"
THEMES = ("letter", "plain")
CASES = [
    ("0001-hello", "en", frozenset()),
    ("0002-everything", "en", frozenset()),
    ("0002-everything", "en", frozenset({"research"})),
    ("0002-everything", "sv", frozenset()),
]


@pytest.mark.parametrize("look", THEMES)
@pytest.mark.parametrize(("slug", "language", "segments"), CASES)
@pytest.mark.parametrize("part", ["html", "text"])
def test_a_sample_issue_renders_as_before(
    look: str, slug: str, language: str, segments: frozenset[str], part: str
) -> None:
    one = rendered(sample(slug, language), segments=segments, look=look)
    path = GOLDEN / look / f"{slug}.{one.variant}.{'html' if part == 'html' else 'txt'}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(getattr(one, part), encoding="utf-8")
    assert getattr(one, part) == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    names = {
        f"{look}/{slug}.{'+'.join((language, *segments))}" for look in THEMES for slug, language, segments in CASES
    }
    assert {str(path.relative_to(GOLDEN)) for path in GOLDEN.glob("**/*.*")} == {
        f"{name}.{end}" for name in names for end in ("html", "txt")
    }
