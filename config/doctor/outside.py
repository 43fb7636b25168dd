"""What can be seen of a site from elsewhere, as a client sees it. Nothing is asked of the local settings."""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from config.doctor import Finding, ok, warning, wrong

SOON = timedelta(days=14)
TIMEOUT = 10
# More than a picture may have (10 MB) with the form around it.
TOO_LARGE = 12 * 1024 * 1024
# What OpenSSL found wrong with a certificate: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
VERIFICATION = {
    9: "is not good yet: is this machine's clock right?",
    10: "has expired: does its renewal run?",
    18: "is signed by itself.",
    19: "is signed by somebody whom nobody knows.",
    20: "comes without the certificates in between: serve fullchain.pem.",
    21: "comes without the certificates in between: serve fullchain.pem.",
    62: "is for another name.",
}


class Site:
    """A site such as https://api.example.com, and the answers of it."""

    http_port = 80

    def __init__(self, url: str) -> None:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("A site looks like https://api.example.com.")
        self.scheme, self.host = parts.scheme, parts.hostname
        self.port = parts.port or (443 if self.is_https else 80)

    @property
    def is_https(self) -> bool:
        return self.scheme == "https"

    def ask(self, path: str, *, method: str = "GET", scheme: str = "", **headers: str) -> HTTPResponse:
        """The answer, with its body read into `text`."""
        scheme = scheme or self.scheme
        port = self.port if scheme == self.scheme else self.http_port
        made: HTTPConnection
        if scheme == "https":
            made = HTTPSConnection(self.host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            made = HTTPConnection(self.host, port, timeout=TIMEOUT)
        try:
            made.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                made.putheader(name.replace("_", "-"), value)
            made.endheaders()
            answer = made.getresponse()
            answer.text = answer.read().decode(errors="replace")  # type: ignore[attr-defined]
            return answer
        finally:
            made.close()


def look_at_name(site: Site) -> Iterator[Finding]:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(site.host, site.port, type=socket.SOCK_STREAM)}
    except socket.gaierror:
        yield wrong("DNS", f"There is no address for {site.host}: add a record at who keeps the domain.")
    else:
        yield ok("DNS", ", ".join(sorted(map(str, found))))


def look_at_ports(site: Site) -> Iterator[Finding]:
    for port in sorted({site.http_port, site.port} if site.is_https else {site.port}):
        try:
            socket.create_connection((site.host, port), TIMEOUT).close()
        except ConnectionRefusedError:
            why = "is refused: nothing listens there."
        except TimeoutError:
            why = "does not answer: a firewall or a security group."
        except OSError as error:
            why = f"can't be reached: {error.strerror}."
        else:
            yield ok("ports", f"{port} is open.")
            continue
        yield wrong("ports", f"{port} {why}") if port == site.port else warning("ports", f"{port} {why}")


def look_at_certificate(site: Site) -> Iterator[Finding]:
    if not site.is_https:
        yield warning("certificate", "This is HTTP: whoever is between reads along.")
        return
    try:
        with (
            socket.create_connection((site.host, site.port), TIMEOUT) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=site.host) as wrapped,
        ):
            until = ssl.cert_time_to_seconds(str((wrapped.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        text = VERIFICATION.get(error.verify_code, f"is not good: {error.verify_message}.")
        yield wrong("certificate", f"The certificate {text}")
    except ssl.SSLError:
        yield wrong("certificate", f"Nobody speaks TLS at port {site.port}.")
    else:
        end = datetime.fromtimestamp(until, UTC)
        text = f"Good until {end:%Y-%m-%d}."
        yield ok("certificate", text) if end - datetime.now(UTC) > SOON else warning("certificate", text)


def look_at_redirect(site: Site) -> Iterator[Finding]:
    if not site.is_https:
        return
    try:
        answer = site.ask("/api/v1/schools/", scheme="http")
    except (OSError, HTTPException):
        yield warning("redirect", "HTTP does not answer: who types the name without https:// gets nothing.")
        return
    target = answer.headers.get("Location", "")
    if answer.status in (301, 308) and target.startswith(f"https://{site.host}"):
        yield ok("redirect", "HTTP leads to HTTPS.")
    else:
        yield wrong("redirect", f"HTTP is answered with {answer.status}: SECURE_SSL_REDIRECT, TLS.")


def look_at_proxy(site: Site) -> Iterator[Finding]:
    answer = site.ask("/api/v1/schools/")
    if answer.status in (301, 308):
        yield wrong(
            "proxy",
            "HTTPS leads to HTTPS again and again: the proxy does not say X-Forwarded-Proto, or nginx does "
            "not believe it (TRUSTED_PROXIES).",
        )
    elif answer.status == 400:
        yield wrong(
            "proxy", f"The name {site.host} is refused: DJANGO_ALLOWED_HOSTS, or what the proxy sends."
        )
    elif answer.status in (502, 503, 504):
        yield wrong("proxy", f"{answer.status}: the proxy reaches no application, or that no database.")
    elif answer.status != 200:
        yield wrong("proxy", f"The API answers {answer.status}.")
    else:
        yield ok("proxy", "The API answers.")
    apart = abs(parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC))
    if apart > timedelta(seconds=30):
        yield wrong("clock", f"The site's and this machine's are {apart.total_seconds():.0f} s apart: NTP.")


def look_at_host(site: Site) -> Iterator[Finding]:
    answer = site.ask("/api/v1/schools/", Host="somebody-else.invalid")
    if answer.status == 400:
        yield ok("Host", "Another name is refused.")
    else:
        yield wrong("Host", f"Another name is answered with {answer.status}: DJANGO_ALLOWED_HOSTS.")


def look_at_health(site: Site) -> Iterator[Finding]:
    for path in ("/healthz", "/readyz"):
        answer = site.ask(path)
        if answer.status == 200:
            yield ok("health", f"{path} {state_of(answer)}")
        else:
            yield wrong("health", f"{path} {answer.status} {state_of(answer)}")


def state_of(answer: HTTPResponse) -> str:
    try:
        told = json.loads(answer.text)  # type: ignore[attr-defined]
        failed = [name for name, passed in told.get("checks", {}).items() if not passed]
        return f"{told['status']}{': ' if failed else ''}{', '.join(failed)}"
    except (ValueError, KeyError, AttributeError):
        return "and no JSON: something else answers there."


def look_at_static_files(site: Site) -> Iterator[Finding]:
    page = site.ask("/docs/")
    found = re.search(r'(?:src|href)="(/static/[^"]+)"', page.text)  # type: ignore[attr-defined]
    if page.status != 200 or not found:
        yield wrong("static files", f"/docs/ is answered with {page.status}, or without its files.")
        return
    answer = site.ask(found[1])
    if answer.status == 200:
        yield ok("static files", f"{found[1]} is served.")
    else:
        yield wrong("static files", f"{found[1]}: {answer.status}. collectstatic, and the proxy's /static/.")


def look_at_answers(site: Site) -> Iterator[Finding]:
    answer = site.ask("/api/v1/nothing-of-the-kind/")
    if answer.status == 404 and '"errors"' in answer.text and "X-Request-ID" in answer.headers:  # type: ignore[attr-defined]
        yield ok("answers", "An error has the API's shape and a request id.")
    else:
        yield wrong("answers", "An unknown path is not answered by the API.")
    wanted = ["X-Content-Type-Options"] + ["Strict-Transport-Security"] * site.is_https
    if lacking := [name for name in wanted if name not in answer.headers]:
        yield warning("answers", f"{', '.join(lacking)} is missing: does a proxy take it away?")
    if re.search(r"\d", answer.headers.get("Server", "")):
        yield warning("answers", f"The header Server tells a version: {answer.headers['Server']}.")
    large = site.ask("/api/v1/media/", method="POST", Content_Length=str(TOO_LARGE))
    if large.status in (401, 413):
        yield ok("answers", f"A body that is too large is refused: {large.status}.")
    else:
        yield warning("answers", f"A body of 12 MB is answered with {large.status}.")


LAYERS = (
    ("DNS", "", look_at_name),
    ("ports", "DNS", look_at_ports),
    ("certificate", "ports", look_at_certificate),
    ("redirect", "ports", look_at_redirect),
    ("proxy", "certificate", look_at_proxy),
    ("Host", "proxy", look_at_host),
    ("health", "certificate", look_at_health),
    ("static files", "proxy", look_at_static_files),
    ("answers", "proxy", look_at_answers),
)
