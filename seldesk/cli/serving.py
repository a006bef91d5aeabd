"""The processes of an installation."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from seldesk.app import installation
from seldesk.app.build import Application
from seldesk.app.command import settings, with_application
from seldesk.app.provision import provision as make_databases
from seldesk.app.running import child, database, end_with_input, until_told
from seldesk.app.serve import Part
from seldesk.app.serve import serve as serve_parts

UntilEof = Annotated[bool, Parameter(help="end at the end of standard input: when whoever started this is gone")]


def serve() -> None:
    chosen = settings()
    with database(chosen) as found:
        if chosen.database.embedded:
            asyncio.run(installation.prepare(chosen, found.setup))
        with child("provision", {"SELDESK_DATABASE__EMBEDDED": "true"}), child("probe", {}):
            _run_parts(("web", "worker", "mail"))


def worker() -> None:
    _run_parts(("worker",))


def mail() -> None:
    _run_parts(("mail",))


def provision(*, until_eof: UntilEof = False) -> None:
    if until_eof:
        end_with_input()

    async def work(app: Application) -> None:
        await until_told(asyncio.create_task(make_databases(app)))

    with_application(work)


def _run_parts(parts: tuple[Part, ...]) -> None:
    async def work(app: Application) -> None:
        await until_told(asyncio.create_task(serve_parts(app, parts)))

    with_application(work)
