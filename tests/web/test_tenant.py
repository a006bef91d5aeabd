import pytest

from tests.web.stage import Stage, edge
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("host", "status", "says"),
    [
        ("localhost:8000", 200, "A helpdesk that keeps its customers apart."),
        ("LOCALHOST", 200, "A helpdesk that keeps its customers apart."),
        ("acme.localhost:8000", 200, "How can we help?"),
        ("ACME.Localhost:1", 200, "How can we help?"),
        ("acme.localhost", 200, "How can we help?"),
        ("globex.localhost:8000", 200, "Globex"),
        ("acme.files.localhost:8000", 404, "nothing at this address"),
        ("files.localhost:8000", 404, "no helpdesk at this address"),
        ("nobody.localhost:8000", 404, "no helpdesk at this address"),
        ("a.acme.localhost:8000", 404, "no helpdesk at this address"),
        ("acme.localhost.evil.example", 404, "no helpdesk at this address"),
        ("evil.example", 404, "no helpdesk at this address"),
        ("acme.evil.localhost", 404, "no helpdesk at this address"),
        ("127.0.0.1:8000", 404, "no helpdesk at this address"),
        ("-acme.localhost", 400, "does not say clearly"),
        ("acme.localhost.", 400, "does not say clearly"),
        ("acme..localhost", 404, "no helpdesk at this address"),
        ("acme.localhost:99999999", 400, "does not say clearly"),
        ("acme.localhost:", 400, "does not say clearly"),
        ("acme.localhost@evil.example", 400, "does not say clearly"),
        ("acme.localhost/evil", 400, "does not say clearly"),
        ("acme_x.localhost", 400, "does not say clearly"),
        ("acme.localhost, globex.localhost", 400, "does not say clearly"),
        ("", 400, "does not say clearly"),
        ("x" * 300, 400, "does not say clearly"),
        ("soon.localhost:8000", 503, "This helpdesk is being made"),
        ("gone.localhost:8000", 410, "The helpdesk at this address is closed."),
        ("gone.files.localhost:8000", 410, "The helpdesk at this address is closed."),
    ],
)
async def test_a_host_has_one_door_or_none(stage: Stage, host: str, status: int, says: str) -> None:
    async with Visitor(edge(stage), known=False) as visitor:
        answer = await visitor.get("/", headers={"Host": host})
    assert answer.status_code == status
    assert says in answer.text
    # What is on offer is no customer's: it costs no query.
    assert set(stage.called) <= {"sign_ups.offer"}


@pytest.mark.asvs("V4.1.3")
async def test_two_hosts_are_no_host(stage: Stage) -> None:
    async with Visitor(edge(stage)) as visitor:
        answer = await visitor.get("/", headers=[("Host", "acme.localhost"), ("Host", "globex.localhost")])
    assert answer.status_code == 400


async def test_a_customer_that_is_being_made_says_when_to_come_back(stage: Stage) -> None:
    async with Visitor(edge(stage)) as visitor:
        answer = await visitor.get("/", headers={"Host": "soon.localhost"})
    assert answer.headers["retry-after"] == "10"


@pytest.mark.parametrize("host", ["acme.desk.example", "acme.desk.example:443"])
async def test_outside_development_the_port_counts(stage: Stage, host: str) -> None:
    async with Visitor(edge(stage, development=False), scheme="https") as visitor:
        assert (await visitor.get("/", headers={"Host": host})).status_code == 200
        assert (await visitor.get("/", headers={"Host": "acme.desk.example:8000"})).status_code == 404
        assert (await visitor.get("/", headers={"Host": "acme.localhost"})).status_code == 404


async def test_each_host_answers_only_what_is_its_own(stage: Stage) -> None:
    async with Visitor(edge(stage)) as visitor:
        for host in ("localhost", "acme.files.localhost"):
            for path in ("/desk/tickets", "/tickets/4821", "/settings/mail-failures", "/link/a-token"):
                answer = await visitor.get(path, headers={"Host": host})
                assert answer.status_code == 404, (host, path)
        assert (await visitor.get("/static/v/icon.svg", headers={"Host": "acme.files.localhost"})).status_code == 404
    assert stage.calls == []


@pytest.mark.asvs("V3.5.4", "V8.4.1")
async def test_the_call_is_made_at_the_customer_of_the_host(stage: Stage) -> None:
    app = edge(stage)
    for slug in ("acme", "globex"):
        async with Visitor(app, f"{slug}.localhost:8000") as visitor:
            await visitor.get("/desk/tickets")
        assert stage.calls[-1][2].place == slug


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Tenant", "X-User", "X-Original-URL"])
@pytest.mark.asvs("V4.1.3")
async def test_what_a_client_says_of_itself_counts_for_nothing(stage: Stage, header: str) -> None:
    async with Visitor(edge(stage)) as visitor:
        await visitor.get("/desk/tickets", headers={header: "globex.localhost"})
    assert stage.calls[-1][2].place == "acme"


async def test_plain_http_is_for_development_only(stage: Stage) -> None:
    async with Visitor(edge(stage, development=False), "acme.desk.example", known=False) as visitor:
        page = await visitor.get("/desk/sign-in?next=/desk/tickets")
        assert page.status_code == 308
        assert page.headers["location"] == "https://acme.desk.example/desk/sign-in?next=/desk/tickets"
        headers = {"Origin": "https://acme.desk.example"}
        answer = await visitor.post("/desk/sign-in", data={"password": "secret"}, headers=headers)
        assert answer.status_code == 403
        assert "HTTPS only" in answer.text
        stranger = await visitor.get("/", headers={"Host": "evil.example"})
        assert stranger.status_code == 404, "a redirect would lead to whatever host was named"
    assert stage.calls == []


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ((), "198.51.100.1", "203.0.113.7"),
        (("10.0.0.0/8",), "198.51.100.1", "203.0.113.7"),
        (("203.0.113.0/24",), "198.51.100.1", "198.51.100.1"),
        (("203.0.113.0/24",), "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (("203.0.113.0/24", "10.0.0.0/8"), "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (("203.0.113.0/24",), "6.6.6.6, nonsense", "203.0.113.7"),
        (("203.0.113.0/24",), "2001:db8::1", "2001:db8::1"),
        (("203.0.113.0/24",), "", "203.0.113.7"),
    ],
)
@pytest.mark.asvs("V4.1.3")
async def test_only_trusted_proxies_say_for_whom_they_ask(
    stage: Stage, proxies: tuple[str, ...], forwarded: str, seen: str
) -> None:
    async with Visitor(edge(stage, proxies=proxies)) as visitor:
        await visitor.get("/desk/tickets", headers={"X-Forwarded-For": forwarded, "X-Real-IP": "9.9.9.9"})
    assert stage.calls[-1][2].address == seen


@pytest.mark.parametrize(("proxies", "status"), [((), 308), (("203.0.113.0/24",), 200)])
async def test_only_trusted_proxies_say_that_a_client_spoke_https(
    stage: Stage, proxies: tuple[str, ...], status: int
) -> None:
    app = edge(stage, development=False, proxies=proxies)
    async with Visitor(app, "acme.desk.example") as visitor:
        answer = await visitor.get("/desk/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert answer.status_code == status


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
async def test_probes_answer_whatever_the_host(stage: Stage, ready: bool, status: int) -> None:
    async with Visitor(edge(stage, development=False, ready=ready), "10.0.0.9:8000") as visitor:
        assert (await visitor.get("/healthz")).status_code == 200
        assert (await visitor.get("/readyz")).status_code == status
