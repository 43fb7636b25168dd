"""Says in one line why HOST:PORT can't be served, before the slow steps. Runs outside .venv too."""

import errno
import os
import socket
import sys

host = os.environ["HOST"]
try:
    port = int(os.environ["PORT"])
    if not 0 < port < 65536:
        raise ValueError
except ValueError:
    sys.exit(f"madang: PORT must be a number from 1 to 65535, not '{os.environ['PORT']}'.")

with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
    # As gunicorn does: connections of a server that just stopped don't count as taken.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port - 1 if port == 65535 else port + 1
            sys.exit(f"madang: port {port} is taken. Choose another: PORT={other} make run")
        sys.exit(f"madang: can't listen on HOST={host} PORT={port}: {error.strerror}.")
