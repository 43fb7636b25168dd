"""The image's health check: whether this container's own /readyz answers 200."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=5)
try:
    connection.request("GET", "/readyz")
    response = connection.getresponse()
except OSError as error:
    sys.exit(f"no answer: {error}")
print(response.read().decode())
sys.exit(response.status != 200)
