"""A reader's whole way in a real browser: sign up, confirm by the mail, get a letter, leave by its link.

Runs `newsletter serve` and `newsletter send` as an operator does, against the catcher.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from newsletter.catch.server import Catcher
from tests import ports
from tests.catcher import running

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "subscribe": "Subscribe",
        "subject": "Please confirm",
        "sent": "Look in your inbox",
        "confirm": "One click, and you are in",
        "yes": "Yes, send it to me",
        "welcome": "Welcome",
        "leave": "Unsubscribe",
        "left": "You have unsubscribed",
    },
    "sv": {
        "subscribe": "Prenumerera",
        "subject": "Bekräfta",
        "sent": "Titta i din inkorg",
        "confirm": "Ett klick, så är du med",
        "yes": "Ja, skicka det till mig",
        "welcome": "Välkommen",
        "leave": "Avsluta prenumerationen",
        "left": "Du har avslutat prenumerationen",
    },
}


@dataclass
class Place:
    """A workspace that is served."""

    folder: Path
    url: str
    catcher: Catcher
    log: Path

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "newsletter", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def mail(self, address: str, subject: str, besides: str = "\n") -> str:
        """Wait for a mail, not the one with *besides* in its subject, and return its page in the catcher."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            for one in self.catcher.mailbox.find(to=address):
                if subject in one.subject and besides not in one.subject:
                    return f"{self.catcher.url}messages/{one.id}"
            time.sleep(0.05)
        raise AssertionError(f"no mail about {subject} came; serve said:\n{self.log.read_text()}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("flow") / "letter"
    made = subprocess.run(
        [sys.executable, "-m", "newsletter", "init", str(folder)], capture_output=True, text=True, timeout=60
    )
    assert made.returncode == 0, made.stderr
    (port,) = ports.free(1)
    with running(folder / ".catch") as catcher:
        settings = folder / "newsletter.toml"
        text = settings.read_text(encoding="utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        settings.write_text(re.sub(r"port = 2525", f"port = {catcher.smtp_port}", text), encoding="utf-8")
        with serve(folder, port) as log:
            yield Place(folder, f"http://127.0.0.1:{port}", catcher, log)


@contextmanager
def serve(folder: Path, port: int) -> Iterator[Path]:
    log = folder / "serve.log"
    command = [sys.executable, "-m", "newsletter", "serve", "--port", str(port)]
    with log.open("wb") as out, subprocess.Popen(command, cwd=folder, stdout=out, stderr=out) as process:
        until = time.monotonic() + 20
        while time.monotonic() < until and process.poll() is None:
            try:
                httpx.get(f"http://127.0.0.1:{port}/health")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        try:
            yield log
        finally:
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(20) == 0, log.read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_page_load_timeout(20)
    yield driver
    driver.quit()


def heading(browser: Chrome) -> str:
    return WebDriverWait(browser, 10).until(lambda one: one.find_element(By.TAG_NAME, "h1")).text


def press(browser: Chrome, wanted: str) -> str:
    """Press the button with these words, and return the next page's heading."""
    before = browser.find_element(By.TAG_NAME, "main")
    next(one for one in browser.find_elements(By.CSS_SELECTOR, "main button") if one.text == wanted).click()
    WebDriverWait(browser, 10).until(lambda one: one.find_element(By.TAG_NAME, "main") != before)
    return heading(browser)


def follow(browser: Chrome, page: str, wanted: str) -> None:
    """Open a caught mail and follow the link with these words or address, as a reader does: to a new tab."""
    browser.get(page)
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    known = set(browser.window_handles)
    links = browser.find_elements(By.TAG_NAME, "a")
    link = next(one for one in links if wanted in one.text or wanted in one.get_attribute("href"))
    link.click()
    WebDriverWait(browser, 10).until(lambda one: set(one.window_handles) - known)
    (tab,) = set(browser.window_handles) - known
    browser.switch_to.default_content()
    browser.close()
    browser.switch_to.window(tab)


def test_readers_come_get_a_letter_and_go(place: Place, browser: Chrome) -> None:
    for language, words in WORDS.items():
        address = f"reader-{language}@example.net"
        browser.get(f"{place.url}/subscribe?lang={language}")
        assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == language
        browser.find_element(By.ID, "email").send_keys(address)
        browser.find_element(By.ID, "name").send_keys("Åsa Öberg")
        assert press(browser, words["subscribe"]) == words["sent"]
        follow(browser, place.mail(address, words["subject"]), words["yes"])
        assert "/confirm/" in browser.current_url
        assert heading(browser) == words["confirm"]
        assert press(browser, words["yes"]) == words["welcome"]

    place.run("send", "0001-hello", "--list", "monthly", "--yes")
    for language, words in WORDS.items():
        letter = place.mail(f"reader-{language}@example.net", "", besides=words["subject"])
        # The sample issue is in English; its reader's pages are in their own language.
        follow(browser, letter, "/unsubscribe/")
        assert press(browser, words["leave"]) == words["left"]

    # What the browser complained about on the way, beside pages that are meant to be faults.
    complaints = [line["message"] for line in browser.get_log("browser") if line["level"] == "SEVERE"]
    assert not [text for text in complaints if "status of 4" not in text]
    counts = json.loads(place.run("lists", "--json"))["lists"][0]
    assert counts["unsubscribed"] == 2
    # Neither who came nor by which link is written down where an operator looks.
    log = place.log.read_text()
    assert "example.net" not in log
    assert "/confirm/" not in log


QUESTION = """---
subject: What do you think?
preheader: A question for everybody who reads this letter to its end
list: monthly
---
Dear reader,

we would like to know something.

::: question {name="worth"}
Was this letter worth your time?

- Yes, all of it
- Some of it
- No
:::
"""


@pytest.fixture(scope="module")
def question(place: Place) -> str:
    """Send a letter that asks something to one reader, and return its page in the catcher."""
    address = "asked@example.net"
    place.run("subscribers", "add", address, "--list", "monthly", "--consent", "today", "--language", "sv")
    issue = place.folder / "issues" / "0003-question" / "issue.md"
    issue.parent.mkdir()
    issue.write_text(QUESTION, encoding="utf-8")
    place.run("send", "0003-question", "--yes", "--segment", f"email = '{address}'")
    return place.mail(address, "What do you think")


def test_a_question_is_answered_with_one_click_and_a_press_by_keyboard_alone(
    place: Place, browser: Chrome, question: str
) -> None:
    follow(browser, question, "/worth/2")
    assert heading(browser) == "Ditt svar"
    # Its question is what a voice says before each answer.
    assert browser.find_element(By.TAG_NAME, "legend").text == "Was this letter worth your time?"
    (chosen,) = browser.find_elements(By.CSS_SELECTOR, "input[type=radio]:checked")
    assert chosen.find_element(By.XPATH, "./..").text == "Some of it"
    for _ in range(10):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        if browser.switch_to.active_element == chosen:
            break
    browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    before = browser.find_element(By.TAG_NAME, "main")
    assert browser.switch_to.active_element.text == "Skicka"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda one: one.find_element(By.TAG_NAME, "main") != before)
    assert heading(browser) == "Tack för ditt svar"
    assert browser.find_element(By.CSS_SELECTOR, ".lists li").text == "No"
    # Another link of the letter changes it, and nobody is counted twice.
    follow(browser, question, "/worth/1")
    assert press(browser, "Skicka") == "Tack för ditt svar"
    (one,) = json.loads(place.run("report", "0003-question", "--json"))["questions"]
    assert (one["arrived"], one["answered"]) == (1, None)
    log = place.log.read_text()
    assert "example.net" not in log
    assert "/answer/" not in log


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1200])
def test_the_pages_of_an_answer_fit_and_are_legible(
    browser: Chrome, question: str, width: int, scheme: str
) -> None:
    browser.get(question)
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    link = browser.find_element(By.CSS_SELECTOR, "a[href*='/worth/3']").get_attribute("href")
    browser.switch_to.default_content()
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    browser.get(link)
    assert_fits(browser, width)
    press(browser, "Skicka")
    assert_fits(browser, width)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_form_works_with_the_keyboard_and_shows_what_is_wrong(place: Place, browser: Chrome) -> None:
    browser.get(f"{place.url}/subscribe?lang=en")
    order = []
    topics = len(browser.find_elements(By.NAME, "topic"))
    for _ in range(8 + topics):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        focused = browser.switch_to.active_element
        order.append(focused.get_attribute("name") or focused.text)
    assert order[3:] == ["email", "name", *["topic"] * topics, "language", "Subscribe", "editor@example.org"]
    browser.find_element(By.ID, "email").send_keys("anna at example", Keys.ENTER)
    field = WebDriverWait(browser, 10).until(lambda one: one.find_element(By.CSS_SELECTOR, "#email[aria-invalid]"))
    assert browser.switch_to.active_element == field
    described = browser.find_element(By.ID, field.get_attribute("aria-describedby"))
    assert "spelt right" in described.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1200])
def test_pages_fit_and_targets_are_large(place: Place, browser: Chrome, width: int, scheme: str) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    for path in ("/", "/subscribe?lang=sv", "/preferences?lang=sv", "/confirm/x"):
        browser.get(place.url + path)
        assert_fits(browser, width)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def assert_fits(browser: Chrome, width: int) -> None:
    """Assert that the page is no wider than the screen, its targets are large, and its words stand out."""
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    for one in browser.find_elements(By.CSS_SELECTOR, "button, .button, .choice, input[type=text], nav a"):
        if one.is_displayed() and one.get_attribute("tabindex") != "-1":
            assert one.size["height"] >= 44, one.get_attribute("outerHTML")
    assert float(browser.execute_script(CONTRAST)) >= 4.5


#: The lowest contrast (WCAG 2.2, 1.4.3) of any text against the nearest background above it.
CONTRAST = """
function light(colour) {
  return colour.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
}
const numbers = text => text.match(/[\\d.]+/g).map(Number);
let least = 21;
for (const one of document.querySelectorAll("body *")) {
  if (![...one.childNodes].some(n => n.nodeType == 3 && n.data.trim()) || one.closest(".away")) continue;
  let under = one, back;
  while (under && ((back = numbers(getComputedStyle(under).backgroundColor)).length == 4 && back[3] == 0))
    under = under.parentElement;
  const [a, b] = [light(numbers(getComputedStyle(one).color).slice(0, 3)), light(back.slice(0, 3))];
  least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
}
return least;
"""
