"""How gunicorn serves Madang: `gunicorn --config config/gunicorn.py config.wsgi`."""

import os
import subprocess
import sys
from pathlib import Path

_root = Path(__file__).resolve().parent.parent
_host = os.environ.get("HOST") or "127.0.0.1"
_port = os.environ.get("PORT") or "8000"
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"

# Without CACHE_URL the cache is the process's own memory, and what counts in it (throttles, locks)
# holds in one process only.
workers = int(os.environ.get("WEB_CONCURRENCY") or 1) if os.environ.get("CACHE_URL") else 1
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 8)

# Seconds. `timeout` ends a worker that hangs, before nginx gives up on it at 60. `keepalive`
# outlasts the 60 for which a load balancer holds an idle connection: were it the shorter, the
# balancer would now and then write into a connection just closed, and answer 502.
timeout = 50
graceful_timeout = 30
keepalive = 75

# The heartbeat is a file: on a container's slow disk a live worker can look dead, in memory not.
_memory = Path("/dev/shm")  # noqa: S108 (gunicorn chooses a safe name inside)
worker_tmp_dir = str(_memory) if _memory.is_dir() else None
# The control socket's path is one per user: two servers on a machine would share it.
control_socket_disable = True

# Off unless ACCESS_LOG names a file, or `-` for standard output. It records no query string and no
# request header, so neither a search nor a token gets into it.
accesslog = os.environ.get("ACCESS_LOG") or None
access_log_format = "%(t)s %(h)s %(m)s %(U)s %(s)s %(M)sms %({x-request-id}o)s"


def on_starting(server: object) -> None:
    """Refuse to start, in words, where the settings or the database would fail every request.

    In a process of its own: what the master had imported, its workers would keep through a reload.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    check = [sys.executable, str(_root / "manage.py"), "check_database", "--verbosity=0"]
    if subprocess.run(check).returncode:  # noqa: S603 (our own command)
        sys.exit(1)
