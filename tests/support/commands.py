"""Running the ``flask`` command as a process of its own, as an operator does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
# What the settings read; nothing of it may leak in from the machine the tests run on.
OWN = ("APP_ENV", "DATABASE_URL", "INSTANCE_PATH", "SECRET_KEY", "PUBLIC_URL", "PORT", "MAIL_URL", "FLASK_APP")


def environment(**values: str) -> dict[str, str]:
    """The environment without any setting but ``values``."""
    return {**{name: value for name, value in os.environ.items() if name not in OWN}, **values}


def of_settings(settings: Settings) -> dict[str, str]:
    """The environment that gives these settings' database and folder."""
    return environment(DATABASE_URL=settings.database_url, INSTANCE_PATH=str(settings.instance_path))


def command(*arguments: str) -> list[str]:
    """``flask`` with arguments."""
    return [sys.executable, "-m", "flask", *arguments]


def run(*arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run ``flask`` from the root to its end, with the settings ``values``."""
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(**values),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
