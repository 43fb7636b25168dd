"""A real site for tests: gunicorn, its workers and the servers behind it, each of which can be killed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from accounts.tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
REDIS = shutil.which("redis-server")
MARIADB = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Server:
    """A process that listens at a port of its own on 127.0.0.1."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 (a server of our own)
            self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{self.command()[0]} does not listen")

    def kill(self) -> None:
        """With SIGKILL: it can't tidy up."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


class Redis(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    @property
    def url(self) -> str:
        return f"rediscache://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [str(REDIS), "--port", str(self.port), "--save", "", "--dir", str(self.folder)]


class Database(Server):
    """A MariaDB with data of its own, which outlive it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        install = shutil.which("mariadb-install-db") or "mariadb-install-db"
        made = [install, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]
        # mariadbd refuses to run as root unless it is told to.
        self.as_root = ["--user=root"] if os.getuid() == 0 else []
        made += [f"--datadir={folder}", *self.as_root]
        subprocess.run(made, check=True, capture_output=True)  # noqa: S603

    def command(self) -> list[str]:
        return [
            str(MARIADB),
            "--no-defaults",
            *self.as_root,
            f"--datadir={self.folder}",
            f"--port={self.port}",
            f"--socket={self.folder}/socket",
            "--bind-address=127.0.0.1",
            "--character-set-server=utf8mb4",
            "--innodb-buffer-pool-size=64M",
        ]


class Site(Server):
    """gunicorn with two workers, the development settings and no throttles to speak of."""

    def __init__(self, **environment: str) -> None:
        super().__init__()
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "PYTHONWARNINGS": "ignore",
        } | environment

    def command(self) -> list[str]:
        return [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]

    def manage(self, *command: str) -> str:
        """What a command of manage.py prints."""
        python = [sys.executable, "manage.py", *command]
        done = subprocess.run(  # noqa: S603
            python, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            self.command(),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self.seconds_until_ready() is not None

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)

    def workers(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def seconds_until_ready(self, limit: float = 60) -> float | None:
        """How long it takes until /readyz answers 200; None if that takes longer than `limit`."""
        began = time.monotonic()
        while time.monotonic() - began < limit:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return time.monotonic() - began
            except (OSError, HTTPException):
                pass
            time.sleep(0.1)
        return None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of an answer to JSON, or to bytes. OSError or HTTPException where none comes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = {"Content-Type": "application/json"} | headers
            content = body if body is None or isinstance(body, bytes) else json.dumps(body)
            connection.request(method, path, content, given)
            response = connection.getresponse()
            answer = response.read()
            return response.status, json.loads(answer) if answer else None
        finally:
            connection.close()

    def sign_up(self, number: int) -> dict[str, str]:
        """The header of somebody new, at some school."""
        school = self.ask("GET", "/api/v1/schools/?page_size=1")[1]["results"][0]["id"]
        body = {
            "username": f"person_{number}",
            "email": f"person_{number}@example.com",
            "password": PASSWORD,
            "nickname": f"사람{number}",
            "school": school,
            "admission_year": 2025,
        }
        status, answer = self.ask("POST", "/api/v1/auth/signup/", body)
        assert status == 201, answer
        return {"Authorization": f"Bearer {answer['access']}"}

    def many(self, number: int, *args: Any) -> Counter[int]:
        """How often each status is answered, asked from several threads at once."""
        with ThreadPoolExecutor(8) as threads:
            return Counter(status for status, _body in threads.map(lambda _n: self.ask(*args), range(number)))
