"""What every test may ask for."""

import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="session")
def seed_page() -> Path:
    """The real page. It is another's text, so it lies beside the project, and only where it is tested."""
    path = Path(__file__).parents[2] / "shared" / "seed" / "flemingsberg-page.txt"
    if not path.exists():
        pytest.skip("the real page is not beside this checkout")
    return path


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser's tests where Chromium is missing, except in CI, where they must run."""
    if (CHROMIUM and CHROMEDRIVER) or os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="needs Debian's chromium and chromium-driver"))
