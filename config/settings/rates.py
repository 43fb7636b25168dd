"""How often each thing may be done. `.env.example` says by whom; a campus behind one address is as one."""

import re

from django.core.exceptions import ImproperlyConfigured

from config.settings.env import env

# By scope. THROTTLE_ and its name in capitals gives another.
RATES = {
    "signup": "300/hour",
    "login": "60/min",
    "availability": "60/min",
    "board": "20/hour",
    "post": "30/hour",
    "comment": "30/min",
    "message": "30/min",
    "report": "30/hour",
    "media": "120/hour",
    "like": "120/min",
    "wizard": "30/min",
    "review": "30/hour",
    "exam_note": "30/hour",
    "unlock": "60/min",
    "search": "60/min",
    "code": "10/hour",
    "code_network": "300/hour",
    "confirm": "60/hour",
    "reset": "60/hour",
    "password": "10/hour",
    "export": "5/day",
    "friend": "30/hour",
}


def rate_from_env(name: str, default: str) -> str | None:
    """How often something may be done, such as `30/hour`; None for `off`.

    At most 1000 at a time: a request asks for each slot that may be taken.
    """
    value = env.str(name, default=default)
    if value == "off":
        return None
    if not re.fullmatch(r"([1-9][0-9]{0,2}|1000)/(sec|min|hour|day)", value):
        raise ImproperlyConfigured(f"{name} must be off, or 1 to 1000 per sec, min, hour or day: 30/hour.")
    return value


def rates_from_env() -> dict[str, str | None]:
    return {scope: rate_from_env(f"THROTTLE_{scope.upper()}", rate) for scope, rate in RATES.items()}
