"""Asks and writes without a pause, on connections that are kept, until told to stop; then says what failed.

releases.sh runs `load.py REPORT` with SITE and CERTIFICATE, and ends it with SIGTERM.
"""

import http.client
import itertools
import json
import os
import signal
import ssl
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from client import Client

PEOPLE = 8
site = urlsplit(os.environ["SITE"])
context = ssl.create_default_context(cafile=os.environ["CERTIFICATE"])
stopped = threading.Event()


@dataclass
class Seen:
    """What one person saw."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def ask(person: int, seen: Seen) -> None:
    """Until told to stop: sign in, then ask and write until the token is too old, which is no failure."""
    while not stopped.is_set():
        try:
            until_signed_out(person, seen)
        except (AssertionError, LookupError, OSError, ValueError, http.client.HTTPException) as error:
            seen.failures.append(f"{time.strftime('%X')} person {person + 1} can't begin: {error!r}")
            stopped.wait(1)


def until_signed_out(person: int, seen: Seen) -> None:
    me = Client(os.environ["SITE"], os.environ["CERTIFICATE"])
    me.sign_in(f"hongik_{person + 1}", "madang-demo-1")
    post = me.get("/api/v1/posts/").json["results"][0]["id"]
    scrap = f"/api/v1/posts/{post}/scrap/"
    round_of = [("GET", "/api/v1/posts/"), ("PUT", scrap), ("GET", "/api/v1/boards/"), ("DELETE", scrap)]
    connection = http.client.HTTPSConnection(site.hostname or "", site.port, timeout=70, context=context)
    for method, path in itertools.cycle(round_of):
        if stopped.is_set():
            return
        began = time.monotonic()
        try:
            connection.request(method, path, headers=me.headers)
            response = connection.getresponse()
            response.read()
            if response.status == 401:
                return
            seen.counts[method] += 1
            if response.status >= 400:
                seen.failures.append(f"{time.strftime('%X')} {method} {path} {response.status}")
        except (OSError, http.client.HTTPException) as error:
            seen.failures.append(f"{time.strftime('%X')} {method} {path} {error!r}")
            connection.close()
        seen.times.append(time.monotonic() - began)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    everybody = [Seen() for _ in range(PEOPLE)]
    people = [threading.Thread(target=ask, args=each) for each in enumerate(everybody)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    counts = sum((seen.counts for seen in everybody), Counter())
    failures = sorted(itertools.chain.from_iterable(seen.failures for seen in everybody))
    times = sorted(itertools.chain.from_iterable(seen.times for seen in everybody)) or [0]
    report = {
        "requests": counts.total(),
        "writes": counts["PUT"] + counts["DELETE"],
        "of_the_idlest": min(seen.counts.total() for seen in everybody),
        "failed": len(failures),
        "failures": failures[:20],
        "seconds": {share: round(times[int(len(times) * share) - 1], 3) for share in (0.5, 0.99, 1.0)},
    }
    Path(sys.argv[1]).write_text(json.dumps(report, indent=1))


main()
