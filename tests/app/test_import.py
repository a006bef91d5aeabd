"""A customer made of another one's export is equal to it, and works; what is no good export makes nothing."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

import rpc
from rpc import Kind
from seldesk.app.importing import check
from seldesk.archive import BadArchive, opened
from seldesk.errors import SlugTaken
from seldesk.mail import markdown
from seldesk.methods.control import customers
from seldesk.methods.desk import attachments, mails, people, requests, search, tickets
from tests.app.filled import PLAN, changed, downloaded, fill, made, offered, read_in, rows, way_in
from tests.mailed import words
from tests.world import CLEO, Desk, World, mail

OBJECTS = "SELECT object_id FROM app.attachments UNION SELECT object_id FROM app.mails WHERE object_id IS NOT NULL"
Line = dict[str, Any]


@pytest.mark.long
async def test_it_is_equal_row_by_row_and_file_by_file_and_works(world: World, tmp_path: Path) -> None:
    first = await fill(world)
    export = await offered(world, world.acme)
    before = await rows(world, world.acme)
    content = await downloaded(*export)
    desk = await read_in(world, content, tmp_path)
    after = await rows(world, desk)
    moved = [row.replace("@acme-again.localhost", "@acme.localhost") for row in after["app.mailboxes"]]
    assert after | {"app.mailboxes": moved} == before
    assert len(moved) == 2
    assert sum(map(len, before.values())) > 50
    for one in await world.rows(world.acme, OBJECTS):
        theirs = [await world.app.storage.get(customer, UUID(one)) for customer in (world.acme.id, desk.id)]
        assert theirs[0] == theirs[1]
    names = [await world.app.program(Kind.COMMAND)(customers.read, slug=slug) for slug in ("acme", desk.slug)]
    assert len({(one.name, one.accent, one.logo, one.logo_type, one.plan) for one in names}) == 1
    await walk(world, desk, first)


async def walk(world: World, desk: Desk, first: int) -> None:
    """What people do there."""
    bo = await way_in(desk, "bo@acme.example", "Bo")
    page = await bo(tickets.page, number=first)
    assert (page.ticket.subject, page.ticket.tags) == ("The printer smokes", ["fire", "ünïcode"])
    file = page.messages[0].files[0]
    link = (await bo(attachments.link, file.id)).rpartition("/")[2]
    assert (await desk.calling(Kind.ANONYMOUS, "")(attachments.download, token=link)).content == PLAN
    hits = (await bo(search.page, query="smokes")).hits
    assert hits is not None
    assert [hit.number for hit in hits.items] == [first]
    cleo = await by_mailed_link(world, desk)
    assert first in [row.number for row in (await cleo(requests.list)).items]
    world.relay.sent.clear()
    await bo(tickets.reply, number=first, body="Is it better now?")
    await world.deliver(desk)
    (letter,) = [one for one in world.relay.sent if CLEO in one.recipients]
    sent = message_from_bytes(letter.raw)
    assert str(sent["From"]).endswith("@acme-again.localhost>")
    answer = mail(
        "Re: The printer smokes", "It is.", message_id="<9@cleo.example>", headers={"In-Reply-To": sent["Message-ID"]}
    )
    assert (await desk.mail(answer)).ticket == first
    old = mail("Re: smoke", "Still.", message_id="<8@cleo.example>", headers={"References": "<first@cleo.example>"})
    assert (await desk.mail(old)).ticket == first, "an answer to what was written before"
    new = (await desk.mail(mail("Another", message_id="<7@cleo.example>"))).ticket
    assert new is not None
    assert new > max(int(number) for number in await world.rows(world.acme, "SELECT number FROM app.tickets"))


async def by_mailed_link(world: World, desk: Desk) -> rpc.Call:
    anybody = desk.calling(Kind.ANONYMOUS, "")
    await anybody(people.mail_link, email=CLEO, purpose="sign_in")
    await world.deliver(desk)
    found = re.search(r"http://acme-again\.localhost:8080/sign-in/(\S+)", words(world.relay.sent[-1].raw)[1])
    assert found
    answer = await anybody(people.sign_in_by_link, token=found[1])
    assert answer.token is not None
    return desk.calling(Kind.PERSON, answer.token)


@pytest.mark.long
async def test_nothing_is_sent_again_and_nobody_is_let_in(world: World, tmp_path: Path) -> None:
    """A reply that waited when it was exported is no work of the new customer's."""
    await world.acme.mail(mail())
    await world.acme.by_token("ann")(tickets.reply, number=1, body="Unplug it.")
    desk = await read_in(world, await made(world, world.acme), tmp_path)
    await world.deliver(desk)
    assert world.relay.sent == []
    assert await world.rows(desk, "SELECT delivery FROM app.messages WHERE side = 'agent'") == ["unknown"]
    for table in ("verifiers", "sessions", "tokens", "invitations", "mailed_links"):
        assert await world.rows(desk, f"SELECT count(*) FROM secret.{table}") == ["0"]  # noqa: S608 - ours
    assert (await desk.program(Kind.MAIL)(mails.accepts, recipient="support@acme-again.localhost")) is not None


@pytest.mark.long
async def test_one_that_was_cut_off_goes_on_and_a_used_customer_is_never_filled(world: World, tmp_path: Path) -> None:
    await fill(world)
    content = await made(world, world.acme)
    with pytest.raises(SlugTaken):
        await read_in(world, content, tmp_path, "acme")
    spoilt = with_rows(content, "app.messages", lambda row: {**row, "ticket_id": row["author_id"]})
    with pytest.raises(BadArchive, match=r"tables/app\.messages\.jsonl, line 1: it refers to something"):
        await read_in(world, spoilt, tmp_path)
    row = await world.app.program(Kind.COMMAND)(customers.read, slug="acme-again")
    half = Desk(world.app, row.slug, row.id, row.database)
    assert await world.rows(half, "SELECT count(*) FROM app.people") == ["0"]
    assert await world.app.storage.list(row.id) == {}
    desk = await read_in(world, content, tmp_path)
    assert (desk.id, len(await rows(world, desk))) == (row.id, len(await rows(world, world.acme)))
    with pytest.raises(SlugTaken):
        await read_in(world, content, tmp_path)


@pytest.mark.long
@pytest.mark.asvs("V1.2.1", "V1.3.1")
async def test_what_is_shown_as_it_stands_is_made_safe_once_more(world: World, tmp_path: Path) -> None:
    """And a mailbox that nobody but the customer itself could have is where its mail goes."""
    await world.acme.mail(mail())
    await world.acme.by_token("ann")(tickets.reply, number=1, body="**Unplug** it.\n\n| a |\n|:-:|\n| b |")
    content = await made(world, world.acme)
    kept = (await world.rows(world.acme, "SELECT markdown FROM app.messages WHERE markdown IS NOT NULL"))[0]
    harm = '<script>x()</script><form action="//evil"><input></form><img src=x onerror=x()><p style="position:fixed">'

    def spoilt(said: bytes) -> bytes:
        lines = [json.loads(line) for line in said.splitlines()]
        for row in lines:
            row["markdown"] = row["markdown"] and row["markdown"] + harm
        return b"".join(json.dumps(row).encode() + b"\n" for row in lines)

    path = "tables/app.messages.jsonl"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        hostile = with_part(content, path, spoilt(archive.read(path)))
    desk = await read_in(world, hostile, tmp_path)
    shown = await world.rows(desk, "SELECT markdown FROM app.messages WHERE markdown IS NOT NULL")
    assert shown == [f"{kept}<p></p>"]
    assert markdown.safe(kept) == kept


def with_rows(content: bytes, table: str, change: Callable[[Line], Line | str]) -> bytes:
    """The first row of a table changed, and the manifest made to agree with it."""
    path = f"tables/{table}.jsonl"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first, *rest = archive.read(path).splitlines(keepends=True)
    new = change(json.loads(first))
    line = new if isinstance(new, str) else json.dumps(new)
    return with_part(content, path, b"".join([line.encode() + b"\n", *rest]))


def with_part(content: bytes, path: str, said: bytes) -> bytes:
    def agree(manifest: Line) -> None:
        for part in (*manifest["tables"], *manifest["indexes"]):
            if part["path"] == path:
                part |= {"size": len(said), "rows": said.count(b"\n"), "sha256": sha256(said).hexdigest()}

    return with_manifest(changed(content, path, said), agree)


def with_manifest(content: bytes, change: Callable[[Line], object]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    change(manifest)
    return changed(content, "manifest.json", json.dumps(manifest).encode())


def forged(content: bytes, name: bytes, new: bytes) -> bytes:
    """Another name of the same length, wherever it stands."""
    assert len(name) == len(new)
    return content.replace(name, new)


def a_bomb(content: bytes) -> bytes:
    """A table that says honestly that it is a gigabyte of spaces."""
    return with_part(content, "tables/app.bulks.jsonl", b" " * 2**26 + b"\n")


def encrypted(content: bytes) -> bytes:
    """The flag of an encrypted part, on the first one of the table of contents."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


def repacked(content: bytes, way: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", way) as into:
        for entry in old.infolist():
            into.writestr(entry.filename, old.read(entry.filename))
    return packed.getvalue()


def with_index(content: bytes, change: Callable[[list[Line]], list[Line]]) -> bytes:
    path = "indexes/000001.jsonl"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lines = [json.loads(line) for line in archive.read(path).splitlines()]
    return with_part(content, path, b"".join(json.dumps(line).encode() + b"\n" for line in change(lines)))


def with_logo(content: bytes, kind: str) -> bytes:
    """One of its files is said to be the logo."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        some = json.loads(archive.read("indexes/000001.jsonl").splitlines()[0])["id"]
    return with_manifest(content, lambda said: said["customer"].update(logo=some, logo_type=kind))


def understated(content: bytes) -> bytes:
    """A megabyte of which the table of contents says that it is ten bytes."""
    bomb = changed(content, "tables/app.bulks.jsonl", b"{}\n" * 2**18)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        size = archive.getinfo("tables/app.bulks.jsonl").file_size
    return bomb.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


TICKETS, PEOPLE, MAILBOXES = "app.tickets", "app.people", "app.mailboxes"
TICKET = r"tables/app\.tickets\.jsonl, line 1: "
HOSTILE: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("no zip", lambda _: b"PK" * 100, "is damaged, or no zip archive"),
    ("cut short", lambda content: content[: len(content) // 2], "is damaged, or no zip archive"),
    ("no manifest", lambda content: changed(content, "manifest.json", None), "no manifest.json"),
    ("another format", lambda content: with_manifest(content, lambda said: said.update(format=2)), "of format 2"),
    (
        "words for a manifest",
        lambda content: changed(content, "manifest.json", b"hello"),
        "manifest.json: it is no JSON",
    ),
    ("an odd manifest", lambda content: with_manifest(content, lambda said: said.update(evil=1)), "manifest.json: "),
    ("zip slip", lambda content: changed(content, "", None, more={"../../etc/passwd": b"x"}), "is no name of a part"),
    (
        "an absolute name",
        lambda content: changed(content, "", None, more={"/etc/passwd": b"x"}),
        "is no name of a part",
    ),
    (
        "a name twice",
        lambda content: forged(content, b"tables/app.drafts.jsonl", b"tables/app.people.jsonl"),
        "is in it twice",
    ),
    (
        "a table too many",
        lambda content: changed(content, "", None, more={"tables/app.evil.jsonl": b"x"}),
        "do not name the same",
    ),
    (
        "a table of secrets",
        lambda content: renamed(content, "app.drafts", "secret.tokens"),
        "is a table that no export has",
    ),
    ("a table too few", lambda content: without(content, "app.drafts"), "The table app.drafts is not in it"),
    (
        "a file too many",
        lambda content: changed(content, "", None, more={f"files/{uuid4()}": b"x"}),
        "that no index names",
    ),
    (
        "a changed row",
        lambda content: flipped(content, "tables/app.people.jsonl"),
        "tables/app.people.jsonl is damaged",
    ),
    ("a declared bomb", a_bomb, "it is made to do harm"),
    ("an undeclared bomb", understated, "damaged"),
    ("an unknown column", lambda content: with_rows(content, TICKETS, lambda row: {**row, "evil": 1}), TICKET),
    ("a lacking column", lambda content: with_rows(content, TICKETS, lambda row: without_key(row, "subject")), TICKET),
    ("a wrong type", lambda content: with_rows(content, TICKETS, lambda row: {**row, "number": "1"}), TICKET),
    ("a number too large", lambda content: with_rows(content, TICKETS, lambda row: {**row, "number": 2**63}), TICKET),
    ("an odd choice", lambda content: with_rows(content, TICKETS, lambda row: {**row, "status": "evil"}), TICKET),
    ("an odd id", lambda content: with_rows(content, TICKETS, lambda row: {**row, "id": "../1"}), TICKET),
    (
        "a time without a zone",
        lambda content: with_rows(content, TICKETS, lambda row: {**row, "created_at": "2026-03-02T09:00:00"}),
        TICKET,
    ),
    ("a null", lambda content: with_rows(content, TICKETS, lambda row: {**row, "subject": None}), TICKET),
    ("a nul", lambda content: with_rows(content, TICKETS, lambda row: {**row, "subject": "a\0b"}), TICKET),
    ("no JSON", lambda content: with_rows(content, TICKETS, lambda _: "{'"), TICKET + "It is no JSON"),
    (
        "half a letter",
        lambda content: with_rows(content, TICKETS, lambda row: json.dumps(row).replace("printer", "\\ud800")),
        TICKET,
    ),
    (
        "a file that is not there",
        lambda content: with_rows(content, "app.attachments", lambda row: {**row, "object_id": str(uuid4())}),
        "it names the file",
    ),
    (
        "a table among the indexes",
        lambda content: with_manifest(content, lambda said: said["indexes"].append(said["tables"].pop())),
        "stands in the wrong list",
    ),
    (
        "a part twice",
        lambda content: with_manifest(content, lambda said: said["tables"].append(said["tables"][0])),
        "part",
    ),
    ("encrypted", encrypted, "is encrypted, or packed in a way"),
    ("packed in another way", lambda content: repacked(content, zipfile.ZIP_LZMA), "is encrypted, or packed in a way"),
    (
        "a file that is named twice",
        lambda content: with_index(content, lambda lines: [*lines, lines[0]]),
        "named twice",
    ),
    (
        "a file that is missing and there",
        lambda content: with_index(content, lambda lines: [{**lines[0], "missing": True}, *lines[1:]]),
        "is not as it is said here",
    ),
    (
        "a file of another content",
        lambda content: with_index(content, lambda lines: [{**lines[0], "sha256": "0" * 64}, *lines[1:]]),
        "is not what the index says",
    ),
    ("a logo that is a page", lambda content: with_logo(content, "text/html"), "manifest.json: "),
    ("a logo that is no picture", lambda content: with_logo(content, "image/png"), "its logo is no picture"),
    (
        "a mailbox of the customer next door",
        lambda content: with_rows(content, MAILBOXES, lambda row: {**row, "address": "support@globex.localhost"}),
        "line 1: a mailbox is an address that ends in @acme.localhost",
    ),
    (
        "a mailbox with a line of its own",
        lambda content: with_rows(content, MAILBOXES, lambda row: {**row, "address": "a\r\nBcc: x@acme.localhost"}),
        "line 1: a mailbox is",
    ),
    (
        "the last number",
        lambda content: with_rows(content, TICKETS, lambda row: {**row, "number": 2**31 - 1}),
        TICKET + "number is 2147483647",
    ),
    (
        "the end of time",
        lambda content: with_rows(content, TICKETS, lambda row: {**row, "updated_at": "9999-12-31T23:59:59Z"}),
        TICKET + "updated_at is a time that cannot be",
    ),
    (
        "an odd digest",
        lambda content: with_rows(content, "app.attachments", lambda row: {**row, "sha256": "select 1"}),
        "line 1: ",
    ),
]


def without_key(row: Line, key: str) -> Line:
    return {name: value for name, value in row.items() if name != key}


def renamed(content: bytes, old: str, new: str) -> bytes:
    def say(manifest: Line) -> None:
        for part in manifest["tables"]:
            part["path"] = part["path"].replace(old, new)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said = archive.read(f"tables/{old}.jsonl")
    moved = changed(content, f"tables/{old}.jsonl", None, more={f"tables/{new}.jsonl": said})
    return with_manifest(moved, say)


def without(content: bytes, table: str) -> bytes:
    def say(manifest: Line) -> None:
        manifest["tables"] = [part for part in manifest["tables"] if table not in part["path"]]

    return with_manifest(changed(content, f"tables/{table}.jsonl", None), say)


def flipped(content: bytes, path: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said = archive.read(path)
    return changed(content, path, said.replace(b"Ann", b"Eve"))


@pytest.mark.long
async def test_what_is_no_good_export_is_refused_with_a_sentence_and_makes_nothing(
    world: World, tmp_path: Path
) -> None:
    await fill(world)
    content, path = await made(world, world.acme), tmp_path / "hostile.zip"
    said: list[tuple[str, str]] = []
    for what, harm, _ in HOSTILE:
        path.write_bytes(harm(content))
        try:
            with opened(path) as archive:
                check(archive)
        except BadArchive as error:
            said.append((what, str(error)))
    expected = [(what, words) for what, _, words in HOSTILE]
    assert [what for what, _ in said] == [what for what, _ in expected]
    assert [
        (what, told) for (what, told), (_, words) in zip(said, expected, strict=True) if not re.search(words, told)
    ] == []
    assert all(told.endswith(".") or ": " in told for _, told in said)
    assert [row.slug for row in await world.app.program(Kind.COMMAND)(customers.list)] == ["acme"]
