"""Laws of `newsletter preview --html`: one page that shows all of an issue, and needs nothing besides."""

import html
import re
from pathlib import Path

import pytest
from selenium import webdriver

from tests import blank
from tests.pictures import browser
from tests.roll import caller
from tests.samples import ROOT

SLUG = "2025-11"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Return a new workspace with the sample of every block in it."""
    workspace = blank.letter(tmp_path / "letter", "The month around the bay")
    source, target = ROOT / "issues" / "0002-everything", workspace.issue(SLUG)
    for path in source.rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).write_bytes(path.read_bytes())
    return workspace.root


@pytest.fixture
def run(letter, capfd):
    return caller(letter, capfd)


def frames(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'srcdoc="([^"]*)"', page)]


def test_every_variant_is_there_in_light_and_dark_and_as_text_with_its_pictures(run, letter, tmp_path):
    run("preview", SLUG, "--html", str(tmp_path / "june.html"))
    page = (tmp_path / "june.html").read_text(encoding="utf-8")
    shown = frames(page)
    names = re.findall(r'id="view\d+"[^>]*>([^<]+)<', page)
    assert names == ["English", "English · research", "Svenska", "Svenska · research"]
    assert (len(shown), page.count("<pre>")) == (8, 4)
    assert ["color-scheme:dark" in one for one in shown] == [False, True] * 4
    assert "Anna Åkerlund" in shown[0]
    [*sources] = re.findall(r'<img[^>]* src="([^"]{0,30})', shown[0])
    assert len(sources) >= 4
    assert all(one.startswith("data:image/jpeg;base64,") for one in sources)
    assert "<script" not in page


def test_a_picture_from_outside_and_what_is_no_picture_stay_links(run, letter, tmp_path):
    issue = letter / "issues" / SLUG
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\nsecret")
    (issue / "assets" / "sail.jpg").unlink()
    (issue / "assets" / "sail.jpg").symlink_to(tmp_path / "secret.png")
    (issue / "assets" / "hearing.jpg").write_text("no picture")
    (issue / "issue.sv.md").unlink()
    with (issue / "issue.md").open("a", encoding="utf-8") as file:
        file.write("\n![up](assets/../../../newsletter.toml) [The plan](assets/plan.pdf)\n")
    run("preview", SLUG, "--html", str(tmp_path / "june.html"))
    [light, *_] = frames((tmp_path / "june.html").read_text(encoding="utf-8"))
    base = f"http://127.0.0.1:8000/issues/{SLUG}/assets"
    assert light.count(f'src="{base}/sail.jpg"') == 1
    # Its story shows it, and the gallery; so is the greenhouse, which is inside beside the bridge.
    assert light.count(f'src="{base}/hearing.jpg"') == 2
    assert f'href="{base}/plan.pdf"' in light
    assert light.count("base64,") == 3


def test_it_serves_nothing_and_says_what_is_wrong(run, letter, tmp_path):
    page = tmp_path / "june.html"
    assert "--html serves nothing" in run("preview", SLUG, "--html", str(page), "--port", "8080", code=2)
    assert "2031-01" in run("preview", "2031-01", "--html", str(page), code=4)
    (letter / "issues" / SLUG / "issue.sv.md").write_text("---\nsubject: a: b\n---\n", encoding="utf-8")
    assert "issue.sv.md:2" in run("preview", SLUG, "--html", str(page), code=1)
    assert not page.exists()
    assert "no/june.html" in run("preview", "0001-hello", "--html", str(tmp_path / "no" / "june.html"), code=1)


@pytest.fixture
def chromium(tmp_path):
    driver = browser(str(tmp_path / "profile"))
    yield driver
    driver.quit()


@pytest.mark.browser
def test_a_colleague_chooses_language_width_colours_and_text(run, tmp_path, chromium: webdriver.Chrome):
    run("preview", SLUG, "--html", str(tmp_path / "june.html"))
    chromium.set_window_size(1100, 900)
    chromium.get((tmp_path / "june.html").as_uri())

    def seen() -> list[tuple[str, int]]:
        found = chromium.find_elements("css selector", "iframe, pre")
        return [(one.get_attribute("class") or "text", one.size["width"]) for one in found if one.is_displayed()]

    def choose(label: str) -> None:
        chromium.find_element("xpath", f"//label[normalize-space()='{label}']").click()

    assert seen() == [("light", 600)]
    choose("Dark")
    choose("Phone")
    assert seen() == [("dark", 375)]
    choose("Svenska")
    [frame] = [one for one in chromium.find_elements("css selector", "iframe") if one.is_displayed()]
    chromium.switch_to.frame(frame)
    assert chromium.find_element("css selector", "html").get_attribute("lang") == "sv"
    assert chromium.execute_script("return [...document.images].every(one => one.naturalWidth > 0)")
    chromium.switch_to.default_content()
    choose("Text")
    assert [kind for kind, _ in seen()] == ["text"]
