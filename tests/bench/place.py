"""The installation that is measured: a PostgreSQL as in production, one customer, `seldesk web` twice."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2

from orm.address import Address
from orm.testing import Server
from rpc import Credential, Kind
from seldesk.app import installation
from seldesk.app.build import Application, opened
from seldesk.app.operations import operations
from seldesk.app.running import cluster
from seldesk.jobs.provision import Provisioner
from seldesk.methods.control import customers
from seldesk.methods.desk import mailboxes, people
from seldesk.models.desk import BuiltIn
from seldesk.settings import Settings
from tests.acceptance.processes import environment, free_ports, running, until_answering

BASE = "bench.example"
WORKERS = 2
AGENTS = 25  # so many that 500 streams are 20 for each, which is what one person may have
PASSWORD = "correct horse battery"
# What orm.testing switches off for speed, as the embedded server of an installation has it.
AS_IN_PRODUCTION = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "max_wal_size": "1GB",
    "shared_buffers": "128MB",
    "pg_stat_statements.track": "top",
}
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
# What the proxy adds, and what a browser says about a form of a page of ours.
HEADERS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in agent: the cookie, and a token that their forms take."""

    cookie: str = field(repr=False)
    form_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Customer:
    slug: str
    database: str

    @property
    def host(self) -> str:
        return f"{self.slug}.{BASE}"

    def email(self, position: int) -> str:
        return f"agent{position}@{self.slug}.example"


@dataclass(frozen=True, slots=True)
class Worker:
    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Place:
    server: Server
    home: Path
    given: Mapping[str, str]

    @property
    def settings(self) -> Settings:
        return Settings.load(None, self.given)

    def database(self, name: str) -> Address:
        """For the superuser, who measures and seeds."""
        return replace(self.server.superuser, database=name)

    @asynccontextmanager
    async def application(self) -> AsyncIterator[Application]:
        async with opened(self.settings, cluster(self.settings)) as app:
            yield app

    async def customer(self, slug: str) -> Customer:
        """A new one, made the way customers are made, with an owner and agents who chose passwords."""
        async with self.application() as app:
            row = await app.program(Kind.COMMAND)(customers.create, slug=slug, name=f"{slug.title()} Support")
            await Provisioner(app.program(Kind.JOB), operations(app)).work()
            await app.refresh()
            made = Customer(slug, row.database)
            address = f"support@{app.addresses.mail_domain(slug)}"
            await app.program(Kind.COMMAND, slug)(mailboxes.create, address=address, name=row.name)
            for position in range(AGENTS):
                await _hire(app, made, position)
            return made

    @contextmanager
    def processes(self, *command: str, module: str = "seldesk", number: int = WORKERS) -> Iterator[list[Worker]]:
        """So many of them, each at a port of its own as behind a proxy, once they answer."""
        log, started = self.home / "processes.log", []
        with ExitStack() as stack:
            for port in free_ports(number):
                given = {**self.given, "SELDESK_PORT": str(port)}
                process = stack.enter_context(running(*command, given=given, log=log, module=module))
                until_answering(port, process, log)
                started.append(Worker(port, process.pid))
            yield started


@contextmanager
def place(home: Path) -> Iterator[Place]:
    """A cluster with the control database and the templates; gone afterwards."""
    with Server(settings=AS_IN_PRODUCTION) as server:
        given = {
            "SELDESK_BASE": BASE,
            "SELDESK_FILES_BASE": "bench-files.example",
            "SELDESK_OPS_BASE": "bench-ops.example",
            "SELDESK_PROXIES": '["127.0.0.1"]',
            "SELDESK_SMTP_OUT__HOST": "127.0.0.1",
            "SELDESK_SMTP_OUT__TLS": "none",
            # One person searches and signs in here as fast as the machine can.
            "SELDESK_LIMITS__SEARCHES_PER_MINUTE": "0",
            "SELDESK_LIMITS__CALLS_PER_MINUTE": "0",
            "SELDESK_LIMITS__SIGN_INS_PER_HOUR": "0",
            "SELDESK_DATABASE__HOST": server.superuser.host,
            "SELDESK_DATABASE__PORT": str(server.superuser.port),
        }
        # Only an embedded installation makes its own keys.
        embedded = Settings.load(None, {"SELDESK_HOME": str(home)})
        asyncio.run(installation.prepare(embedded, server.superuser))
        yield Place(server, home, environment(home, **given, SELDESK_DATABASE__EMBEDDED="false"))


async def _hire(app: Application, customer: Customer, position: int) -> None:
    command = app.program(Kind.COMMAND, customer.slug)
    role: BuiltIn = "agent" if position else "owner"
    name, email = f"Agent {position}", customer.email(position)
    link = (await command(people.invite, email=email, name=name, role=role)).secret
    nobody = app.dispatcher.calling(Credential(kind=Kind.ANONYMOUS, place=customer.slug, address="192.0.2.7"))
    await nobody(people.choose_password, token=link.rpartition("/")[2], password=PASSWORD)


def browser(port: int, customer: Customer) -> httpx2.Client:
    """Speaks to one of the processes as the proxy before it does."""
    return httpx2.Client(
        base_url=f"http://127.0.0.1:{port}", headers={**HEADERS, "Host": customer.host}, timeout=30, trust_env=False
    )


def sign_in(port: int, customer: Customer, position: int) -> Session:
    """By the form, as in a browser."""
    with browser(port, customer) as client:
        cookie, token = sign_in_form(client)
        fields = {"form_token": token, "email": customer.email(position), "password": PASSWORD}
        answer = client.post("/desk/sign-in", data=fields, headers={"Cookie": cookie})
        if answer.status_code != 303:
            raise RuntimeError(f"Signing in was answered by {answer.status_code}.")
        secret = f"__Host-session={answer.cookies['__Host-session']}"
        page = client.get("/desk/tickets/new", headers={"Cookie": secret})
        return Session(secret, token_in(page.text))


def sign_in_form(client: httpx2.Client) -> tuple[str, str]:
    """The cookie that comes with the form, and its token."""
    form = client.get("/desk/sign-in")
    return f"__Host-form={form.cookies['__Host-form']}", token_in(form.text)


def token_in(page: str) -> str:
    found = FORM_TOKEN.search(page)
    if found is None:
        raise RuntimeError("There is no form on this page.")
    return found[1]
