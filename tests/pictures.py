"""Redraw docs/pictures from the sample issue and the demo: ``python -m tests.pictures``.

Needs Debian's chromium-driver, and fonts-noto-core and fonts-liberation, without which letters look plainer.
"""

import base64
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from newsletter import render
from tests.samples import ROOT, VALUES, rendered, sample

OUT = ROOT / "docs" / "pictures"
SLUG = "0002-everything"
#: The shipped themes, and what their pictures are called.
LOOKS = {"letter": "issue", "plain": "plain"}
WIDTHS = (600, 375)
MODES = ("light", "dark")

#: Whether a page and the letter that it shows in a frame, if any, stand there with their pictures and findings.
STANDS = """
const frames = [...document.querySelectorAll("iframe")].filter(frame => frame.offsetParent);
const inside = frames.map(frame => frame.contentDocument);
return !/^Looking/m.test(document.body.innerText)
  && inside.every(page => page && page.body && page.body.innerText.trim())
  && [document, ...inside].every(page => [...page.images].every(image => image.complete));
"""

#: Draws the shot with its 256 commonest colours: what the README loads should be small, and PNG knows palettes.
REDUCE = """
const [source, done] = arguments;
const image = new Image();
image.onload = () => {
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d", {alpha: false});
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, image.width, image.height).data;
  const counts = new Map();
  const key = i => (data[i] >> 3 << 10) | (data[i + 1] >> 3 << 5) | data[i + 2] >> 3;
  for (let i = 0; i < data.length; i += 4) {
    const seen = counts.get(key(i));
    if (seen) seen.count++; else counts.set(key(i), {count: 1, colour: [data[i], data[i + 1], data[i + 2]]});
  }
  const kept = [...counts.values()].sort((a, b) => b.count - a.count).slice(0, 256).map(one => one.colour);
  const far = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  for (const one of counts.values())
    one.place = kept.reduce((best, c, n) => far(c, one.colour) < far(kept[best], one.colour) ? n : best, 0);
  let places = "";
  for (let i = 0; i < data.length; i += 4) places += String.fromCharCode(counts.get(key(i)).place);
  done([image.width, kept.flat(), btoa(places)]);
};
image.src = "data:image/png;base64," + source;
"""


def browser(profile: str) -> webdriver.Chrome:
    """Return a Chromium without a window."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "hide-scrollbars", f"user-data-dir={profile}"):
        options.add_argument(f"--{argument}")
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def shoot(driver: webdriver.Chrome, url: str, width: int, mode: str = "light", tallest: int = 10_000) -> bytes:
    """Return a PNG of the page at *url*, *width* pixels wide and at most *tallest* high, in light or dark."""
    metrics = {"width": width, "height": min(tallest, 800), "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": mode}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    driver.get(url)
    WebDriverWait(driver, 20).until(lambda _: driver.execute_script(STANDS))
    height = min(driver.execute_script("return document.documentElement.scrollHeight"), tallest)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    # A page of ours lets no picture in that it does not name.
    driver.get("about:blank")
    across, palette, places = driver.execute_async_script(REDUCE, shot["data"])
    return png(across, bytes(palette), base64.b64decode(places))


def png(width: int, palette: bytes, places: bytes) -> bytes:
    """Return a PNG of *places* in a *palette* of at most 256 colours (W3C PNG, sections 11.2 and 11.3)."""
    height = len(places) // width
    rows = b"".join(b"\0" + places[start : start + width] for start in range(0, len(places), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def issue(driver: webdriver.Chrome, folder: Path) -> None:
    """Draw the sample issue, which has every block, in both themes, widths and modes."""
    beside = f"{(ROOT / 'issues' / SLUG).as_uri()}/"
    page = folder / "issue.html"
    for look, name in LOOKS.items():
        one = rendered(sample(SLUG, "en"), assets_url=beside, look=look)
        page.write_text(render.fill(one, VALUES).html, encoding="utf-8")
        for width in WIDTHS:
            for mode in MODES:
                keep(f"{name}-{width}-{mode}", shoot(driver, page.as_uri(), width, mode))


def pages(driver: webdriver.Chrome, folder: Path) -> None:
    """Draw the preview, the catcher's inbox and the signup page of the demo."""
    with running(folder, "demo", "--keep", str(folder / "letter"), "--json") as demo:
        # The document is there once the job is done; the demo then keeps its servers up.
        shown = json.loads("".join(takewhile(lambda line: line != "}\n", demo)) + "}")
        keep("catch", shoot(driver, shown["inbox"], 1000, tallest=560))
        keep("signup", shoot(driver, f"{shown['pages']}/subscribe", 1000, tallest=900))
        with running(folder / "letter", "preview", shown["issue"], "--no-open") as preview:
            keep("preview", shoot(driver, next(preview).strip(), 1240, tallest=820))


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Iterator[str]]:
    """Run a command until the block ends; give the lines that it prints."""
    command = [sys.executable, "-m", "newsletter", *words]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        yield iter(process.stdout.readline, "")
    finally:
        process.terminate()
        process.communicate(timeout=30)


def keep(name: str, picture: bytes) -> None:
    """Write a picture, and say how heavy it is."""
    path = OUT / f"{name}.png"
    path.write_bytes(picture)
    print(path.relative_to(ROOT), f"{len(picture) // 1000} kB", file=sys.stderr)


def main() -> None:
    """Draw all of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        driver = browser(f"{folder}/profile")
        try:
            issue(driver, Path(folder))
            pages(driver, Path(folder))
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
