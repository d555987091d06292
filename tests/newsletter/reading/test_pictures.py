"""Laws of pictures: sizes come from headers alone and few bytes; a copy stands in the issue's own folder."""

import struct
import zlib
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter.files.pool.pool import Pool
from newsletter.reading.picturefile import Shape, shape
from tests import sites
from tests.shell import Shell, source, sources
from tests.sourceserver import Reply, Site


def png(width: int, height: int, more: int = 0) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"tEXt", b"x" * more) + chunk(b"IEND", b"")


def test_sizes_are_read_from_headers() -> None:
    exif = b"\xff\xe1" + struct.pack(">H", 40_002) + b"E" * 40_000
    frame = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, 480, 640) + b"\0" * 12
    assert shape(b"\xff\xd8" + exif + frame) == Shape("jpg", 640, 480)
    assert shape(png(1200, 800)) == Shape("png", 1200, 800)
    assert shape(b"GIF89a" + struct.pack("<HH", 20, 10) + b"...") == Shape("gif", 20, 10)
    vp8x = b"RIFF....WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\x7f\x02\0" + b"\xdf\x01\0"
    assert shape(vp8x) == Shape("webp", 640, 480)
    assert shape(b"\0\0\0\x20ftypavif" + b"\0" * 40 + b"ispe\0\0\0\0" + struct.pack(">II", 64, 32)) == Shape(
        "avif", 64, 32
    )
    assert shape(png(100_000, 100_000)) == Shape("png")
    assert shape(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None
    assert shape(b"") is None


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("jpg", {"format": "jpeg"}),
        ("jpg", {"format": "jpeg", "progressive": True}),
        ("png", {"format": "png"}),
        ("gif", {"format": "gif"}),
        ("webp", {"format": "webp"}),
        ("webp", {"format": "webp", "lossless": True}),
        ("avif", {"format": "avif"}),
    ],
)
def test_sizes_of_real_files_are_read(kind: str, how: dict[str, Any]) -> None:
    file = BytesIO()
    Image.effect_mandelbrot((321, 123), (-2, -1, 1, 1), 20).convert("RGB").save(file, **how)
    assert shape(file.getvalue()[:65_536]) == Shape(kind, 321, 123)


def photo(**tags: Any) -> bytes:
    """Return a photo as a phone writes it, with *tags* of where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = tags.get("held", 1)
    exif.get_ifd(0x8825).update(tags.get("place", {}))
    file = BytesIO()
    Image.new("RGB", (32, 24)).save(file, "jpeg", exif=exif)
    return file.getvalue()


def test_a_photo_that_says_where_it_was_taken_is_known() -> None:
    place = {1: "N", 2: (59.0, 13.0, 12.5), 3: "E", 4: (17.0, 56.0, 30.0)}
    assert shape(photo(place=place)) == Shape("jpg", 32, 24, located=True)
    # Cameras without a receiver write that they have none.
    assert shape(photo(place={0: b"\2\3\0\0"})) == Shape("jpg", 32, 24)
    assert shape(photo()) == Shape("jpg", 32, 24)
    assert shape(photo(place=place)[:60]) == Shape("jpg")


@pytest.mark.parametrize(("held", "turned"), [(0, False), (1, False), (3, True), (6, True), (8, True), (9, False)])
def test_a_photo_of_a_camera_that_was_turned_has_the_size_of_the_upright_one(held: int, turned: bool) -> None:
    size = (24, 32) if held in {6, 8} else (32, 24)
    assert shape(photo(held=held)) == Shape("jpg", *size, turned=turned)


def test_a_photo_of_the_other_order_of_bytes_is_read() -> None:
    held = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    rows = struct.pack(">H", 2) + held + struct.pack(">HHII", 0x8825, 4, 1, 38) + struct.pack(">I", 0)
    place = struct.pack(">HHHIIHHII", 2, 1, 2, 2, 0x4E000000, 2, 5, 3, 60) + struct.pack(">I", 0)
    exif = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + rows + place
    frame = b"\xff\xc0" + struct.pack(">HBHH", 17, 8, 480, 640) + b"\0" * 12
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif
    assert shape(b"\xff\xd8" + segment + frame) == Shape("jpg", 480, 640, located=True, turned=True)
    for end in range(len(segment)):
        shape(b"\xff\xd8" + segment[:end] + frame)


BEGINNINGS = [png(3, 4), b"\xff\xd8\xff\xe0\0\4ab\xff\xc0", b"RIFF....WEBPVP8 ", b"RIFF....WEBPVP8L", b"GIF89a"]


@settings(max_examples=500)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=60), st.integers(0, 40))
def test_no_bytes_make_it_crash(start: bytes, noise: bytes, at: int) -> None:
    for found in (shape(start[:at] + noise + start[at:]), shape(start + noise)):
        assert found is None or min(found.width, found.height) >= 0


def test_the_sizes_of_fetched_pictures_are_looked_up_once_by_their_first_bytes(
    run: Shell, workspace: Path, site: Site
) -> None:
    url = sites.json_feed(site, 3)
    sources(workspace, source("json", url))
    site.says("/j/3.png", png(1200, 800, 3_000_000), kind="image/png")
    site.says("/j/2.png", "<html>no picture</html>")
    run("fetch")
    with Pool(workspace / "articles.db") as pool:
        found = {one.url.rpartition("/")[2]: one.image for one in pool.articles()}
    assert (found["3"].width, found["3"].height) == (1200, 800)
    assert (found["2"].width, found["1"].width) == (0, 0)
    ranges = [headers.get("range") for path, headers in site.asked if path.endswith(".png")]
    assert ranges == ["bytes=0-65535"] * 3
    site.says("/feed.json", site.replies["/feed.json"].body.replace(b"A report", b"The report"))
    assert run.json("fetch")["sources"][0]["updated"] == 3
    assert len([path for path, _ in site.asked if path.endswith(".png")]) == 3
    with Pool(workspace / "articles.db") as pool:
        assert {one.image.width for one in pool.articles() if one.image} == {1200, 0}


def issue(workspace: Path, *images: str) -> Path:
    path = workspace / "issues" / "2026-11" / "issue.md"
    path.parent.mkdir(parents=True)
    path.write_text(
        "---\nsubject: x\n---\n" + "\n\n".join(f"![An \\[eel\\]]({one})" for one in images) + "\n", "utf-8"
    )
    return path


def test_an_issues_pictures_are_copied_and_used(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("site", site.url))
    good = site.says("/up/%C3%85l%20i%20hamnen.JPG?w=1", png(4, 4), kind="image/jpeg")
    same = site.says("/other/al-i-hamnen.png", png(5, 5), kind="image/png")
    bad = site.says("/x.svg", "<svg onload='alert(1)'/>", kind="image/svg+xml")
    path = issue(workspace, good, same, bad, "https://[::1]/y.png", "assets/own.png")
    found = run.json("articles", "pictures", "2026-11")
    copies = {one["src"]: str(one["copy"]) for one in found["copies"]}
    assert set(copies) == {good, same}
    assert len(found["problems"]) == 2
    text = path.read_text("utf-8")
    for src, copy in copies.items():
        assert f"![An \\[eel\\]]({copy})" in text
        assert src not in text
        assert (path.parent / copy).read_bytes() in {png(4, 4), png(5, 5)}
    assert len(set(copies.values())) == 2
    assert bad in text
    assert run("articles", "pictures", "2026-11") == 1
    assert path.read_text("utf-8") == text


def test_a_picture_bomb_and_an_issue_that_is_not_there_are_told(run: Shell, workspace: Path, site: Site) -> None:
    site.replies["/big.png"] = Reply(lambda: iter([png(9, 9)] + [b"\0" * 1_000_000] * 20), "image/png")
    sources(workspace, source("site", site.url))
    issue(workspace, site.url + "/big.png")
    assert run("articles", "pictures", "2026-11") == 1
    assert "this picture is larger than 20 MB; lay a smaller one into assets/" in run.err
    assert not (workspace / "issues" / "2026-11" / "assets").exists()
    assert run("articles", "pictures", "2020-01") == 4


def test_a_photo_as_large_as_a_camera_writes_is_copied(run: Shell, workspace: Path, site: Site) -> None:
    data = png(4000, 3000) + b"\0" * 8_000_000
    address = site.says("/photo.png", data, kind="image/png")
    sources(workspace, source("site", site.url))
    path = issue(workspace, address)
    assert run("articles", "pictures", "2026-11") == 0
    assert (path.parent / "assets" / "photo.png").read_bytes() == data


def test_composing_and_pulling_copy_pictures_when_asked_or_set(run: Shell, workspace: Path, site: Site) -> None:
    for name in ("one", "two", "three"):
        site.says(f"/{name}.png", png(600, 400, len(name)), kind="image/png")
    picture = f'<p>{"The eels came back to the harbour. " * 30}</p><p><img src="{site.url}/one.png" alt="Eel"></p>'
    told = f"<link>{site.url}/1</link><description>{escape(picture)}</description>"
    feed = f"<item><title>Eels return</title>{told}</item>"
    site.says("/feed", f"<rss version='2.0'><channel>{feed}</channel></rss>", kind="application/rss+xml")
    sources(workspace, source("site", site.url + "/feed", "feed"))
    run("fetch")
    path = workspace / "issues" / "2031-01" / "issue.md"
    assert run("compose", "2031-01", "--pictures") == 0
    assert "1 picture copied into assets/." in run.err
    assert "![Eel](assets/one.png)" in path.read_text("utf-8")
    # Nothing changed in the article: the copy stays.
    assert run("pull", "2031-01") == 0
    assert "![Eel](assets/one.png)" in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8") + f"\n![More]({site.url}/two.png)\n", "utf-8")
    assert run("pull", "2031-01") == 0
    assert f"![More]({site.url}/two.png)" in path.read_text("utf-8")
    settings = workspace / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[compose]\npictures = true\n", "utf-8")
    assert run("pull", "2031-01", "--no-pictures") == 0
    assert f"![More]({site.url}/two.png)" in path.read_text("utf-8")
    assert run("pull", "2031-01") == 0
    assert "![More](assets/two.png)" in path.read_text("utf-8")


def test_pictures_of_a_file_that_was_added_by_hand_lie_beside_the_issue(
    run: Shell, workspace: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mina texter"
    (mine / "bilder").mkdir(parents=True)
    for number, name in enumerate(("skylt på väggen.png", "bilder/hamn.png", "../långt borta.png")):
        (mine / name).write_bytes(png(600, 400 + number))
    (mine / "öppet.md").write_text(
        "# Öppet hus\n\n![Skylten](skylt på väggen.png)\n\nVi öppnar dörrarna den 3 december, kom in.\n\n"
        "![Hamnen](bilder/hamn.png)\n\nSlut.\n\n![Borta](../långt%20borta.png)\n\n"
        "![Ingen](saknas.png)\n\n![Annan](https://example.org/x.png)\n",
        encoding="utf-8",
    )
    assert run("articles", "add", str(mine / "öppet.md"), "--language", "sv") == 0
    assert run("compose", "2026-12") == 0
    text = (workspace / "issues" / "2026-12" / "issue.md").read_text("utf-8")
    assert "![Skylten](assets/skylt-på-väggen.png)\nVi öppnar dörrarna den 3 december, kom in.\n\n![Ha" in text
    assert "![Hamnen](assets/hamn.png)" in text
    assert "![Borta](assets/långt-borta.png)" in text
    assert "![Ingen](saknas.png)" in text
    assert "![Annan](https://example.org/x.png)" in text
    laid = workspace / "issues" / "2026-12" / "assets"
    assert sorted(each.name for each in laid.iterdir()) == ["hamn.png", "långt-borta.png", "skylt-på-väggen.png"]


@pytest.mark.parametrize("mark", ["<!-- saved from url=(0030){} -->", "<link rel='canonical' href='{}'>"])
def test_pictures_of_a_page_that_a_browser_saved_lie_beside_the_issue(
    run: Shell, workspace: Path, tmp_path: Path, mark: str
) -> None:
    folder = tmp_path / "Det nya huset-filer"
    folder.mkdir()
    (folder / "hus.png").write_bytes(png(600, 400))
    words = "The quay was built anew, and who lives beside the harbour may walk there again from June on. " * 3
    site = mark.format("https://park.example.org/hus/")
    (tmp_path / "Det nya huset.html").write_text(
        f"<!DOCTYPE html>\n{site}<html lang='en'><title>House</title><article><h1>The house at the quay</h1>"
        "<figure><img src='./Det%20nya%20huset-filer/hus.png' alt='The house' width='600' height='400'></figure>"
        f"<p>{words}</p><img src='https://park.example.org/x/plan.png' alt='Plan'><p>{words}</p></article></html>",
        encoding="utf-8",
    )
    assert run("articles", "add", str(tmp_path / "Det nya huset.html")) == 0
    assert run("compose", "2026-12") == 0
    assert "](assets/hus.png)" in (workspace / "issues" / "2026-12" / "issue.md").read_text("utf-8")
    assert [each.name for each in (workspace / "issues" / "2026-12" / "assets").iterdir()] == ["hus.png"]


def test_no_page_and_no_feed_takes_a_picture_from_this_machine(
    run: Shell, workspace: Path, site: Site, tmp_path: Path
) -> None:
    (tmp_path / "own.png").write_bytes(png(600, 400))
    own = (tmp_path / "own.png").as_uri()
    words = "The quay was built anew, and who lives beside the harbour may walk there again from June on. " * 3
    page = f"<title>Quay</title><article><h1>The quay</h1><p>{words}</p><img src='{own}' alt='Own'></article>"
    host = site.url.split("//")[1].split(":")[0]
    entry = f"<item><title>Eel</title><guid isPermaLink='false'>{host}</guid><description>{escape(page)}"
    site.says("/page", page)
    rss = f"<rss version='2.0'><channel><title>x</title>{entry}</description></item></channel></rss>"
    site.says("/feed", rss, kind="application/rss+xml")
    for name in ("/page", "/feed"):
        assert run("articles", "add", "--allow-private", f"{site.url}{name}") == 0
    assert run("compose", "2026-12") == 0
    assert not (workspace / "issues" / "2026-12" / "assets").exists()
    assert "own.png" not in (workspace / "issues" / "2026-12" / "issue.md").read_text("utf-8")
