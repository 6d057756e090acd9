"""A small LibreTranslate server for the tests: as the protocol says, and as unfriendly as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LANGUAGES = [
    {"code": code, "name": code, "targets": ["en", "fr", "pt-BR", "zh-Hans"]}
    for code in ("en", "fr", "pt-BR", "zh-Hans")
]


class Translator:
    """What the server got, and how it answers."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[dict[str, Any]] = []
        self.word: Callable[[str], str] = lambda text: text.upper()
        self.status = 200
        self.languages: Any = LANGUAGES
        self.raw: bytes | None = None

    def answer(self, path: str, values: dict[str, Any]) -> tuple[int, Any]:
        """What is said to a request."""
        if path == "/languages":
            return 200, self.languages
        self.asked.append(values)
        if self.status != 200:
            return self.status, {"error": "refused"}
        missing = {"q", "source", "target"} - set(values)
        if missing:
            return 400, {"error": f"missing {missing}"}
        return 200, {"translatedText": self.word(values["q"])}


@contextmanager
def translator() -> Iterator[Translator]:
    """A running server on this machine."""
    state = Translator()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({})

        def do_POST(self) -> None:
            self._say(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _say(self, values: dict[str, Any]) -> None:
            status, found = state.answer(self.path, values)
            body = state.raw if state.raw is not None else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
