"""A real Chromium for tests, and the application served to it from a thread."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests. Where there is none they are skipped, but not in continuous integration."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing = "There is no Chromium here: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers, until the end of the block."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def window(
    browser: Browser,
    base_url: str,
    cookie: str | None = None,
    *,
    size: dict[str, int] = DESK,
    with_scripts: bool = True,
) -> Iterator[BrowserContext]:
    """A window of its own; `cookie` is the session of somebody who is signed in already."""
    context = browser.new_context(
        base_url=base_url,
        viewport=size,  # type: ignore[arg-type]
        locale="en-GB",
        timezone_id="Europe/London",
        java_script_enabled=with_scripts,
    )
    if cookie is not None:
        context.add_cookies([{"name": "golden_thread", "value": cookie, "url": base_url}])
    yield context
    context.close()
