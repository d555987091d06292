"""axe-core, in Chromium, finds no serious fault in letters and pages, light and dark; nor does html5lib."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.newsletter.web.test_web_answer import asked
from tests.newsletter.web.test_web_archive import rendered, send
from tests.samples import ROOT
from tests.webserver import SETTINGS, serving

AXE = "axe-core@4.14.1"
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-dev-shm-usage --window-size=1200,1000"
)
LETTERS = sorted((ROOT / "tests" / "golden").glob("*/*.html"))
LETTER = "/archive/2025-06"
PAGES = (
    "/",
    "/subscribe",
    "/subscribe?lang=sv",
    "/preferences",
    "/privacy",
    "/archive",
    "/archive?lang=sv",
    LETTER,
    "/x",
)
GRAVE = {"serious", "critical"}
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
  (found) => done(found.violations.map((one) => [one.impact, one.id, one.nodes.map((node) => node.html)])),
  (error) => done([["critical", String(error), []]]));
"""


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return axe-core's program, as npm gives it."""
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, check=True, capture_output=True, timeout=120)
    subprocess.run(["tar", "xzf", next(folder.glob("*.tgz")).name], cwd=folder, check=True)
    return (folder / "package" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    # One test's server may have the port that another's had, and the archive's pages may be kept for a while.
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    try:
        yield driver
    finally:
        driver.quit()


def grave(driver: webdriver.Chrome, axe: str, url: str, scheme: str) -> list[object]:
    """Return the grave faults of a page that is shown in a light or a dark scheme."""
    feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    # The pages' own policy lets no script in, not even ours.
    driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    driver.get(url)
    driver.execute_script(axe)
    return [one for one in driver.execute_async_script(RUN) if one[0] in GRAVE]


@pytest.mark.axe
@pytest.mark.browser
def test_a_grave_fault_is_seen(chromium, axe, tmp_path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><title>x</title><img src="a.png"><p style="color:#aaa">Pale', encoding="utf-8")
    assert {"image-alt", "color-contrast", "html-has-lang"} <= {
        one[1] for one in grave(chromium, axe, page.as_uri(), "light")
    }


@pytest.mark.axe
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_letter_has_no_grave_fault(chromium, axe, letter: Path, scheme: str) -> None:
    assert grave(chromium, axe, letter.as_uri(), scheme) == []


@pytest.mark.axe
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_for_readers_have_no_grave_fault(chromium, axe, tmp_path, scheme) -> None:
    with serving(tmp_path, SETTINGS) as world:
        html = '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="The pier">'
        page = rendered().html.replace(
            '<img src="https://news.example.org/issues/2025-06/assets/pier.jpg" alt="The pier">', html
        )
        send(world, rendered(html=page), rendered("sv", html=page.replace('lang="en"', 'lang="sv"')))
        found = {path: grave(chromium, axe, world.url + path, scheme) for path in (*PAGES, asked(world))}
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.browser
def test_the_pages_follow_the_size_of_text_that_a_reader_set_on_a_small_screen(chromium, tmp_path) -> None:
    screen = {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    chromium.execute_cdp_cmd("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    # It holds from the page after the next.
    chromium.get("about:blank")
    found = {}
    try:
        with serving(tmp_path, SETTINGS) as world:
            for path in (
                *PAGES,
                "/privacy?lang=sv",
                f"/unsubscribe/{world.token('unsubscribe', world.person().id)}",
                asked(world),
            ):
                chromium.get(world.url + path)
                found[path] = chromium.execute_script(
                    "return [getComputedStyle(document.body).fontSize, document.documentElement.scrollWidth]"
                )
    finally:
        chromium.execute_cdp_cmd("Page.setFontSizes", {"fontSizes": {"standard": 16}})
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert {path: seen for path, seen in found.items() if seen != ["34px", 375]} == {}


#: How high each link is that stands in a paragraph by itself.
ALONE = """
const alone = one => one.parentNode.textContent.trim() === one.textContent.trim();
return [...document.querySelectorAll("main p > a")].filter(alone).map(one => one.offsetHeight);
"""


@pytest.mark.browser
def test_a_link_by_itself_is_as_high_as_a_finger_is_wide(chromium, tmp_path) -> None:
    found = {}
    with serving(tmp_path, SETTINGS) as world:
        own = f"/unsubscribe/{world.token('unsubscribe', world.person().id)}"
        for path in ("/", "/archive", "/x", own):
            chromium.get(world.url + path)
            found[path] = chromium.execute_script(ALONE)
    assert all(found.values())
    assert {path: heights for path, heights in found.items() if min(heights) < 44} == {}


@pytest.mark.browser
def test_a_page_that_is_read_from_the_right_is_no_wider_than_the_screen(chromium, tmp_path) -> None:
    words = tmp_path / "templates" / "words"
    words.mkdir(parents=True)
    (words / "ar.po").write_text('msgid "Subscribe"\nmsgstr "اشترك"\n', encoding="utf-8")
    screen = {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    found = {}
    try:
        with serving(tmp_path, SETTINGS.replace('"sv"]', '"ar"]')) as world:
            own = f"/preferences/{world.token('preferences', world.person().id)}"
            for path in ("/", "/subscribe", "/preferences", "/privacy", "/archive", "/x", own):
                chromium.get(f"{world.url}{path}?lang=ar")
                found[path] = chromium.execute_script(
                    "return [document.dir, document.documentElement.scrollWidth]"
                )
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert {path: seen for path, seen in found.items() if seen != ["rtl", 375]} == {}


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a preview whose issue has findings."""
    root = tmp_path_factory.mktemp("letter")
    subprocess.run([sys.executable, "-m", "newsletter", "init", str(root / "a")], check=True, capture_output=True)
    issue = next((root / "a" / "issues").glob("*/issue.md"))
    issue.write_text(issue.read_text(encoding="utf-8") + "\n::: cta\nCome and see. TODO\n:::\n", encoding="utf-8")
    command = [sys.executable, "-m", "newsletter", "--workspace", str(root / "a"), "preview", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout
        yield running.stdout.readline().strip()
        running.terminate()


@pytest.mark.axe
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_preview_has_no_grave_fault_and_needs_no_mouse(chromium, axe, preview, scheme) -> None:
    def stands(driver: webdriver.Chrome) -> bool:
        return "error" in driver.find_element("id", "sum").text

    def loud() -> list[object]:
        return [one for one in chromium.execute_async_script(RUN) if one[0] in GRAVE]

    grave(chromium, axe, preview, scheme)
    WebDriverWait(chromium, 30).until(stands)
    found = {"letter": loud()}
    for name in ("Text", "Source", "HTML", "Headers", "Letter"):
        # From the last control to this one, with the tabulator alone.
        chromium.execute_script("document.getElementById('view').focus()")
        for _ in range(20):
            ActionChains(chromium).send_keys(Keys.TAB).perform()
            if chromium.switch_to.active_element.text == name:
                break
        ActionChains(chromium).send_keys(Keys.ENTER).perform()
        assert chromium.switch_to.active_element.get_attribute("aria-pressed") == "true", name
        found[name] = loud()
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.axe
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_for_colleagues_has_no_grave_fault(chromium, axe, tmp_path, scheme) -> None:
    for words in (["init", "a"], ["--workspace", "a", "preview", "--html", "a.html"]):
        subprocess.run([sys.executable, "-m", "newsletter", *words], cwd=tmp_path, check=True, capture_output=True)
    assert grave(chromium, axe, (tmp_path / "a.html").as_uri(), scheme) == []
    chromium.find_element("xpath", "//label[normalize-space()='Text']").click()
    assert [one for one in chromium.execute_async_script(RUN) if one[0] in GRAVE] == []


@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_html5lib_finds_no_fault_in_a_letter(letter: Path) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(letter.read_text(encoding="utf-8"))
    assert parser.errors == []
