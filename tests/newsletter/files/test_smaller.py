"""Laws of `articles pictures --shrink`: light, upright and without a place, and what was there stays."""

import json
import sys
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from newsletter.files import smaller
from newsletter.gate.files import HEAVY
from newsletter.reading import picturefile
from tests import blank
from tests.roll import caller

SLUG = "2025-06"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    root = blank.letter(tmp_path / "letter").root
    (root / "issues" / SLUG / "assets").mkdir(parents=True)
    text = '---\nsubject: "A"\n---\n![The pier](assets/pier.jpg)\n'
    (root / "issues" / SLUG / "issue.md").write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def run(letter, capfd):
    return caller(letter, capfd, "articles", "pictures", SLUG, "--shrink")


@lru_cache
def photo(
    width: int, height: int, kind: str = "JPEG", *, mode: str = "RGB", turned: int = 0, at: bool = False
) -> bytes:
    """Return a picture that is hard to pack, black at its left edge; *turned* is Exif's orientation."""
    image = Image.effect_noise((width, height), 90).convert(mode)
    image.paste(0 if mode in {"L", "P"} else (0,) * len(image.getbands()), (0, 0, width // 4, height))
    notes = Image.Exif()
    if turned:
        notes[0x0112] = turned
    if at:
        notes.get_ifd(0x8825)[1] = "N"
        notes.get_ifd(0x8825)[2] = (59.0, 13.0, 0.0)
    out = BytesIO()
    image.save(out, kind, quality=95, exif=notes) if kind == "JPEG" else image.save(out, kind)
    return out.getvalue()


def test_a_photo_of_a_camera_becomes_light_upright_and_tells_no_place(run, letter):
    path = letter / "issues" / SLUG / "assets" / "pier.jpg"
    path.write_bytes(data := photo(4000, 3000, turned=6, at=True))
    found = picturefile.shape(data)
    assert found
    assert found.located
    told = json.loads(run("--json"))
    made = picturefile.shape(path.read_bytes())
    assert made == picturefile.Shape("jpg", 1200, 1600)
    assert [(one["picture"], one["before"]) for one in told["pictures"]] == [("assets/pier.jpg", len(data))]
    assert told["pictures"][0]["after"] == path.stat().st_size < len(data) / 4
    assert path.with_name("pier.jpg~").read_bytes() == data
    # The left edge of what the camera saw is the upper one of what it was held for.
    with Image.open(path) as seen:
        pixels = seen.convert("L")
        assert pixels.getpixel((600, 20)) < 40 < pixels.resize((1, 1), box=(0, 800, 1200, 1600)).getpixel((0, 0))


def test_a_small_photo_of_a_camera_that_was_turned_becomes_upright(run, letter):
    path = letter / "issues" / SLUG / "assets" / "pier.jpg"
    path.write_bytes(photo(320, 240, turned=8))
    assert "pier.jpg" in run()
    assert picturefile.shape(path.read_bytes()) == picturefile.Shape("jpg", 240, 320)
    assert "0 pictures made smaller" in run()


def test_twice_is_as_once_and_another_picture_by_that_name_is_kept_too(run, letter):
    path = letter / "issues" / SLUG / "assets" / "pier.jpg"
    path.write_bytes(first := photo(3000, 3000))
    assert "pier.jpg" in run()
    once = path.read_bytes()
    assert len(once) > HEAVY
    assert "0 pictures made smaller" in run()
    assert path.read_bytes() == once
    path.write_bytes(second := photo(3000, 2900))
    assert "assets/pier.jpg" in run()
    assert [one.read_bytes() for one in smaller.spares(path)] == [first, second]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", photo(600, 200)),
        ("a.gif", photo(3000, 2000, "GIF", mode="L")),
        ("a.svg", b"<svg" + b" " * 300_000),
        ("a.txt", b"x" * 300_000),
        (".a.jpg", photo(3000, 2000)),
    ],
)
def test_what_is_light_or_no_photo_stays(run, letter, name, data):
    path = letter / "issues" / SLUG / "assets" / name
    path.write_bytes(data)
    assert "0 pictures made smaller" in run()
    assert [one.name for one in path.parent.iterdir()] == [name]
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGBA"), ("JPEG", "CMYK")]
)
def test_every_kind_stays_what_it_is_and_what_is_seen_through_too(letter, kind, mode):
    assets = letter / "issues" / SLUG / "assets"
    path = assets / f"a.{kind.lower()}"
    path.write_bytes(photo(2600, 1300, kind, mode=mode))
    assert [type(one) for one in smaller.shrink(assets)] == [smaller.Smaller]
    with Image.open(path) as seen:
        assert (seen.format, seen.size) == (kind, (1200, 600))
        assert ("A" in seen.getbands()) == (mode == "RGBA")


def test_what_cannot_be_made_smaller_is_told_and_stays(run, letter):
    path = letter / "issues" / SLUG / "assets" / "pier.jpg"
    path.write_bytes(photo(3000, 2000)[:250_000])
    said = run(code=1)
    assert "assets/pier.jpg: this picture cannot be made smaller: " in said
    assert path.stat().st_size == 250_000
    assert smaller.spares(path) == []


def test_without_pillow_it_says_what_to_install(run, letter, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert 'pip install "newsletter[pictures]"' in run(code=5)


def test_an_issue_that_is_not_there_is_told(letter, capfd):
    assert "2031-01" in caller(letter, capfd)("articles", "pictures", "2031-01", "--shrink", code=4)


def test_pull_lays_no_large_copy_beside_what_was_made_smaller(letter, capfd):
    run, folder = caller(letter, capfd), letter / "articles"
    (folder / "welcome.md").unlink()
    (folder / "pier.jpg").write_bytes(photo(3000, 2000))
    (folder / "pier.md").write_text("# The pier\n\n![The pier](pier.jpg)\n\n" + "It is open to all boats. " * 9)
    run("fetch")
    run("compose", "2025-07")
    run("articles", "pictures", "2025-07", "--shrink")
    assets = letter / "issues" / "2025-07" / "assets"
    made = (assets / "pier.jpg").read_bytes()
    (folder / "pier.md").write_text("# The pier\n\n![The pier](pier.jpg)\n\n" + "It is open to all ships. " * 9)
    run("fetch")
    run("pull", "2025-07")
    assert "all ships" in (letter / "issues" / "2025-07" / "issue.md").read_text(encoding="utf-8")
    assert sorted(one.name for one in assets.iterdir()) == ["pier.jpg", "pier.jpg~"]
    assert (assets / "pier.jpg").read_bytes() == made
