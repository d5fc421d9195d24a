"""Makes the README's picture: the overview of the demo organisation, as its leader sees it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "overview.png"
MOST_BYTES = 300_000
SIZE: ViewportSize = {"width": 1280, "height": 1180}


def main() -> int:
    """Make the demo, start the product, take the picture; returns the exit code."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("Install Chromium first: apt-get install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="posture-picture-") as folder:
        environment = os.environ | {"POSTURE_DATA_DIR": folder, "POSTURE_BIND": "127.0.0.1:8765"}
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
        running = subprocess.Popen([*manage, "up"], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            take(browser, leaders_link(running))
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=20)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size // 1000} kB")
    return 0 if size < MOST_BYTES else 1


def leaders_link(running: subprocess.Popen[str]) -> str:
    """Return the leader's sign-in link from what `up` prints."""
    assert running.stdout
    for line in running.stdout:
        if found := re.search(r"Security leader.*?(http\S+)", line):
            return found[1]
    raise SystemExit("The product did not start.")


def take(browser: str, link: str) -> None:
    """Sign in and save the picture."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport=SIZE, color_scheme="light")
        page.goto(link)
        page.click("main button")
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 600)")
        page.wait_for_timeout(2000)
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=PICTURE)
        chromium.close()


if __name__ == "__main__":
    sys.exit(main())
