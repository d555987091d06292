import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

from newsletter import reading
from newsletter.reading.words.later import later


def test_a_pattern_is_compiled_on_its_first_use_and_answers_as_any_other():
    pattern = later(r"(?P<a>x)|y", re.IGNORECASE)
    assert "fullmatch" not in vars(pattern)
    found = pattern.fullmatch("X")
    assert found is not None
    assert found["a"] == "X"
    assert "fullmatch" in vars(pattern)
    assert [one[0] for one in pattern.finditer("xyY")] == ["x", "y", "Y"]
    assert pattern.sub("-", "axb") == "a-b"
    assert pattern.pattern == r"(?P<a>x)|y"


def test_a_pattern_has_nothing_that_a_pattern_has_not():
    assert not hasattr(later("x"), "__len__")
    assert not hasattr(later("x"), "length")


def test_every_pattern_that_is_compiled_later_can_be():
    found = 0
    for module in pkgutil.walk_packages(reading.__path__, "newsletter.reading."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if type(value) is type(later("")):
                assert re.compile(value.pattern, value.flags), f"{module.name}.{name}"
                found += 1
    assert found > 30


@pytest.mark.parametrize("loaded", ["newsletter.article", "newsletter.reading.feed", "newsletter.fetch.source"])
def test_no_long_pattern_is_compiled_before_a_text_asks_it(loaded):
    """Those with the months of thirteen languages cost a command more than all others."""
    program = (
        "import re\nfrom importlib import import_module\nown, long = re.compile, []\n"
        "def compile(form, flags=0):\n    long.extend([form[:40]] if len(form) > 2000 else [])\n"
        "    return own(form, flags)\n"
        f"re.compile = compile\nimport_module({loaded!r})\nprint(long)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
