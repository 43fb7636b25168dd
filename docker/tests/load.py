"""Asks and writes without a pause, on connections that are kept, until told to stop; then says what failed.

releases.sh runs `load.py REPORT` with SITE and CERTIFICATE, and ends it with SIGTERM.
"""

import http.client
import json
import os
import signal
import ssl
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from client import Client

PEOPLE = 8
site = urlsplit(os.environ["SITE"])
context = ssl.create_default_context(cafile=os.environ["CERTIFICATE"])
stopped = threading.Event()


def ask(person: int, counts: Counter[str], failures: list[str], slowest: list[float]) -> None:
    me = Client(os.environ["SITE"], os.environ["CERTIFICATE"])
    me.sign_in(f"hongik_{person + 1}", "madang-demo-1")
    post = me.get("/api/v1/posts/").json["results"][0]["id"]
    scrap = f"/api/v1/posts/{post}/scrap/"
    round_of = [("GET", "/api/v1/posts/"), ("PUT", scrap), ("GET", "/api/v1/boards/"), ("DELETE", scrap)]
    connection = http.client.HTTPSConnection(site.hostname or "", site.port, timeout=70, context=context)
    while not stopped.is_set():
        for method, path in round_of:
            began = time.monotonic()
            try:
                connection.request(method, path, headers=me.headers)
                response = connection.getresponse()
                response.read()
                counts[method] += 1
                if response.status >= 400:
                    failures.append(f"{time.strftime('%X')} {method} {path} {response.status}")
            except (OSError, http.client.HTTPException) as error:
                failures.append(f"{time.strftime('%X')} {method} {path} {error!r}")
                connection.close()
            slowest.append(time.monotonic() - began)


def main() -> None:
    counts: Counter[str] = Counter()
    failures: list[str] = []
    times: list[float] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    people = [
        threading.Thread(target=ask, args=(person, counts, failures, times)) for person in range(PEOPLE)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    times.sort()
    report = {
        "requests": sum(counts.values()),
        "writes": counts["PUT"] + counts["DELETE"],
        "failed": len(failures),
        "failures": failures[:20],
        "seconds": {share: round(times[int(len(times) * share) - 1], 3) for share in (0.5, 0.99, 1.0)},
    }
    Path(sys.argv[1]).write_text(json.dumps(report, indent=1))


main()
