"""The browser of the system, never a downloaded one, and a server that it may ask."""

import os
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, expect

# Playwright's synchronous interface keeps an event loop in this thread; Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# As long as a click or a page is waited for: five seconds are few where two browsers share two cores.
expect.set_options(timeout=30_000)

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = (
    "Chromium was not found, and the pages must work in a real browser. Install it (Debian: apt-get install "
    "chromium fonts-noto-core). ALLOW_SKIP=1 leaves these tests out."
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("ALLOW_SKIP") == "1":
            pytest.skip(MISSING)
        pytest.fail(MISSING, pytrace=False)
    return {**browser_type_launch_args, "executable_path": found, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser set to English, as many in an office are: the pages stay Vietnamese."""
    return {**browser_context_args, "locale": "en-US", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture(autouse=True)
def complaints_of_the_browser(context: BrowserContext) -> Iterator[list[str]]:
    """Fails a test whose pages broke the Content-Security-Policy, threw in a script or asked another host.

    The browser's own note about an answer such as 403 or 409 is no complaint: tests ask for those.
    """
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def see(request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in {None, "localhost", "127.0.0.1"}:
            complaints.append(f"asked {host}: {request.url}")

    context.on("console", hear)
    context.on("request", see)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield complaints
    assert complaints == []
