"""`seldesk demo`: a whole installation on this machine, with three customers and their last five weeks."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack, ExitStack
from typing import Annotated, Any

from cyclopts import Parameter

from rpc import Kind
from seldesk.app import installation
from seldesk.app.build import Application, opened
from seldesk.app.fleet import Cluster
from seldesk.app.relays import relay
from seldesk.app.running import child, database, embedded, until_told
from seldesk.app.serve import serve
from seldesk.clock import Clock, SetClock
from seldesk.demo.letters import mail_routes
from seldesk.demo.progress import Count, console, counted, step
from seldesk.demo.seed import Seed
from seldesk.demo.staff import Member, hired
from seldesk.demo.state import Filled, State
from seldesk.demo.stories import customers as all_customers
from seldesk.demo.story import Customer
from seldesk.layers import SettingsError
from seldesk.logs import configure
from seldesk.methods.control import customers
from seldesk.settings import Settings

PATIENCE = 1200  # looks at the customer, 50 ms apart


def demo(
    *,
    port: Annotated[int, Parameter(help="where the pages are served; mail is received one above")] = 8080,
    reset: Annotated[bool, Parameter(help="forget everything and begin anew")] = False,
) -> None:
    environment = _environment(port)
    settings = Settings.load(None, environment)
    configure("warning", console=sys.stderr.isatty(), stream=sys.stderr)
    with ExitStack() as stack:
        state = stack.enter_context(State(settings))
        # Ours alone, as we hold the folder: an earlier demo was killed, and nobody else would ever stop its server.
        if (left := embedded(settings)).running():
            with step("stopping the PostgreSQL that an earlier demo left"):
                left.stop()
        if reset or state.interrupted:
            with step("removing the old state"):
                state.forget()
        with step("starting PostgreSQL"):
            found = stack.enter_context(database(settings))
        with step("preparing the control database and the templates"):
            asyncio.run(installation.prepare(settings, found.setup))
        stack.enter_context(child("provision", environment))
        asyncio.run(_run(settings, found.cluster, state))


def _environment(port: int) -> dict[str, str]:
    """The demo is development: on this machine alone, with its own PostgreSQL, mail into a folder."""
    given = {name: value for name, value in os.environ.items() if name == "SELDESK_HOME"}
    return {
        **given,
        "SELDESK_BASE": "localhost",
        "SELDESK_LISTEN": "127.0.0.1",
        "SELDESK_PORT": str(port),
        "SELDESK_SMTP_IN__HOST": "127.0.0.1",
        "SELDESK_SMTP_IN__PORT": str(port + 1),
        "SELDESK_SMTP_OUT__HOST": "",
        "SELDESK_UNDO_SECONDS": "0",
        "SELDESK_LOG__LEVEL": "warning",
        "SELDESK_DATABASE__EMBEDDED": "true",
    }


async def _run(settings: Settings, cluster: Cluster, state: State) -> None:
    filled = state.filled()
    if filled is None:
        state.begin()
        filled = await _fill(settings, cluster)
        state.finish(filled)
    async with AsyncExitStack() as stack:
        with step("opening what was filled"):
            app = await stack.enter_async_context(opened(settings, cluster))
        member = state.staff()
        if member is None:
            with step("hiring the operator's own staff"):
                member = await hired(app)
            state.hire(member)
        await until_told(asyncio.create_task(_serve(app, state, filled, member)))


async def _serve(app: Application, state: State, filled: list[Filled], member: Member) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(app, ("web", "worker", "mail"), mail_routes(app.settings.smtp_out.folder)))
        with step("opening the doors"):
            await _answering(app.settings)
        addresses = {one.slug: app.addresses.customer(one.slug) for one in filled}
        _print(state.tell(app.addresses.site(), filled, addresses, app.addresses.console(), member))


async def _answering(settings: Settings) -> None:
    """Until both doors accept connections."""
    for host, port in ((settings.listen, settings.port), (settings.smtp_in.host, settings.smtp_in.port)):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                break


async def _fill(settings: Settings, cluster: Cluster) -> list[Filled]:
    """Ask for the customers, and play their five weeks side by side."""
    now = Clock().now()
    stories = all_customers(now)
    with counted() as count:
        async with opened(settings, cluster) as app:
            made = count("making databases", len(stories))
            for story in stories:
                await _made(app, story)
                made()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_play(settings, cluster, story, count)) for story in stories]
    return [task.result() for task in tasks]


async def _made(app: Application, story: Customer) -> None:
    command = app.program(Kind.COMMAND)
    owner = next(one for one in story.people if one.role == "owner")
    known = {"slug": story.slug, "name": story.name, "country": story.country}
    await command(customers.create, **known, plan=story.plan, primary_name=owner.name, primary_email=owner.email)
    for _ in range(PATIENCE):
        if (await command(customers.read, slug=story.slug)).state == "active":
            return
        await asyncio.sleep(0.05)
    raise SettingsError("The provisioner does not make the database: what it says stands above.")


async def _play(settings: Settings, cluster: Cluster, story: Customer, count: Count) -> Filled:
    """Each customer has a clock of its own, hence an application of its own."""
    clock = SetClock(Clock().now())
    played = count(f"{story.name}: tickets", len(story.tickets) + len(story.strays))
    async with opened(settings, cluster, clock) as app:
        seed = Seed(app, clock, relay(app.settings), story)
        await seed.play(played)
    return Filled(story.slug, seed.mailbox, list(seed.people.values()), seed.link)


def _print(told: dict[str, Any]) -> None:
    """Where everything is."""
    console.print(f"\n[bold]Seldesk serves at {told['base']}[/]   (Ctrl+C stops it)\n")
    for customer in told["customers"]:
        console.print(f"[bold]{customer['url']}/desk[/]   mail to {customer['mailbox']}")
        for person in customer["people"]:
            if person["role"] == "requester":
                console.print(f"  requester  {person['email']}  {person['link']}", soft_wrap=True)
            else:
                console.print(f"  {person['role']:<9}  {person['email']}  password {person['password']}")
        console.print()
    console.print(
        "[bold]{url}[/]   the operator's console\n"
        "  {email}  password {password}  key for an authenticator {totp_secret}\n".format(**told["console"]),
        soft_wrap=True,
    )
    smtp, mailbox = told["smtp"], told["customers"][0]["mailbox"]
    console.print(f"Mail comes in at {smtp['host']}:{smtp['port']}. Send one:")
    script = (
        "python3 -c \"import smtplib; smtplib.SMTP('{host}', {port}).sendmail('you@example.org', '{to}', "
        "'From: you@example.org\\r\\nTo: {to}\\r\\nSubject: Hello\\r\\n\\r\\nIs anybody there?\\r\\n')\""
    ).format(**smtp, to=mailbox)
    console.print(f"  {script}", soft_wrap=True)
    console.print(
        f"Mail that goes out lies in {told['mail_out']}; read it at {told['base']}/demo/mail\n",
        soft_wrap=True,
    )
