"""All that a customer has leaves as one archive: whole, without secrets, behind a link that dies after a day."""

import asyncio
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

import rpc
from orm.relations import relations
from rpc import Kind
from seldesk.app.exporting import Export, export_to, exported, maker
from seldesk.archive import LEFT_OUT
from seldesk.errors import TooManyTries
from seldesk.jobs.downloads import Progress, sweep
from seldesk.methods.control import downloads
from seldesk.methods.desk import exports, links, people, tickets, tokens
from seldesk.models.control.download import UnderWay
from tests.app.filled import fill, made
from tests.world import PASSWORD, World, mail

HOUR = timedelta(hours=1)
DOCUMENTED = Path(__file__).parents[2] / "docs" / "export.md"
# Names of columns that could be credentials, and that were looked at.
# The chain of the audit is verified with these, wherever it is.
REVIEWED = {"log.audit.hash", "app.audit_facts.salt", "app.audit_heads.hash"}
SUSPECT = ("hash", "secret", "token", "password", "verifier", "fingerprint", "salt", "seed", "key")


async def nothing() -> None:
    """Nobody else has it."""


def read(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


async def swept(world: World) -> None:
    await sweep(world.app.program(Kind.JOB), world.app.downloads, nothing)


@pytest.mark.long
def test_each_table_and_column_leaves_or_says_why_not() -> None:
    """A new table is exported by itself; a new secret one, or a column that sounds like a secret, is looked at."""
    everything = {relation.name: relation for relation in relations(("app", "secret", "log"))}
    leaving = {relation.name for relation in exported()}
    assert leaving | LEFT_OUT.keys() == everything.keys()
    assert leaving.isdisjoint(LEFT_OUT)
    assert {name for name in everything if name.startswith("secret.")} <= LEFT_OUT.keys()
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())
    suspect = {
        f"{name}.{field.name}"
        for name in leaving
        for field in everything[name].fields
        if any(word in field.name for word in SUSPECT)
    }
    assert suspect == REVIEWED
    text = DOCUMENTED.read_text()
    assert [name for name in sorted(everything) if f"`{name}`" not in text] == []


@pytest.mark.long
@pytest.mark.flaw("Odoo CVE-2024-12368")
@pytest.mark.asvs("V14.2.1")
async def test_an_export_holds_every_row_and_file_and_no_secret(world: World) -> None:
    await fill(world)
    bo = await world.acme.signed_in("bo")
    script = (await bo(tokens.issue, name="script", scopes=["tickets.read"])).secret
    content = await made(world, world.acme)
    archive = read(content)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["customer"]["slug"]) == (1, "acme")
    for part in (*manifest["tables"], *manifest["indexes"]):
        said = archive.read(part["path"])
        known = (said.count(b"\n"), len(said), sha256(said).hexdigest())
        assert known == (part["rows"], part["size"], part["sha256"]), part["path"]
    counts = {part["path"]: part["rows"] for part in manifest["tables"]}
    for relation in exported():
        found = await world.rows(world.acme, f"SELECT count(*) FROM {relation.name}")  # noqa: S608 - ours
        since = relation.name in ("log.audit", "app.audit_facts")  # that it was downloaded
        assert counts[f"tables/{relation.name}.jsonl"] == int(found[0]) - since, relation.name
    assert [name for name, rows in counts.items() if not rows] == [
        "tables/app.departures.jsonl",
        "tables/app.draft_files.jsonl",
    ]
    stored = [json.loads(line) for part in manifest["indexes"] for line in archive.read(part["path"]).splitlines()]
    assert {one["id"] for one in stored} == {name[6:] for name in archive.namelist() if name.startswith("files/")}
    assert all(sha256(archive.read(f"files/{one['id']}")).hexdigest() == one["sha256"] for one in stored)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    secrets = [script, world.acme.tokens["ann"], PASSWORD, bo.credential.secret]
    secrets += await world.rows(world.acme, "SELECT hash FROM secret.verifiers")
    secrets += await world.rows(world.acme, "SELECT encode(fingerprint, 'hex') FROM secret.sessions")
    secrets += await world.rows(world.acme, "SELECT encode(fingerprint, 'hex') FROM secret.tokens")
    assert len(secrets) > 8
    assert [one for one in secrets if one.encode() in everything] == []


@pytest.mark.long
async def test_all_tables_are_read_as_they_were_at_one_moment(world: World) -> None:
    """A ticket that comes in between two tables is in none of them."""
    await fill(world)
    entry = world.app.directory.with_id(world.acme.id)
    assert entry is not None
    written, came = bytearray(), False

    async def write(content: bytes) -> None:
        nonlocal came
        written.extend(content)
        if b"tables/app.people.jsonl" in content and not came:
            came = True
            late = mail("Too late", sender="New <new@x.example>", message_id="<late@x.example>")
            await asyncio.create_task(world.acme.mail(late, sender="new@x.example"))

    await Export(world.app, entry, write, Progress()).run()
    assert came
    archive = read(bytes(written))
    for name in ("tickets", "messages", "mails", "people", "ticket_search"):
        assert b"new@x.example" not in archive.read(f"tables/app.{name}.jsonl")
        assert b"late@x.example" not in archive.read(f"tables/app.{name}.jsonl")


@pytest.mark.long
@pytest.mark.asvs("V7.5.1")
@pytest.mark.flaw("Zulip CVE-2022-31134")
async def test_only_an_owner_who_says_the_password_once_more_gets_one(world: World) -> None:
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    assert await bo(exports.ask, password="wrong horse battery") == exports.Asked(asked=False)
    with pytest.raises(rpc.Forbidden):
        await ann(exports.ask, password=PASSWORD)
    for method in (exports.ask, exports.page, links.read, links.chunk, links.withdraw):
        assert method.kinds == {Kind.PERSON}, "no token, no ticket link"
    assert (await bo(exports.page)).exports == []
    _ = await made(world, world.acme)
    download = (await bo(exports.page)).exports[0].id
    globex = await world.neighbour()
    next_door = await globex.signed_in("bo")
    for caller, refusal in ((ann, rpc.Forbidden), (next_door, rpc.NotFound)):
        with pytest.raises(refusal):
            await caller(links.read, download)


@pytest.mark.long
async def test_one_at_a_time_and_three_in_a_day(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    assert (await bo(exports.ask, password=PASSWORD)).asked
    with pytest.raises(UnderWay):
        await bo(exports.ask, password=PASSWORD)
    assert (await bo(exports.page)).under_way
    await maker(world.app).work()
    for _ in range(2):
        world.clock.move(HOUR)
        _ = await made(world, world.acme)
    with pytest.raises(TooManyTries):
        await bo(exports.ask, password=PASSWORD)
    world.clock.move(22 * HOUR)
    assert (await (await world.acme.signed_in("bo"))(exports.ask, password=PASSWORD)).asked


@pytest.mark.long
async def test_a_link_dies_after_a_day_and_the_file_with_it(world: World) -> None:
    _ = await made(world, world.acme)
    world.clock.move(24 * HOUR - timedelta(seconds=1))
    bo = await world.acme.signed_in("bo")
    one = (await bo(exports.page)).exports[0]
    assert one.offered
    await swept(world)
    key = (await bo(links.read, one.id)).key
    assert (await bo(links.chunk, one.id, at=0, key=key)).startswith(b"PK")
    world.clock.move(timedelta(seconds=2))
    with pytest.raises(rpc.NotFound):
        await bo(links.chunk, one.id, at=0, key=key)
    assert not (await bo(exports.page)).exports[0].offered
    assert len(await world.app.downloads.files(world.acme.id)) == 1
    await swept(world)
    assert await world.app.downloads.files(world.acme.id) == set()


@pytest.mark.long
async def test_an_owner_ends_a_link_before_its_day_is_over(world: World) -> None:
    _ = await made(world, world.acme)
    bo = await world.acme.signed_in("bo")
    one = (await bo(exports.page)).exports[0].id
    await bo(links.withdraw, one)
    for method in (links.read, links.withdraw):
        with pytest.raises(rpc.NotFound):
            await bo(method, one)
    await swept(world)
    assert await world.app.downloads.files(world.acme.id) == set()


@pytest.mark.long
async def test_owners_are_told_by_mail_who_asked(world: World, tmp_path: Path) -> None:
    _ = await world.acme.program(Kind.COMMAND)(people.invite, email="olga@acme.example", name="Olga", role="owner")
    _ = await made(world, world.acme)
    await world.deliver(world.acme)
    told = [letter for letter in world.relay.sent if b"An export of everything" in letter.raw]
    assert {address for letter in told for address in letter.recipients} == {"bo@acme.example", "olga@acme.example"}
    assert all(b"Bo (bo@acme.example)" in letter.raw for letter in told)
    world.relay.sent.clear()
    await export_to(world.app, "acme", tmp_path / "acme.zip")
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 2
    assert b"the operator" in world.relay.sent[0].raw
    one = (await (await world.acme.signed_in("bo"))(exports.page)).exports[0]
    assert (one.by, one.offered, one.state) == ("", False, "done")
    assert (tmp_path / "acme.zip").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        await export_to(world.app, "acme", tmp_path / "acme.zip")


@pytest.mark.long
@pytest.mark.fault(28)
async def test_one_whose_maker_died_is_begun_anew_and_its_rest_is_swept(world: World) -> None:
    bo, job = await world.acme.signed_in("bo"), world.app.program(Kind.JOB)
    _ = await bo(exports.ask, password=PASSWORD)
    making = await job(downloads.claim, kinds=["export"])
    assert making is not None
    half = world.app.downloads.begin(world.acme.id, making.lease)
    _ = await half.close()
    await maker(world.app).work()
    await swept(world)
    assert await world.app.downloads.files(world.acme.id) == {making.lease}, "while its lease goes on, it is its own"
    world.clock.move(timedelta(minutes=3))
    await maker(world.app).work()
    await swept(world)
    assert making.lease not in await world.app.downloads.files(world.acme.id)
    assert (await bo(exports.page)).exports[0].offered
    with pytest.raises(rpc.Conflict):
        await job(downloads.progress, download=making.id, lease=making.lease, step="rows", made=1, total=2)


@pytest.mark.long
async def test_a_store_that_is_away_fails_it_cleanly(world: World, tmp_path: Path) -> None:
    """Begun anew in a minute; given up after three times, and the page says so."""
    bo, second = await world.acme.signed_in("bo"), Path(world.app.settings.stores[1])
    _ = await bo(exports.ask, password=PASSWORD)
    for _ in range(3):
        second.rename(tmp_path / "away")
        await maker(world.app).work()
        (tmp_path / "away").rename(second)
        assert await world.app.downloads.files(world.acme.id) == set()
        world.clock.move(timedelta(minutes=10))
    assert (await bo(exports.page)).exports[0].state == "dead"
    _ = await made(world, world.acme)


@pytest.mark.long
async def test_a_file_that_is_gone_is_named_as_missing(world: World) -> None:
    await fill(world)
    (gone,) = await world.rows(world.acme, "SELECT object_id FROM app.attachments ORDER BY id LIMIT 1")
    await world.app.storage.delete(world.acme.id, UUID(gone))
    archive = read(await made(world, world.acme))
    assert f'"id":"{gone}","size":0' in archive.read("indexes/000001.jsonl").decode()
    assert f"files/{gone}" not in archive.namelist()


@pytest.mark.long
async def test_memory_is_bounded_whatever_the_size(world: World) -> None:
    """A hundred megabytes of messages and as much in files."""
    ann, large = world.acme.by_token("ann"), 5_000_000
    for number in range(20):
        file = rpc.Upload(name="a.bin", type="x/y", content=number.to_bytes(2) * (large // 2))
        await ann(tickets.open, subject="S", body="x" * 90_000, requester_email="cleo@x.example", files=[file])
    await world.rows(
        world.acme,
        "INSERT INTO app.messages SELECT (jsonb_populate_record(messages, jsonb_build_object("
        " 'id', gen_random_uuid(), 'text', text || m))).* FROM app.messages, generate_series(1, 60) m RETURNING 1",
    )
    entry, size = world.app.directory.with_id(world.acme.id), 0
    assert entry is not None

    async def write(content: bytes) -> None:
        nonlocal size
        size += len(content)

    tracemalloc.start()
    await Export(world.app, entry, write, Progress()).run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 100_000_000
    assert peak < 50_000_000, peak
