"""Fetching from outside: what is refused, and what ends in time."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytest_socket import enable_socket

from app.core import fetching
from app.core.fetching import FetchFailed, FetchRefused, check_address, fetch, is_public
from app.core.settings import Settings, SettingsError

Answer = Callable[[BaseHTTPRequestHandler], None]
CLOSED = Settings(app_env="embedded")
OPEN = Settings(app_env="embedded", fetch_loopback=True)


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server of our own: its address, and the requests it got."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            seen.append(f"{self.command} {self.headers['Host']} {self.path}")
            answer(self)

        do_GET = do_HEAD = do_POST = handle_any  # noqa: N815 - the names the library asks for

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_arguments: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()


def say(body: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer with this body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return answer


def lead_to(address: str, status: int = 302) -> Answer:
    """An answer that leads elsewhere."""
    return say(b"", status, Location=address)


@pytest.fixture(autouse=True)
def _network() -> None:
    enable_socket()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.7", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_that_are_not_the_worlds(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_that_are_the_worlds(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "//example.org/", "example.org",
        "http://", "http:///path", "https://user:secret@example.org/", "https://user@example.org/",
        "https://example.org:22/", "https://example.org:8443/", "http://example.org/a b", "http://exa\nmple.org/",
        "http://example.org\\@10.0.0.1/", "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:169.254.169.254]/",
        "http://10.0.0.1/", "https://example.org/" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused_without_asking(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("it was looked up"))
    with pytest.raises(FetchRefused):
        fetch(url, settings=CLOSED)
    with pytest.raises(FetchRefused):
        check_address(url, CLOSED)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "0"])
def test_other_spellings_of_this_machine_lead_nowhere(host: str):
    with pytest.raises((FetchRefused, FetchFailed)):
        fetch(f"http://{host}/", settings=CLOSED, timeout=3)


def test_a_public_address_in_a_form_is_taken():
    assert check_address("https://Example.org/a#part", CLOSED) == "https://example.org/a"


def test_this_machine_answers_only_with_the_setting_of_the_tests():
    with serving(say(b"here")) as (here, seen):
        with pytest.raises(FetchRefused):
            fetch(here, settings=CLOSED)
        assert seen == []
        got = fetch(f"{here}/page?q=é", settings=OPEN)
        assert (got.status, got.body, got.url) == (200, b"here", f"{here}/page?q=%C3%A9")
        assert seen == [f"GET {here.removeprefix('http://')} /page?q=%C3%A9"]


def test_the_setting_of_the_tests_is_refused_in_production():
    with pytest.raises(SettingsError, match="FETCH_LOOPBACK"):
        Settings(app_env="production", fetch_loopback=True).check()


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch):
    rows = [(socket.AF_INET, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.5")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: rows)
    with pytest.raises(FetchRefused):
        fetch("http://mixed.example.org/", settings=CLOSED)


def test_the_name_is_looked_up_once_and_the_judged_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    with serving(say(b"judged")) as (here, seen):
        port = int(here.rpartition(":")[2])

        def look_up(host: str, _port: int, **_more: object) -> list[tuple[object, ...]]:
            # The first answer is harmless; whoever asks again is led elsewhere.
            asked.append(host)
            return [(socket.AF_INET, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.9.9.9", port))]

        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: (look_up if "example" in host else real)(host, *a, **k)
        )
        got = fetch(f"http://rebound.example.org:{port}/", settings=OPEN)
        assert got.body == b"judged"
        assert asked == ["rebound.example.org"]
        assert seen == [f"GET rebound.example.org:{port} /"]


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "file:///etc/passwd", "//192.168.0.1/",
               "http://u:p@example.org/", "http://[fe80::1]/"],
)  # fmt: skip
def test_a_redirect_into_a_private_network_is_refused(target: str):
    with serving(lead_to(target)) as (here, _seen), pytest.raises(FetchRefused):
        fetch(here, settings=OPEN)


def test_a_public_page_that_leads_to_this_machine_is_refused(monkeypatch: pytest.MonkeyPatch):
    with serving(say(b"secret")) as (inside, seen):
        public = fetching._ask

        def ask(target, address, request, settings):
            if target.host == "93.184.215.14":
                return fetching.Fetched(302, target.url, {"location": inside}, b"")
            return public(target, address, request, settings)

        monkeypatch.setattr(fetching, "_ask", ask)
        with pytest.raises(FetchRefused):
            fetch("http://93.184.215.14/", settings=CLOSED)
        assert seen == []


def test_redirects_are_followed_a_few_times():
    def answer(handler: BaseHTTPRequestHandler) -> None:
        number = int(handler.path.strip("/") or 0)
        (say(b"at last") if number == 3 else lead_to(f"/{number + 1}", 301))(handler)

    with serving(answer) as (here, seen):
        got = fetch(here, settings=OPEN)
        assert (got.body, got.url, len(seen)) == (b"at last", f"{here}/3", 4)
    with serving(lead_to("/again")) as (here, seen):
        with pytest.raises(FetchFailed):
            fetch(here, settings=OPEN)
        assert len(seen) == 6


def test_a_key_that_is_posted_goes_nowhere_else():
    with serving(lead_to("https://example.org/")) as (here, seen):
        with pytest.raises(FetchFailed):
            fetch(here, settings=OPEN, method="POST", json={"api_key": "k"})
        assert len(seen) == 1


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A body that never ends."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 10_000)


def test_an_endless_body_is_left_off_or_cut():
    with serving(endless) as (here, _seen):
        with pytest.raises(FetchFailed):
            fetch(here, settings=OPEN, most_bytes=50_000, timeout=20)
        got = fetch(here, settings=OPEN, most_bytes=50_000, timeout=20, cut=True)
        assert got.body == b"x" * 50_000
        assert fetch(here, settings=OPEN, method="HEAD", timeout=20).body == b""


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    """One sign at a time, each before a limit of the socket alone would strike."""
    for sign in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 600:
        handler.wfile.write(bytes([sign]))
        handler.wfile.flush()
        time.sleep(0.05)


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    """The same with the body."""
    handler.send_response(200)
    handler.end_headers()
    for _number in range(600):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    """No answer at all."""
    time.sleep(30)


@pytest.mark.parametrize("answer", [drip_headers, drip_body, silent])
def test_whoever_is_slow_is_not_waited_for(answer: Answer):
    with serving(answer) as (here, _seen), pytest.raises(FetchFailed, match="too long to answer"):
        fetch(here, settings=OPEN, timeout=0.5)


def test_a_slow_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: time.sleep(30))
    with pytest.raises(FetchFailed, match="too long to answer"):
        fetch("http://example.org/", settings=CLOSED, timeout=0.3)


def test_what_is_not_http_is_a_failure():
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        other, _where = listener.accept()
        other.recv(1000)
        other.sendall(b"220 mail.example.org ESMTP\r\n")
        other.close()

    threading.Thread(target=answer, daemon=True).start()
    with pytest.raises(FetchFailed):
        fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", settings=OPEN, timeout=5)
    listener.close()


def test_nobody_there_is_a_failure():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(FetchFailed, match="could not be reached"):
        fetch(f"http://127.0.0.1:{port}/", settings=OPEN, timeout=5)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_the_other_side_must_prove_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=proven.example.org -addext"
    subprocess.run(
        [*make.split(), "subjectAltName=DNS:proven.example.org", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(say(b"proven"), context) as (here, seen):
        port = int(here.rpartition(":")[2])
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *a, **k: real("127.0.0.1" if "example" in host else host, *a, **k),
        )
        with pytest.raises(FetchFailed, match="prove who it is"):
            fetch(f"https://proven.example.org:{port}/", settings=OPEN, timeout=5)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch(f"https://proven.example.org:{port}/", settings=OPEN, timeout=5).body == b"proven"
        with pytest.raises(FetchFailed, match="prove who it is"):
            fetch(f"https://other.example.org:{port}/", settings=OPEN, timeout=5)
        assert len(seen) == 1
