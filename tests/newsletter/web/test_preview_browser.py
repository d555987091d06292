"""The preview in Debian's Chromium: it shows, switches, follows every save, and ends quietly."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from newsletter.files import keyring
from tests.letters import SETTINGS

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-dev-shm-usage --window-size=1500,1000"
)
ISSUE = """---
subject: June by the harbour
preheader: A new pier, forty boats, and a summer party on the quay
list: monthly
---
Dear {{ name or "reader" }}, the pier is open.

::: cta {href="" label="Book a berth"}
We have three left.
:::
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    settings = SETTINGS.replace('base_url = "', 'languages = ["en", "sv"]\nbase_url = "')
    (tmp_path / "newsletter.toml").write_text(settings, encoding="utf-8")
    folder = tmp_path / "issues" / "2025-06"
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, encoding="utf-8")
    swedish = ISSUE.replace("Dear", "Bästa").replace("the pier is open", "bryggan är öppen")
    (folder / "issue.sv.md").write_text(swedish, encoding="utf-8")
    (tmp_path / "subscribers").mkdir()
    keyring.make(tmp_path / "subscribers" / "secret.key")
    command = [
        "subscribers",
        "add",
        "nils@tidvatten.se",
        "--name",
        "Nils",
        "--language",
        "sv",
        "--list",
        "monthly",
    ]
    subprocess.run(
        [sys.executable, "-m", "newsletter", *command, "--consent", "himself"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    return tmp_path


@pytest.fixture
def preview(workspace: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the command; return its address and itself."""
    command = [sys.executable, "-m", "newsletter", "preview", "--no-open"]
    running = subprocess.Popen(
        command, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        yield running.stdout.readline().strip(), running
    finally:
        running.kill()
        running.communicate()


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}"]:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


class Screen:
    """What an editor sees and does."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def until(self, what, seconds: float = 10):
        passing = [NoSuchElementException, StaleElementReferenceException]
        waiting = WebDriverWait(self.driver, seconds, poll_frequency=0.05, ignored_exceptions=passing)
        return waiting.until(lambda _: what())

    def click(self, selector: str) -> None:
        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def words(self, selector: str) -> str:
        return self.driver.find_element(By.CSS_SELECTOR, selector).text

    def in_letter(self, script: str, frame: str = ".desktop iframe") -> str:
        """Run our own script, as a mail program never would, over the letter in the frame."""
        # While the frame loads it has no letter yet.
        run = f"const letter = arguments[0].contentDocument; return letter && letter.body ? [{script}] : null"
        return self.until(
            lambda: self.driver.execute_script(run, self.driver.find_element(By.CSS_SELECTOR, frame))
        )[0]

    def letter(self) -> str:
        return self.in_letter("letter.body.innerText")


def test_an_editor_sees_the_letter_and_every_save(preview, chromium, workspace):
    url, running = preview
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/2025-06/", url)
    chromium.get(url)
    screen = Screen(chromium)
    screen.until(lambda: "the pier is open" in screen.letter())
    assert screen.words("#subject") == "June by the harbour"
    screen.until(lambda: "issue.md:8" in screen.words("#findings"))
    assert "1 error" not in screen.words("#sum")  # both twins have it
    assert "2 errors" in screen.words("#sum")

    _switches(screen)
    _reads(screen)
    _points(screen)
    _follows(screen, workspace / "issues" / "2025-06" / "issue.md")

    assert [line for line in chromium.get_log("browser") if line["level"] == "SEVERE"] == []
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=10) == 0
    assert "Traceback" not in running.stderr.read()
    screen.until(lambda: screen.words("#live") == "The preview has ended")


def _switches(screen: Screen) -> None:
    screen.click('[data-to="phone"]')
    phone = ".phone iframe"
    screen.until(lambda: screen.in_letter("letter.defaultView.innerWidth", phone) == 375)
    light = screen.in_letter("getComputedStyle(letter.querySelector('h1, p')).color", phone)
    screen.click("#dark")
    script = "letter.readyState === 'complete' && getComputedStyle(letter.querySelector('h1, p')).color"
    screen.until(lambda: screen.in_letter(script, phone) not in {False, light})
    screen.click('[data-to="text"]')
    assert "the pier is open" in screen.words("#text")
    screen.click('[data-to="html"]')
    screen.until(lambda: "<!doctype" in screen.words("#html").casefold())
    screen.click("#findings button.place")
    assert "::: cta" in screen.words("#source .here")
    screen.click('[data-to="mail"]')
    screen.click('[data-to="desktop"]')
    Select(screen.driver.find_element(By.ID, "view")).select_by_visible_text("Svenska")
    screen.until(lambda: "bryggan är öppen" in screen.letter())
    Select(screen.driver.find_element(By.ID, "view")).select_by_visible_text("English")
    screen.until(lambda: "the pier is open" in screen.letter())


def _reads(screen: Screen) -> None:
    """Look at the headers, at two variants side by side, and as readers of whom much or nothing is known."""
    screen.click('[data-to="headers"]')
    screen.until(lambda: "List-Unsubscribe-Post" in screen.words("#headers"))
    screen.click('[data-to="mail"]')
    Select(screen.driver.find_element(By.ID, "beside")).select_by_visible_text("beside: Svenska")
    screen.until(lambda: "bryggan är öppen" in screen.in_letter("letter.body.innerText", ".desktop.beside iframe"))
    assert "the pier is open" in screen.letter()
    Select(screen.driver.find_element(By.ID, "beside")).select_by_visible_text("one letter")
    reader = Select(screen.driver.find_element(By.ID, "reader"))
    reader.select_by_visible_text("A reader we know nothing of")
    screen.until(lambda: "Dear reader" in screen.letter())
    reader.select_by_visible_text("A reader by address…")
    address = screen.driver.find_element(By.ID, "address")
    address.send_keys("nobody@tidvatten.se\n")
    screen.until(lambda: screen.words("#missing") == "Nobody has this address.")
    address.clear()
    address.send_keys("nils@tidvatten.se\n")
    # He reads Swedish, so his letter is the Swedish one, with his name.
    screen.until(lambda: "Bästa Nils" in screen.letter())
    Select(screen.driver.find_element(By.ID, "view")).select_by_visible_text("English")
    screen.until(lambda: "Dear Nils" in screen.letter())
    Select(screen.driver.find_element(By.ID, "reader")).select_by_visible_text("A sample reader")
    screen.until(lambda: "Dear Anna" in screen.letter())


def _points(screen: Screen) -> None:
    """A finding is marked beside the button that it is about, and leads to its words."""
    pin = screen.until(lambda: screen.driver.find_element(By.CSS_SELECTOR, ".desktop:not(.beside) .pin.error"))
    top = screen.in_letter("letter.body.innerText.indexOf('We have three left')")
    assert int(top) > 0
    assert "has no link" in pin.get_attribute("title")
    pin.click()
    screen.until(lambda: "has no link" in screen.words(".findings .here"))
    screen.click('[data-to="source"]')
    assert "has no link" in screen.words("#source .note.error")
    screen.click('[data-to="mail"]')


def _follows(screen: Screen, issue: Path) -> None:
    issue.write_text(ISSUE.replace('href=""', 'href="https://tidvatten.se/berths"'), encoding="utf-8")
    screen.until(lambda: "1 error" in screen.words("#sum"))
    issue.write_text(ISSUE.replace("subject: June", 'subject: "June'), encoding="utf-8")
    screen.until(lambda: "issues/2025-06/issue.md:2" in screen.words("#fault"))
    choice = '{% if city == "Norrvik" %}Come by bus.{% endif %}'
    issue.write_text(ISSUE.replace("the pier is open.", choice), encoding="utf-8")
    screen.until(lambda: "city: Norrvik" in screen.words("#reader"))
    assert "Come by bus." not in screen.letter()
    Select(screen.driver.find_element(By.ID, "reader")).select_by_visible_text("city: Norrvik")
    screen.until(lambda: "Come by bus." in screen.letter())
    issue.write_text(ISSUE.replace("the pier is open", "the pier is closed"), encoding="utf-8")
    screen.until(lambda: "the pier is closed" in screen.letter())
    assert screen.words("#fault") == ""
