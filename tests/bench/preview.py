"""Measure the preview in Chromium: ``python -m tests.bench.preview [ROUNDS]``.

An issue of twelve stories in two languages for three segments, as `tests.bench.check` writes it. Its file is
saved, and the clock runs until the letter on the page has the new words, and until the gate's findings stand
beside it. Both clocks are this machine's.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tests.bench.check import workspace

FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --window-size=1500,1000"
#: Looks at every frame that the page draws, and writes down when the words were there.
WATCH = """
const [words, done] = arguments;
const look = () => {
  const letter = document.querySelector(".desktop iframe").contentDocument;
  const shown = letter && letter.body && letter.body.innerText.includes(words);
  if (shown && !window.shown) window.shown = Date.now();
  const found = window.shown && /error|ready/.test(document.getElementById("sum").textContent);
  if (found) done([window.shown, Date.now()]); else requestAnimationFrame(look);
};
window.shown = 0;
requestAnimationFrame(look);
"""


def rounds(url: str, issue: Path, count: int, profile: str) -> list[tuple[float, float]]:
    """Return for each save how long it took until the letter and the findings were there, in milliseconds."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_script_timeout(60)
    text = issue.read_text(encoding="utf-8")
    times = []
    try:
        driver.get(url)
        driver.execute_async_script(WATCH, "Warmth from the data hall")
        for number in range(count):
            words = f"the save of number {number}"
            # The clock starts when the file is there; the page begins to look before.
            driver.execute_script("window.watching = new Promise((done) => { window.told = done })")
            driver.execute_script(f"((...arguments) => {{ {WATCH} }})(arguments[0], window.told)", words)
            issue.write_text(text.replace("own tomatoes", words, 1), encoding="utf-8")
            begun = time.time() * 1000
            shown, found = driver.execute_async_script("window.watching.then(arguments[0])")
            times.append((shown - begun, found - begun))
    finally:
        driver.quit()
    return times


def main() -> None:
    """Measure, and print medians and the slowest."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as profile:
        letter = workspace(Path(made))
        command = [sys.executable, "-m", "newsletter", "--workspace", made, "preview", "2025-11", "--no-open"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert running.stdout
            url = running.stdout.readline().strip()
            times = rounds(url, letter.root / "issues" / "2025-11" / "issue.md", count, profile)
        finally:
            running.terminate()
            running.wait()
    for name, each in zip(
        ("the letter is there", "the findings are there"), zip(*times, strict=True), strict=True
    ):
        print(f"{name:<24} {statistics.median(each):>6.0f} ms after a save; the slowest {max(each):.0f} ms")


if __name__ == "__main__":
    main()
