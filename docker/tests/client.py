"""A small client for the probes, of the standard library alone: the machine that runs them needs no more."""

import http.client
import json
import os
import ssl
import struct
import zlib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Client:
    """Calls one site, as one person: it keeps cookies and, once signed in, a token."""

    def __init__(self, site: str, certificate: str | None = None, **headers: str) -> None:
        self.site = urlsplit(site)
        self.context = ssl.create_default_context(cafile=certificate) if certificate else None
        self.headers = headers
        self.cookies: dict[str, str] = {}

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        kind = http.client.HTTPSConnection if self.site.scheme == "https" else http.client.HTTPConnection
        options: Any = {"context": self.context} if self.site.scheme == "https" else {}
        connection = kind(self.site.hostname or "", self.site.port, timeout=70, **options)
        sent = {name.replace("_", "-"): value for name, value in (self.headers | headers).items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, **fields: Any) -> Answer:
        return self.call("POST", path, json.dumps(fields).encode(), Content_Type="application/json")

    def post_form(self, path: str, fields: dict[str, str]) -> Answer:
        origin = f"{self.site.scheme}://{self.site.netloc}"
        return self.call(
            "POST",
            path,
            urlencode(fields).encode(),
            Content_Type="application/x-www-form-urlencoded",
            Origin=origin,
            Referer=origin + path,
        )

    def upload(self, path: str, content: bytes) -> Answer:
        mark = os.urandom(12).hex()
        head = f'--{mark}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self.call("POST", path, body, Content_Type=f"multipart/form-data; boundary={mark}")

    def sign_in(self, username: str, password: str) -> None:
        answer = self.post("/api/v1/auth/login/", username=username, password=password)
        assert answer.status == 200, answer.text
        self.headers["Authorization"] = f"Bearer {answer.json['access']}"


class Form(HTMLParser):
    """The fields of a page's forms with their values, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else name for name, value in attrs}
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields[name] = given.get("value") or ""
        elif tag in ("select", "textarea"):
            self.open = name
            self.fields.setdefault(name, "")
        elif tag == "option" and self.open and "selected" in given:
            self.fields[self.open] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.open = ""

    def handle_data(self, data: str) -> None:
        if (
            self.open
            and self.get_starttag_text()
            and (self.get_starttag_text() or "").startswith("<textarea")
        ):
            self.fields[self.open] += data.removeprefix("\n")


def png_of(size: int) -> bytes:
    """A true picture of noise, of `size` bytes or a little less."""
    width = 1500
    height = size // (width * 3 + 1) - 2
    rows = b"".join(b"\0" + os.urandom(width * 3) for _ in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(rows, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")
