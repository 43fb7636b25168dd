"""`manage.py doctor --url`: a site is looked at as a client sees it."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.doctor import Finding, examine, outside

Handler = Callable[[Any], tuple[int, dict[str, str], str]]
pytestmark = pytest.mark.sqlite  # no database is asked
API = {
    "X-Request-ID": "a" * 32,
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=9",
}


def make_certificate(folder: Path, name: str, until: timedelta) -> Path:
    """A file with a certificate that is signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def healthy(request: Any) -> tuple[int, dict[str, str], str]:
    """What a site in order answers."""
    if request.path in ("/healthz", "/readyz"):
        return 200, API, '{"status": "ok", "checks": {"database": true}}'
    if not request.headers["Host"].startswith("localhost"):
        return 400, API, '{"errors": []}'
    if request.path == "/docs/":
        return 200, API, '<script src="/static/app.0123456789ab.js">'
    if request.path.startswith("/static/"):
        return 200, {}, "…"
    if int(request.headers.get("Content-Length", 0)) > 11 * 1024 * 1024:
        return 413, API, '{"errors": []}'
    return (200, API, "{}") if request.path == "/api/v1/schools/" else (404, API, '{"errors": []}')


@pytest.fixture
def serve(tmp_path, monkeypatch) -> Iterator[Callable[..., outside.Site]]:
    """`serve(handler, …)`: a site of one's own, with a certificate that this process believes or not."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Handler, certificate: Path | None = None) -> ThreadingHTTPServer:
        class Answering(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                status, headers, body = answer(self)
                self.send_response_only(status)
                for name, value in ({"Date": format_datetime(datetime.now(UTC))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            do_GET = do_POST = handle_any  # noqa: N815

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *args: None  # type: ignore[method-assign]
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server

    def make(
        answer: Handler = healthy,
        *,
        name: str = "localhost",
        until: timedelta = timedelta(days=90),
        believed: bool = True,
    ) -> outside.Site:
        certificate = make_certificate(tmp_path, name, until)
        if believed:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        port = start(answer, certificate).server_port
        plain = start(lambda request: (301, {"Location": f"https://localhost:{port}{request.path}"}, ""))
        site = outside.Site(f"https://localhost:{port}")
        site.http_port = plain.server_port
        return site

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def look(site: outside.Site) -> dict[str, list[Finding]]:
    layers = [(name, base, lambda check=check: check(site)) for name, base, check in outside.LAYERS]
    found: dict[str, list[Finding]] = {}
    for finding in examine(layers):
        found.setdefault(finding.layer, []).append(finding)
    return found


def test_a_site_in_order_is_ok_in_all_layers(serve):
    found = look(serve())
    assert set(found) == {name for name, _base, _check in outside.LAYERS}
    assert {finding.state for findings in found.values() for finding in findings} == {"ok"}


@pytest.mark.parametrize(
    ("options", "state", "says"),
    [
        ({"believed": False}, "wrong", "signed by itself"),
        ({"name": "somewhere.else"}, "wrong", "for another name"),
        ({"until": timedelta(days=-1)}, "wrong", "has expired"),
        ({"until": timedelta(days=3)}, "warning", "Good until"),
    ],
    ids=["unknown", "name", "expired", "soon"],
)
def test_a_certificate_that_is_not_good_is_told_why(serve, options, state, says):
    found = look(serve(**options))
    (finding,) = found["certificate"]
    assert (finding.state, says in finding.text) == (state, True), finding
    assert (found["proxy"][0].state == "ok") == (state == "warning")


def with_answer(path: str, status: int, headers: dict[str, str] | None = None, body: str = "") -> Handler:
    """A site in order but for one path."""
    return lambda request: (status, API | (headers or {}), body) if request.path == path else healthy(request)


@pytest.mark.parametrize(
    ("handler", "layer", "says"),
    [
        (
            with_answer("/api/v1/schools/", 301, {"Location": "https://localhost/"}),
            "proxy",
            "again and again",
        ),
        (with_answer("/api/v1/schools/", 400), "proxy", "DJANGO_ALLOWED_HOSTS"),
        (with_answer("/api/v1/schools/", 502), "proxy", "reaches no application"),
        (with_answer("/api/v1/schools/", 200, {"Date": "Wed, 25 Nov 2020 00:00:00 GMT"}), "clock", "NTP"),
        (with_answer("/api/v1/schools/", 200), "Host", "Another name"),
        (
            with_answer("/readyz", 503, {}, '{"status": "unavailable", "checks": {"database": false}}'),
            "health",
            "unavailable: database",
        ),
        (with_answer("/healthz", 404, {}, "<html>"), "health", "something else answers"),
        (with_answer("/static/app.0123456789ab.js", 404), "static files", "collectstatic"),
        (
            with_answer("/api/v1/nothing-of-the-kind/", 404, {}, "<html>"),
            "answers",
            "not answered by the API",
        ),
    ],
    ids=["loop", "refused", "gateway", "clock", "host", "ready", "health", "static", "shape"],
)
def test_what_is_wrong_is_told(serve, handler, layer, says):
    wrong = [finding for finding in look(serve(handler))[layer] if finding.state == "wrong"]
    assert any(says in finding.text for finding in wrong), wrong


def test_http_that_leads_nowhere_is_told(serve):
    site = serve()
    site.http_port = 1
    found = look(site)
    assert [finding.state for finding in found["ports"]] == ["warning", "ok"]
    assert found["redirect"][0].state == "warning"


def test_a_name_that_nobody_has_and_a_port_that_nobody_listens_at():
    found = look(outside.Site("https://no-such-host.invalid"))
    assert found["DNS"][0].state == "wrong"
    assert found["ports"][0].text == "Not looked at: DNS is wrong."
    (refused,) = look(outside.Site("http://localhost:1"))["ports"]
    assert (refused.state, "nothing listens" in refused.text) == ("wrong", True)
