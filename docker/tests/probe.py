"""What must hold of a running stack, asked from outside. Each function is a fact.

compose_test.sh calls `probe.py FACT...` with SITE, CERTIFICATE and what the facts ask for as environment.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from client import Client, Form, png_of

MAX_BYTES = 10 * 1024 * 1024
HASHED = re.compile(r"/static/[^\"' ]+\.[0-9a-f]{12}\.(?:css|js)")


def client(**headers: str) -> Client:
    return Client(os.environ["SITE"], os.environ.get("CERTIFICATE"), **headers)


def error_of(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The one error of an answer, which is in the API's shape and names the request."""
    assert answer.status == status, (answer.status, answer.text[:300])
    assert answer.headers["Content-Type"] == "application/json", answer.headers
    assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", answer.headers["X-Request-ID"]), answer.headers
    body = answer.json
    assert set(body) == {"type", "errors"}, body
    error: dict[str, Any] = body["errors"][0]
    assert set(error) == {"code", "detail", "attr", "meta"}, error
    assert error["code"] == code, error
    return error


def has_security_headers(answer: Any) -> None:
    for name, value in {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": f"max-age={os.environ['HSTS']}; includeSubDomains; preload",
    }.items():
        assert answer.headers.get_all(name) == [value], (name, answer.headers)
    [policy] = answer.headers.get_all("Content-Security-Policy")
    assert policy.startswith("default-src 'none'"), policy
    assert answer.headers.get_all("Server") == ["nginx"], answer.headers


def the_first_conversation_is_held() -> None:
    me = client()
    school = me.get("/api/v1/schools/?search=%ED%99%8D%EC%9D%B5").json["results"][0]["id"]
    name = f"guest_{os.urandom(4).hex()}"
    answer = me.post(
        "/api/v1/auth/signup/",
        username=name,
        email=f"{name}@example.com",
        password="correct-horse-7",
        nickname=name[-8:],
        school=school,
        admission_year=2025,
    )
    assert answer.status == 201, answer.text
    me.sign_in(name, "correct-horse-7")
    board = me.get("/api/v1/boards/").json["results"][0]["id"]
    post = me.post("/api/v1/posts/", board=board, title="학식 어때요?", content="처음 왔어요.").json["id"]
    comment = me.post(f"/api/v1/posts/{post}/comments/", content="저도 궁금해요.").json["id"]
    reply = me.post(f"/api/v1/posts/{post}/comments/", content="같이 가요!", parent=comment)
    assert reply.status == 201, reply.text
    thread = me.get(f"/api/v1/posts/{post}/comments/")
    assert "같이 가요!" in thread.text


def the_worker_tells_of_a_comment() -> None:
    author, reader = client(), client()
    author.sign_in("hongik_1", "madang-demo-1")
    reader.sign_in("hongik_2", "madang-demo-1")
    board = author.get("/api/v1/boards/").json["results"][0]["id"]
    title = os.urandom(6).hex()
    post = author.post("/api/v1/posts/", board=board, title=title, content="?").json["id"]
    reader.post(f"/api/v1/posts/{post}/comments/", content=f"네 {title}")
    for _ in range(60):
        if title in author.get("/api/v1/notifications/").text:
            return
        time.sleep(1)
    raise AssertionError("Nobody was told.")


def the_admin_is_signed_in_to_and_saved_in() -> None:
    me = client()
    login = Form(me.get("/admin/login/").text).fields
    login |= {"username": os.environ["ADMIN"], "password": os.environ["ADMIN_PASSWORD"], "next": "/admin/"}
    answer = me.post_form("/admin/login/", login)
    assert (answer.status, answer.headers["Location"]) == (302, "/admin/"), answer.text[:300]
    listing = me.get("/admin/accounts/school/").text
    page = re.findall(r'href="(/admin/accounts/school/[^/"]+/change/)', listing)[0]
    fields = Form(me.get(page).text).fields
    saved = me.post_form(page, fields | {"_continue": "1"})
    assert saved.status == 302, re.findall(r'class="errorlist[^>]*>.*', saved.text)
    assert 'class="success"' in me.get(page).text


def pictures_are_taken_up_to_the_limit_and_served() -> None:
    me = client()
    me.sign_in(os.environ["ADMIN"], os.environ["ADMIN_PASSWORD"])
    taken = me.upload("/api/v1/media/", png_of(MAX_BYTES))
    assert taken.status == 201, taken.text
    path = re.search(r"/media/[^\"]+", taken.text)
    assert path, taken.text
    picture = client().get(path[0])
    assert picture.status == 200, picture.text
    assert picture.headers["Content-Type"].startswith("image/"), picture.headers
    has_security_headers(picture)
    error_of(client().call("DELETE", path[0]), 405, "method_not_allowed")
    assert "immutable" in picture.headers["Cache-Control"]
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    # The first is refused by gunicorn, the second by nginx.
    error_of(me.upload("/api/v1/media/", b"\0" * (MAX_BYTES + 1024)), 413, "payload_too_large")
    me.headers["Accept-Language"] = "en"
    error = error_of(me.upload("/api/v1/media/", b"\0" * (12 * 1024 * 1024)), 413, "payload_too_large")
    assert error["detail"] == "The request body is too large."


def a_request_id_goes_through() -> None:
    given = "probe-" + os.urandom(8).hex()
    for path in ("/api/v1/schools/", "/healthz", "/no-such-path", "/static/admin/css/base.css"):
        assert client(X_Request_ID=given).get(path).headers.get_all("X-Request-ID") == [given], path
    assert client(X_Request_ID="no; token").get("/healthz").headers["X-Request-ID"] != "no; token"


def static_files_are_hashed_cached_and_compressed() -> None:
    paths = HASHED.findall(client().get("/docs/").text + client().get("/admin/login/").text)
    assert len(paths) > 2, paths
    for path in paths:
        answer = client(Accept_Encoding="gzip").get(path)
        assert answer.status == 200, path
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "gzip" or len(answer.body) < 1024, path
        has_security_headers(answer)
    assert client().get("/static/admin/css/base.css").headers["Cache-Control"] == "public, max-age=300"
    error_of(client().get("/static/none.css"), 404, "not_found")


def health_is_answered_over_http_under_any_host() -> None:
    site = Client(os.environ["HTTP_SITE"])
    for path in ("/healthz", "/readyz"):
        for host in ("10.0.3.17", "anything.example.org"):
            assert site.get(path, Host=host).status == 200, (path, host)


def everything_else_is_sent_to_https() -> None:
    site = Client(os.environ["HTTP_SITE"])
    for path in ("/api/v1/schools/?search=a", "/docs/", "/static/admin/css/base.css"):
        answer = site.get(path, Host="localhost")
        assert (answer.status, answer.headers["Location"]) == (301, f"https://localhost{path}"), (
            answer.headers
        )


def nobody_untrusted_is_believed() -> None:
    """Called past the load balancer, from where nobody is trusted."""
    site = Client(os.environ["HTTP_SITE"], X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.9")
    assert site.get("/api/v1/schools/", Host="localhost").status == 301


def the_clients_address_is_seen_and_none_that_it_claims() -> None:
    """ADDRESS is where this client comes from, as the containers see it."""
    me = client(X_Forwarded_For="203.0.113.9", X_Real_IP="203.0.113.9", Forwarded="for=203.0.113.9")
    me.sign_in(os.environ["ADMIN"], os.environ["ADMIN_PASSWORD"])
    sessions = me.get("/api/v1/auth/sessions/").json["results"]
    [address] = [session["address"] for session in sessions if session["is_current"]]
    assert address == os.environ["ADDRESS"], address


def signing_in_is_limited() -> None:
    """By nginx: the API itself would let a thousand a minute try (THROTTLE_LOGIN)."""
    answers = [client().post("/api/v1/auth/login/") for _ in range(60)]
    refused = [answer for answer in answers if answer.status == 429]
    assert len(refused) > 10, len(refused)
    assert {answer.status for answer in answers} == {400, 429}
    assert error_of(refused[-1], 429, "throttled")
    assert refused[-1].headers["Retry-After"] == "5"
    has_security_headers(refused[-1])


def the_api_and_nginx_tell_browsers_the_same() -> None:
    me = client()
    has_security_headers(me.get("/api/v1/schools/"))
    refused = me.post("/static/admin/css/base.css")
    error_of(refused, 405, "method_not_allowed")
    assert refused.headers["Allow"] == "GET, HEAD"
    has_security_headers(refused)
    error_of(me.get("/api/" + "a" * 9000), 414, "bad_request")
    error_of(me.get("/static/admin/css/base.css", Range="bytes=9999999-"), 416, "bad_request")


def http_where_https_is_spoken_is_told_in_the_errors_shape() -> None:
    error_of(Client(os.environ["SITE"].replace("https:", "http:")).get("/"), 400, "bad_request")


def lets_encrypt_finds_its_answer_over_http() -> None:
    path = f"/.well-known/acme-challenge/{os.environ['CHALLENGE']}"
    answer = Client(os.environ["HTTP_SITE"]).get(path, Host="localhost")
    assert (answer.status, answer.text) == (200, os.environ["CHALLENGE"]), answer.text
    error_of(Client(os.environ["HTTP_SITE"]).get(path + "-none"), 404, "not_found")


def containers_may_do_no_more_than_they_must() -> None:
    """Those that docker-compose.prod.yml names. The database, Redis and the balancer are the tests' own."""
    project = f"label=com.docker.compose.project={os.environ['COMPOSE_PROJECT_NAME']}"
    ids = subprocess.check_output(["docker", "ps", "--all", "--quiet", "--filter", project], text=True)
    found = {}
    for container in json.loads(subprocess.check_output(["docker", "inspect", *ids.split()])):
        name = container["Config"]["Labels"]["com.docker.compose.service"]
        if name not in ("db", "redis", "balancer"):
            found[name] = container["HostConfig"]
    assert {"web-green", "worker", "housekeeping", "nginx"} <= set(found), set(found)
    for name, host in found.items():
        ports = {port for port, bound in (host["PortBindings"] or {}).items() if bound}
        assert ports == ({"80/tcp", "443/tcp"} if name == "nginx" else set()), (name, ports)
        assert host["ReadonlyRootfs"], name
        assert 0 < host["Memory"] <= 2 * 1024**3, (name, host["Memory"])
        assert host["CapDrop"] == ["ALL"], (name, host["CapDrop"])
        assert host["SecurityOpt"] == ["no-new-privileges:true"], (name, host["SecurityOpt"])
        assert not host["Privileged"], name
        assert host["LogConfig"]["Type"] == "json-file", name
        assert {"max-size", "max-file"} <= set(host["LogConfig"]["Config"]), name


def maintenance_is_told_in_the_errors_shape() -> None:
    error_of(client().get("/api/v1/schools/"), 503, "maintenance")
    assert client().get("/healthz").status == 200


def a_gone_web_is_told_in_the_errors_shape() -> None:
    error_of(client().get("/api/v1/schools/"), 502, "unavailable")


def answers_come_without_failure() -> None:
    """For ten seconds, with no 502 or other error among them."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        assert client().get("/api/v1/schools/").status == 200


def a_stop_lets_requests_finish() -> None:
    """A request of which half has come when the container is told to stop, and the rest 4 seconds later."""
    container = os.environ["CONTAINER"]
    where = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    address = subprocess.run(
        ["docker", "inspect", "-f", where, container], capture_output=True, text=True, check=True
    ).stdout.strip()
    body = b'{"username": "nobody", "password": "nothing"}'
    connection = http.client.HTTPConnection(address, 8000, timeout=20)
    connection.putrequest("POST", "/api/v1/auth/login/", skip_host=True)
    for name, value in {
        "Host": "localhost",
        "X-Forwarded-Proto": "https",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }.items():
        connection.putheader(name, value)
    connection.endheaders(body[:10])
    time.sleep(1)
    began = time.monotonic()
    stop = threading.Thread(target=subprocess.check_output, args=(["docker", "stop", "-t", "40", container],))
    stop.start()
    time.sleep(4)
    connection.send(body[10:])
    assert connection.getresponse().status == 401
    stop.join()
    took = time.monotonic() - began
    print(f"    stopped in {took:.1f} s")
    assert took < 10, took


def main(names: list[str]) -> None:
    for name in names:
        fact: Callable[[], None] = globals()[name]
        fact()
        print(f"ok  {name.replace('_', ' ')}", flush=True)


main(sys.argv[1:])
