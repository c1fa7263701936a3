"""The proxy that is shipped, run as it stands but for ports, name and certificate: slow clients wait in it."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lms.commands.server import THREADS
from lms.frame.settings import ROOT
from tests.moments import NOW

pytestmark = pytest.mark.slow
SHIPPED = ROOT / "deploy" / "nginx.conf"
SLOW = 2 * THREADS + 1
NEVER = 30
LARGE = 8_000_000
HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\n"
BODY = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"
READS_NOTHING = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass
class Behind:
    """A service with one thread: a single slow client that reached it would stop it."""

    heard: list[http.client.HTTPMessage] = field(default_factory=list)
    port: int = 0


@dataclass(frozen=True)
class Proxy:
    """Where nginx listens, and what stands behind it."""

    plain: int
    secure: int
    behind: Behind

    def opened(self) -> ssl.SSLSocket:
        """A connection that nothing was said on yet."""
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return trusting.wrap_socket(socket.create_connection(("127.0.0.1", self.secure), timeout=NEVER))

    def ask(self, path: str, *, method: str = "GET", body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """One request, and its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", timeout=NEVER)
        connection.sock = self.opened()
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@pytest.fixture
def behind() -> Iterator[Behind]:
    made = Behind()

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.heard.append(self.headers)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = b"x" * (LARGE if self.path == "/large" else 2)
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET  # noqa: N815  (the library asks for it by this name)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Service)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate and its key, such as nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "training.example.org")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=9999))
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return certificate, secret


def two_free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def as_shipped(folder: Path, plain: int, secure: int, behind: int) -> str:
    """What is shipped, with the three lines changed that it asks to change, and ports that nobody else has."""
    certificate, key = certified(folder)
    shipped = SHIPPED.read_text()
    assert shipped.count("# CHANGE") == 3
    changed = re.sub(r"^\s*listen \[::\].*\n", "", shipped, flags=re.MULTILINE)
    for was, now in (
        ("127.0.0.1:8000;", f"127.0.0.1:{behind};"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("/etc/ssl/training.example.org/fullchain.pem", str(certificate)),
        ("/etc/ssl/training.example.org/privkey.pem", str(key)),
    ):
        assert was in changed
        changed = changed.replace(was, now)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    around = f"pid {folder}/pid; daemon off; master_process off; error_log {folder}/errors;\n"
    return f"{around}events {{ worker_connections 512; }}\nhttp {{\n{temporary}{changed}\n}}\n"


@pytest.fixture
def proxy(tmp_path: Path, behind: Behind) -> Iterator[Proxy]:
    """Where there is no nginx these tests are skipped, and pytest says so."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("There is no nginx here: apt-get install nginx-light")
    plain, secure = two_free_ports()
    settings = tmp_path / "nginx.conf"
    settings.write_text(as_shipped(tmp_path, plain, secure, behind.port))
    command = [program, "-p", str(tmp_path), "-c", str(settings), "-e", str(tmp_path / "errors")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    running = subprocess.Popen(command)
    try:
        made = Proxy(plain, secure, behind)
        _until_it_listens(made, running)
        yield made
    finally:
        running.terminate()
        running.wait(timeout=30)


def _until_it_listens(proxy: Proxy, running: subprocess.Popen[bytes]) -> None:
    while running.poll() is None:
        try:
            proxy.opened().close()
            return
        except OSError:
            threading.Event().wait(0.1)
    raise AssertionError("nginx has ended")


@pytest.mark.parametrize("said", [HEAD, BODY], ids=["head", "body"])
def test_no_request_reaches_the_service_before_all_of_it_is_here(proxy: Proxy, said: bytes) -> None:
    """One that did would be one too many for this service."""
    with ExitStack() as opened:
        for _ in range(SLOW):
            opened.enter_context(proxy.opened()).sendall(said)
        assert proxy.ask("/health").status == 200
        assert len(proxy.behind.heard) == 1


def test_whoever_hardly_reads_their_answer_does_not_hold_the_service_up(proxy: Proxy) -> None:
    with ExitStack() as opened:
        for _ in range(SLOW):
            slow = opened.enter_context(proxy.opened())
            slow.sendall(READS_NOTHING)
            assert slow.recv(1) == b"H"
        assert proxy.ask("/health").status == 200
        assert len(proxy.behind.heard) == SLOW + 1


def test_where_a_request_comes_from_is_said_by_the_proxy_alone(proxy: Proxy) -> None:
    proxy.ask("/health", **{"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http"})
    heard = proxy.behind.heard[-1]
    assert heard.get_all("X-Forwarded-For") == ["127.0.0.1"]
    assert heard.get_all("X-Forwarded-Proto") == ["https"]


def test_a_file_may_have_20_megabytes_and_no_more(proxy: Proxy) -> None:
    assert proxy.ask("/tables", method="POST", body=b"x" * 20 * 1024 * 1024).status == 200
    connection = proxy.opened()
    connection.sendall(b"POST /tables HTTP/1.1\r\nHost: x\r\nContent-Length: 20971521\r\n\r\n")
    assert connection.recv(99).split()[1] == b"413"
    connection.close()
    assert len(proxy.behind.heard) == 1


def test_whoever_asks_without_tls_is_sent_to_it(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=NEVER)
    connection.request("GET", "/courses?page=2", headers={"Host": "training.example.org"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://training.example.org/courses?page=2")
    connection.close()
    assert proxy.behind.heard == []


def test_it_does_not_say_which_version_it_is(proxy: Proxy) -> None:
    assert proxy.ask("/health").headers["Server"] == "nginx"
