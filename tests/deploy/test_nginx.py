"""nginx: the site as shipped, started with real requests before a stub of the registry."""

import http.client
import http.server
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NAME = "registry.example.invalid"

needs_nginx = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx is not installed here"
)


class Seen(http.server.BaseHTTPRequestHandler):
    """Stands for the registry: answers with the headers that reached it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Tell what came."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that http.server asks for

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _certificate(folder: Path) -> None:
    made = ["-keyout", str(folder / "private.key"), "-out", str(folder / "fullchain.crt")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-subj", f"/CN={NAME}", *made],
        check=True, capture_output=True,
    )  # fmt: skip


def _configuration(folder: Path, ports: dict[str, int]) -> Path:
    """The site as shipped, with this test's ports and folder in place of the machine's."""
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    site = site.replace("/etc/ssl/registry", str(folder)).replace("/var/log/nginx", str(folder))
    site = re.sub(r" *listen \[::\].*\n", "", site)
    site = site.replace("listen 443", f"listen 127.0.0.1:{ports['tls']}")
    site = site.replace("listen 80", f"listen 127.0.0.1:{ports['plain']}")
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{ports['stub']}")
    (folder / "site.conf").write_text(site, "utf-8")
    temp = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {folder / 'pid'};\n"
        f"error_log {folder / 'error.log'};\nevents {{}}\n"
        f"http {{\n{temp}include {folder / 'site.conf'};\n}}\n",
        "utf-8",
    )
    return whole


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """nginx with our site before a stub of the registry; yields the ports."""
    folder = tmp_path_factory.mktemp("nginx")
    stub = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Seen)
    threading.Thread(target=stub.serve_forever, daemon=True).start()
    ports = {"tls": _free_port(), "plain": _free_port(), "stub": stub.server_address[1]}
    _certificate(folder)
    command = ["nginx", "-p", str(folder), "-c", str(_configuration(folder, ports))]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(ports["tls"])
            yield ports
        finally:
            process.terminate()
            stub.shutdown()
            stub.server_close()


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("nginx did not start")


def _raw(front: dict[str, int], request: bytes) -> bytes:
    """Send these bytes over TLS to our site; return all that comes back."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", front["tls"]), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=NAME) as line,
    ):
        line.sendall(request)
        answer = b""
        while part := line.recv(65536):
            answer += part
        return answer


def _request(*headers: str, first: str = "GET /x HTTP/1.1", body: bytes = b"") -> bytes:
    lines = [first, *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


@needs_nginx
def test_a_request_for_our_name_reaches_the_registry(front: dict[str, int]) -> None:
    answer = _raw(front, _request(f"Host: {NAME}"))
    assert answer.startswith(b"HTTP/1.1 200")
    assert f"Host: {NAME}".encode() in answer


@needs_nginx
def test_a_client_may_not_say_where_it_came_from(front: dict[str, int]) -> None:
    answer = _raw(
        front,
        _request(f"Host: {NAME}", "X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9"),
    )
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"X-Forwarded-For: 127.0.0.1" in answer
    assert b"203.0.113.9" not in answer


@needs_nginx
@pytest.mark.parametrize("headers", [(), ("Host: elsewhere.invalid",)], ids=["none", "other"])
def test_a_request_for_another_name_is_not_answered(
    front: dict[str, int], headers: tuple[str, ...]
) -> None:
    answer = _raw(front, _request(*headers))
    assert not answer.startswith(b"HTTP/1.1 200")
    assert b"X-Forwarded" not in answer


@needs_nginx
def test_two_lengths_in_one_request_are_refused(front: dict[str, int]) -> None:
    smuggled = _request(
        f"Host: {NAME}",
        "Content-Length: 6",
        "Transfer-Encoding: chunked",
        first="POST /x HTTP/1.1",
        body=b"0\r\n\r\nG",
    )
    assert _raw(front, smuggled).startswith(b"HTTP/1.1 400")


@needs_nginx
def test_a_body_larger_than_a_document_is_refused_before_it_is_read(front: dict[str, int]) -> None:
    huge = _request(f"Host: {NAME}", "Content-Length: 99999999", first="POST /x HTTP/1.1")
    assert _raw(front, huge).startswith(b"HTTP/1.1 413")


@needs_nginx
def test_signing_in_too_often_is_slowed_down(front: dict[str, int]) -> None:
    request = _request(
        f"Host: {NAME}", "Content-Length: 2", first="POST /api/v1/tokens HTTP/1.1", body=b"{}"
    )
    statuses = {_raw(front, request).split(b" ", 2)[1] for _ in range(20)}
    assert statuses == {b"200", b"429"}


@needs_nginx
def test_plain_http_leads_to_tls(front: dict[str, int]) -> None:
    door = http.client.HTTPConnection("127.0.0.1", front["plain"], timeout=5)
    door.request("GET", "/x", headers={"Host": NAME})
    answer = door.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{NAME}/x")
    door.close()
