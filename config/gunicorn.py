"""How gunicorn serves Madang: `gunicorn --config config/gunicorn.py config.wsgi`."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from config.logs import logging_config

_root = Path(__file__).resolve().parent.parent
_host = os.environ.get("HOST") or "127.0.0.1"
_port = os.environ.get("PORT") or "8000"
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"

# Without CACHE_URL the cache is the process's own memory, and what counts in it (throttles, locks)
# holds in one process only.
workers = int(os.environ.get("WEB_CONCURRENCY") or 1) if os.environ.get("CACHE_URL") else 1
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 8)

# Seconds. `timeout` ends a process that stands still as a whole; with threads it ends no request, and nginx
# stops waiting for one at 55. `keepalive` outlasts the 60 for which a load balancer holds an idle connection:
# were it the shorter, the balancer would now and then write into a connection just closed, and answer 502.
timeout = 50
graceful_timeout = 30
keepalive = 75

# The heartbeat is a file: on a container's slow disk a live worker can look dead, in memory not.
_memory = Path("/dev/shm")  # noqa: S108 (gunicorn chooses a safe name inside)
worker_tmp_dir = str(_memory) if _memory.is_dir() else None
# The control socket's path is one per user: two servers on a machine would share it.
control_socket_disable = True

# A line for each request comes from the application, which knows its route. gunicorn's own has the path.
accesslog = None
_is_local = os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".local")
logconfig_dict = logging_config("console" if _is_local else "json")

# Numbers for Prometheus, on a port of their own. The processes add them up in files.
_metrics_host = os.environ.get("METRICS_HOST") or "127.0.0.1"
_metrics_port = int(os.environ.get("METRICS_PORT") or 0)
if _metrics_port:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="madang-metrics-"))


def on_starting(server: object) -> None:
    """Refuse to start, in words, where the settings or the database would fail every request.

    In a process of its own: what the master had imported, its workers would keep through a reload.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    check = [sys.executable, str(_root / "manage.py"), "check_database", "--verbosity=0"]
    if subprocess.run(check).returncode:  # noqa: S603 (our own command)
        sys.exit(1)


def when_ready(server: Any) -> None:
    """Hand out the numbers, from here: a worker knows its own alone. If the port is taken: serve without."""
    if _metrics_port:
        # Imported now that the folder is known: the client looks for it once.
        from prometheus_client import CollectorRegistry, multiprocess, start_http_server

        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
        try:
            start_http_server(_metrics_port, _metrics_host, registry)
        except OSError as error:
            server.log.error("No metrics at %s:%d: %s.", _metrics_host, _metrics_port, error.strerror)


def post_fork(server: object, worker: object) -> None:
    """Let workers read the module anew: after a reload it is the new version's."""
    sys.modules.pop("config.logs", None)


def on_exit(server: object) -> None:
    if _metrics_port:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
