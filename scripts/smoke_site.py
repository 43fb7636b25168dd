"""Signs in to a site as a user would, from outside: python3 scripts/smoke_site.py https://api.example.com

SMOKE_USERNAME and SMOKE_PASSWORD name an ordinary account made for this. Needs nothing but Python.
"""

import json
import os
import sys
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

TRIES = 5
PAUSE = 3


def call(site: str, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, str, Any]:
    """The status, where it redirects to, and what the answer holds if that is JSON."""
    parts = urlsplit(site)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=15)
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    is_json = (response.getheader("Content-Type") or "").startswith("application/json")
    return response.status, response.getheader("Location") or "", json.loads(content) if is_json else None


def expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise AssertionError(what)


def hold_conversation(site: str, username: str, password: str) -> None:
    status, _, _ = call(site, "GET", "/readyz")
    expect(status == 200, f"/readyz answers {status}")
    if site.startswith("https://"):
        status, location, _ = call(site.replace("https://", "http://", 1), "GET", "/api/v1/users/me/")
        expect(
            status in (301, 308) and location.startswith("https://"), f"HTTP answers {status}, not a redirect"
        )
    status, _, answer = call(
        site, "POST", "/api/v1/auth/login/", {"username": username, "password": password}
    )
    expect(status == 200, f"signing in answers {status}")
    status, _, me = call(site, "GET", "/api/v1/users/me/", token=answer["access"])
    expect(status == 200 and me["username"] == username, f"users/me/ answers {status}")
    status, _, _ = call(
        site, "POST", "/api/v1/auth/logout/", {"refresh": answer["refresh"]}, answer["access"]
    )
    expect(200 <= status < 300, f"signing out answers {status}")


def main() -> int:
    site = sys.argv[1].rstrip("/")
    for attempt in range(1, TRIES + 1):
        try:
            hold_conversation(site, os.environ["SMOKE_USERNAME"], os.environ["SMOKE_PASSWORD"])
        except (AssertionError, OSError, HTTPException) as error:
            print(f"madang: try {attempt} of {TRIES}: {error}", file=sys.stderr)
            time.sleep(PAUSE)
        else:
            print(f"{site} signs people in")
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
