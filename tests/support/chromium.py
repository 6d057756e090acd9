"""A real Chromium for the browser tests; what can't be had fails with the command that mends it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MEND = "No Chromium for the browser tests. Mend it with: apt-get install chromium, or: npm install @sparticuz/chromium"


def _from_system() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _from_debian() -> str | None:
    """Debian's package, where this user may install it."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-q"], ["install", "-y", "-q", "chromium", "fonts-noto-core"]):
        if subprocess.run(["apt-get", *step], capture_output=True, check=False, env=environment).returncode:
            return None
    return _from_system()


def _from_npm(folder: Path) -> str | None:
    if not shutil.which("npm"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    install = ["npm", "install", "--no-save", "--prefix", str(folder), "@sparticuz/chromium"]
    if subprocess.run(install, capture_output=True, check=False).returncode:
        return None
    script = "import('@sparticuz/chromium').then(async m => console.log(await m.default.executablePath()))"
    run = subprocess.run(["node", "-e", script], cwd=folder, capture_output=True, text=True, check=False)
    return run.stdout.strip() or None


@cache
def chromium_path() -> str:
    """The browser's path; raises with the command that would mend its absence."""
    found = _from_system() or _from_debian() or _from_npm(Path(__file__).resolve().parents[2] / "instance" / "chromium")
    if not found:
        raise RuntimeError(MEND)
    return found


if __name__ == "__main__":
    # Before the tests, so that a missing browser is installed once and not by each test process.
    try:
        print(f"browser for the tests: {chromium_path()}")
    except RuntimeError as error:
        sys.exit(str(error))
