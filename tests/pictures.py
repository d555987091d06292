"""Redraw docs/pictures from the sample issue: ``python -m tests.pictures``. Needs Debian's chromium-driver."""

import base64
import shutil
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from selenium import webdriver

from newsletter import render
from tests.samples import ROOT, VALUES, rendered, sample

OUT = ROOT / "docs" / "pictures"
SLUG = "0002-everything"
WIDTHS = (600, 375)
THEMES = ("light", "dark")

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


def shoot(driver: webdriver.Chrome, page: Path, width: int, theme: str) -> bytes:
    """Return a PNG of the whole *page* at *width* pixels in the light or dark theme."""
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    driver.get(page.as_uri())
    height = driver.execute_script("return document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
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


def main() -> None:
    """Draw all of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        beside = f"{(ROOT / 'issues' / SLUG).as_uri()}/"
        page = Path(folder, "issue.html")
        page.write_text(
            render.fill(rendered(sample(SLUG, "en"), assets_url=beside), VALUES).html, encoding="utf-8"
        )
        driver = browser(f"{folder}/profile")
        try:
            for width in WIDTHS:
                for theme in THEMES:
                    picture = OUT / f"issue-{width}-{theme}.png"
                    picture.write_bytes(shoot(driver, page, width, theme))
                    print(picture.relative_to(ROOT), f"{picture.stat().st_size // 1000} kB", file=sys.stderr)
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
