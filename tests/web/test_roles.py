"""No address without a role: every route of the app is walked, and every role tried against each."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Mount, Route

from pathworth import run
from pathworth.run import Binding
from pathworth.web import build_app
from pathworth.web.door import COOKIE, PAGES, RULES, needed, rule_of
from pathworth.web.ingest import ADDRESSES, ASKS, CONFIGS

pytestmark = pytest.mark.slow

GOOD = "three random words"
HERE = "http://127.0.0.1:8710"
ROLES = (None, *run.ROLES)


def routes_of(app):
    """Every (method, path) of the app, hidden ones too, with something in the place of each parameter."""
    found = []
    waiting = list(app.routes)
    while waiting:
        route = waiting.pop()
        if hasattr(route, "effective_route_contexts"):
            waiting.extend(route.effective_route_contexts())
        elif isinstance(route, Mount):
            found.append(("GET", f"{route.path}/x"))
        else:
            # A kind of route that has no methods is new here, and must not be passed over.
            path = re.sub(r"\{[^}]+\}", "x", route.path)
            found.extend((method, path) for method in route.methods)
    return sorted(set(found))


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    opened = run.init(tmp_path_factory.mktemp("roles") / "shop")
    for role in reversed(run.ROLES):
        run.add_login(opened, f"the {role}", role=role, password=GOOD)
    return opened


@pytest.fixture(scope="module")
def tokens(shop):
    entered = {
        role: run.enter(shop, f"the {role}", password=GOOD, address=role).token
        for role in run.ROLES
    }
    return {None: None, **entered}


@pytest.fixture(scope="module")
def app(shop):
    """The app whose routes are only looked at: the door answers before any of them is called."""
    built = build_app(shop)
    called = []

    async def note(scope, receive, send):
        called.append((scope["method"], scope["path"]))
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    built.state.called = called
    walked = routes_of(built)
    built.build_middleware_stack()
    door = next(one for one in built.user_middleware if one.cls.__name__ == "Door")
    return walked, door.cls(_with_app(note, built), **door.kwargs), called


def _with_app(inner, built):
    async def pass_on(scope, receive, send):
        await inner(scope, receive, send)

    pass_on.built = built
    return pass_on


def ask(app, method, path, token):
    _, door, _ = app
    built = door.app.built

    async def served(scope, receive, send):
        scope["app"] = built
        await door(scope, receive, send)

    cookies = {} if token is None else {COOKIE: token}
    return TestClient(served, base_url=HERE, cookies=cookies).request(method, path)


def test_every_route_of_the_app_has_a_role(app):
    walked, _, _ = app
    assert len(walked) > 20
    without = [one for one in walked if needed(*one) is None]
    assert without == [], "give these a rule in web/door/roles.py"


def test_an_api_address_is_open_to_nobody_unless_it_is_one_of_these(app):
    walked, _, _ = app
    open_ = {path for method, path in walked if needed(method, path) == "nobody"}
    pages = {path for path in open_ if rule_of(path) is PAGES}
    assert open_ - pages <= OPEN
    assert not any(path.startswith("/api") for path in pages)


OPEN = {
    "/livez",
    "/readyz",
    "/healthz",
    "/api/run/me",
    "/api/run/login",
    "/unsubscribe/x",
    "/why/x",
    "/pathworth.js",
}


def test_an_address_that_asks_for_a_key_itself_is_one_of_the_clients(app):
    walked, _, _ = app
    asks = {path.rstrip("/") for method, path in walked if needed(method, path) == "client"}
    held = {address.path for address in ADDRESSES} | {
        path.replace("{key}", "x") for path in (*CONFIGS, ASKS)
    }
    assert asks == held
    assert not any(path.startswith("/api") for path in asks)


def test_every_rule_is_for_a_route_that_is_there(app):
    walked, _, _ = app
    served = {path for _, path in walked} | {
        "/api/run/jobs/decide/run",
        "/api/run/jobs/deliver/run",
        "/api/run/jobs/erase/run",
        "/api/run/jobs/keep/run",
    }
    for rule in RULES:
        assert any(rule.covers(path) for path in served), rule.path


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", "/api/collect/imports/3/undo", "admin"),
        ("GET", "/api/collect/imports/3/undo", "viewer"),
        ("POST", "/api/collect/exclusions", "admin"),
        ("POST", "/api/collect/events", "editor"),
        ("POST", "/api/act/programs/trial/start", "sender"),
        ("POST", "/api/act/programs/with/a slash/start", "sender"),
        ("POST", "/api/act/programs/line\nbreak/start", "sender"),
        ("POST", "/api/act/programs/test", "sender"),
        ("PUT", "/api/act/programs/trial", "editor"),
        ("PUT", "/api/act/settings/channels", "admin"),
        ("GET", "/api/privacy/access", "admin"),
        ("POST", "/api/privacy/erasures", "admin"),
        ("POST", "/api/run/jobs/erase/run", "admin"),
        ("POST", "/api/run/jobs/deliver/run", "sender"),
        ("POST", "/api/run/jobs/rebuild/run", "editor"),
        ("GET", "/api/run/logins", "admin"),
        ("GET", "/api/runs", None),
        ("GET", "/api", None),
        ("PATCH", "/api/run/me", None),
        ("GET", "/map", "nobody"),
        ("POST", "/map", None),
        ("POST", "/v1/batch", "client"),
        ("OPTIONS", "/v1/batch/", "client"),
        ("GET", "/v1/batch", None),
        ("GET", "/array/phc/config", "client"),
        ("POST", "/v1", None),
        ("POST", "/v1/logins", None),
    ],
)
def test_an_address_takes_this_role(method, path, role):
    assert needed(method, path) == role


def test_each_role_reaches_what_is_its_own_and_nothing_above(app, tokens):
    walked, _, called = app
    for method, path in walked:
        least = needed(method, path)
        for role in ROLES:
            called.clear()
            found = ask(app, method, path, tokens[role])
            may = least in {"nobody", "client"} or run.rank(role) >= run.rank(least)
            assert (found.status_code == 299) is may, (method, path, role)
            assert bool(called) is may
            if not may:
                expected = (401, "LOGIN_NEEDED") if role is None else (403, "ROLE_TOO_LOW")
                if method != "HEAD":
                    assert (found.status_code, found.json()["error"]["code"]) == expected


def test_a_route_without_a_rule_is_reached_by_nobody(shop, tokens):
    built = build_app(shop)
    built.router.routes.insert(0, Route("/api/forgotten", lambda _: None, methods=["GET", "POST"]))
    assert needed("GET", "/api/forgotten") is None
    with TestClient(built, base_url=HERE, cookies={COOKIE: tokens["admin"]}) as client:
        for method in ("GET", "POST"):
            assert client.request(method, "/api/forgotten").status_code == 404


def test_without_logins_everybody_on_this_machine_is_an_admin_and_elsewhere_nobody(tmp_path):
    shop = run.init(tmp_path / "shop")
    with TestClient(build_app(shop), base_url=HERE) as client:
        assert client.get("/api/run/me").json() == {"needed": False, "name": None, "role": "admin"}
        assert client.get("/api/run/logins").json() == []
    # Whoever takes the last login away while others are listened to opens nothing.
    beyond = build_app(shop, Binding("0.0.0.0", ("journeys.example.com",)))
    with TestClient(beyond, base_url="http://journeys.example.com") as client:
        assert client.get("/api/run/me").json()["needed"] is True
        assert client.get("/api/workspace").status_code == 401


def test_as_soon_as_one_login_exists_everybody_needs_one(tmp_path):
    shop = run.init(tmp_path / "shop")
    with TestClient(build_app(shop), base_url=HERE) as client:
        made = {"name": "ann", "role": "admin", "password": GOOD}
        assert client.post("/api/run/logins", json=made).status_code == 200
        assert client.get("/api/workspace").status_code == 401
        assert client.get("/").status_code in {200, 503}
        entered = client.post("/api/run/login", json={"name": "ann", "password": GOOD})
        assert entered.json() == {"needed": True, "name": "ann", "role": "admin"}
        assert client.get("/api/workspace").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_on_https_from_plain_lines(shop):
    for scheme in ("http", "https"):
        with TestClient(build_app(shop), base_url=f"{scheme}://127.0.0.1:8710") as client:
            body = {"name": "the viewer", "password": GOOD}
            said = client.post("/api/run/login", json=body).headers["set-cookie"].lower()
            assert "httponly" in said
            assert "samesite=lax" in said
            assert ("secure" in said) is (scheme == "https")


def test_logging_in_again_begins_a_new_session_and_logging_out_ends_it(shop):
    with TestClient(build_app(shop), base_url=HERE) as client:
        body = {"name": "the viewer", "password": GOOD}
        client.post("/api/run/login", json=body)
        first = client.cookies[COOKIE]
        client.post("/api/run/login", json=body)
        second = client.cookies[COOKIE]
        assert first != second
        assert run.who(shop, first).name is None
        client.post("/api/run/logout")
        assert run.who(shop, second).name is None
        assert client.get("/api/workspace").status_code == 401


def test_wrong_passwords_are_401_and_too_many_of_them_429_with_when_to_come_back(tmp_path):
    shop = run.init(tmp_path / "shop")
    run.add_login(shop, "ann", role="admin", password=GOOD)
    with TestClient(build_app(shop), base_url=HERE) as client:
        body = {"name": "ann", "password": "wrong words"}
        codes = [client.post("/api/run/login", json=body).status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]


def test_a_key_opens_what_its_scope_says_and_nothing_else(tmp_path):
    shop = run.init(tmp_path / "shop")
    run.add_login(shop, "ann", role="admin", password=GOOD)
    key = run.create_key(shop, "app").key
    with TestClient(build_app(shop), base_url=HERE) as client:
        for header in ({"authorization": f"Bearer {key}"}, {"x-write-key": key}):
            opened = client.post("/api/collect/events", headers=header, json={})
            assert opened.status_code not in {401, 403}
            assert client.get("/api/workspace", headers=header).status_code == 401
            assert client.post("/api/run/keys", headers=header, json={}).status_code == 401
        wrong = client.post("/api/collect/events", headers={"x-write-key": "no"}, json={})
        assert wrong.status_code == 401


def test_a_person_changes_their_own_password_and_stays_here(shop, tokens):
    with TestClient(build_app(shop), base_url=HERE, cookies={COOKIE: tokens["editor"]}) as client:
        changed = {"old": GOOD, "new": "four other words here"}
        assert client.post("/api/run/password", json=changed).status_code == 200
        assert client.get("/api/run/me").json()["name"] == "the editor"
        again = client.post("/api/run/password", json=changed)
        assert (again.status_code, again.json()["error"]["code"]) == (401, "WRONG_PASSWORD")
