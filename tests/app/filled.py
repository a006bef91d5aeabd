"""A helpdesk with something of everything in it, and a way to take it out and in again."""

import io
import zipfile
from pathlib import Path
from uuid import UUID

import rpc
from rpc import Kind
from seldesk.app.exporting import exported, maker
from seldesk.app.importing import Import, check
from seldesk.app.operations import operations
from seldesk.archive import opened
from seldesk.jobs.provision import Provisioner
from seldesk.methods.control import imports
from seldesk.methods.desk import (
    branding,
    drafts,
    exports,
    links,
    mailboxes,
    members,
    organisations,
    people,
    requests,
    roles,
    saved_replies,
    teams,
    tickets,
    views,
)
from tests.faults import superuser
from tests.mailed import signed_in
from tests.storage.test_picture import png
from tests.world import PASSWORD, Desk, World, mail

DANA = "dana@cleo.example"
# Quotes, backslashes, right to left, beyond the first plane, and what JSON and COPY would escape.
ODD = 'He said: "C:\\temp\\u0041\\n" — \t«да», 日本語, שלום, 🖨️ é \u200b \x7f end'
PLAN = bytes(range(256)) * 40


async def fill(world: World) -> int:
    """Tickets by mail, desk and portal, in several languages, with all that hangs on them. The first one's number."""
    acme = world.acme
    ann, bo = await acme.signed_in("ann"), await acme.signed_in("bo")
    first = (await acme.mail(mail(files={"plan.txt": PLAN}, html="<p>It <b>smokes</b>.</p>"))).ticket
    assert first is not None
    await acme.mail(
        mail("Принтер дымит", ODD, sender="Dana Dee <dana@cleo.example>", message_id="<2@cleo.example>"), sender=DANA
    )
    await acme.mail(b"\x00")
    people_ids = {one.name: one.id for one in await ann(tickets.agents)}
    team = await bo(teams.create, name="Printers")
    await bo(teams.update, team=team, members=[people_ids["Ann"]])
    organisation = await bo(organisations.create, name="Camp & Söhne")
    await bo(organisations.update, organisation=organisation, shared=True, domains=["cleo.example"])
    await bo(mailboxes.add, address=f"büro@{acme.slug}.localhost".replace("ü", "ue"), name="Büro")
    await bo(
        branding.update, name="Acme Machines", accent="#ffd500", logo=rpc.Upload("logo.png", "image/png", png(300, 80))
    )
    file = rpc.Upload(name="自動.bin", type="application/octet-stream", content=PLAN[::-1])
    await ann(tickets.reply, number=first, body=f"Unplug it.\n\n{ODD}", files=[file], cc=["boss@cleo.example"])
    await ann(tickets.note, number=first, body="@Bo, have a look: *urgent*")
    await ann(tickets.update, number=first, tags=["fire", "ünïcode"], priority="urgent", team=team)
    await ann(tickets.follow, number=2)
    await ann(tickets.update_many, numbers=[first, 2], status="open")
    await ann(views.save, name="Burning", tag="fire", view="all")
    await bo(views.save, name="For all", view="all", shared=True)
    await bo(saved_replies.create, name="Smoke", text=f"Unplug it, {{requester}}.\n{ODD}")
    await ann(drafts.keep, number=2, body="Dear Dana, ", seen=None)
    opened_here = await ann(tickets.open, subject="A call", body="She phoned.", requester_email="olga@post.example")
    await ann(tickets.update, number=opened_here.number, removed="spam")
    cleo = await signed_in(world)
    _ = await cleo(requests.create, subject="От портала", body=ODD)
    _ = await ann(tickets.page, number=first)
    role = await bo(roles.create, name="Night shift", permissions=["tickets.reply", "tickets.note", "tickets.write"])
    await bo(members.update, person=people_ids["Ann"], role=str(role))
    await world.deliver(acme)
    world.relay.sent.clear()
    return first


async def made(world: World, desk: Desk) -> bytes:
    """An export, as its owner asks for it, waits for it and downloads it."""
    return await downloaded(*await offered(world, desk))


async def offered(world: World, desk: Desk) -> tuple[rpc.Call, UUID]:
    """The owner, and the export that is made."""
    bo = await desk.signed_in("bo")
    assert (await bo(exports.ask, password=PASSWORD)).asked
    await maker(world.app).work()
    newest = (await bo(exports.page)).exports[0]
    assert newest.offered, newest
    return bo, newest.id


async def downloaded(bo: rpc.Call, export: UUID) -> bytes:
    """This stands in the audit of its own."""
    found = await bo(links.read, export)
    return b"".join([await bo(links.chunk, export, at=at, key=found.key) for at in range(found.chunks)])


async def read_in(world: World, content: bytes, folder: Path, slug: str = "acme-again") -> Desk:
    """What the command does, without its processes."""
    path = folder / f"{slug}.zip"
    path.write_bytes(content)
    with opened(path) as archive:
        checked, command = check(archive), world.app.program(Kind.COMMAND)
        said = archive.manifest.customer
        row = await command(
            imports.begin,
            slug=slug,
            name=said.name,
            plan=said.plan,
            country=said.country or "DE",
            primary_email="bo@acme.example",
        )
        await Provisioner(world.app.program(Kind.JOB), operations(world.app)).work()
        await world.app.refresh()
        await Import(world.app, archive, checked, row).run()
    return Desk(world.app, slug, row.id, row.database)


async def rows(world: World, desk: Desk) -> dict[str, list[str]]:
    """All that an export holds of the database, as the superuser sees it."""
    found = {}
    async with superuser(world.server, desk.database) as connection:
        for relation in exported():
            order = ", ".join(relation.key)
            told = await connection.fetch(f"SELECT t::text FROM {relation.name} t ORDER BY {order}")  # noqa: S608 - ours
            found[relation.name] = [row[0] for row in told]
    return found


async def way_in(desk: Desk, email: str, name: str) -> rpc.Call:
    """The one-time link of an owner, and their new password."""
    issued = await desk.program(Kind.COMMAND)(people.invite, email=email, name=name, role="owner")
    anybody = desk.calling(Kind.ANONYMOUS, "")
    await anybody(people.choose_password, token=issued.secret.rpartition("/")[2], password="another good horse")
    answer = await anybody(people.sign_in, email=email, password="another good horse")
    assert answer.token is not None
    return desk.calling(Kind.PERSON, answer.token)


def changed(content: bytes, name: str, new: bytes | None, *, more: dict[str, bytes] | None = None) -> bytes:
    """The archive with another content under one name, or without it, packed anew as any program would."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for entry in old.infolist():
            if entry.filename != name:
                into.writestr(entry.filename, old.read(entry))
            elif new is not None:
                into.writestr(name, new)
        for path, said in (more or {}).items():
            into.writestr(path, said)
    return packed.getvalue()
