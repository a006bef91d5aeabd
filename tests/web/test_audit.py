"""The pages of the audit and of a person's data."""

import io
import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from seldesk.errors import TooLateToReturn, TooManyTries
from seldesk.methods.desk import tickets
from seldesk.methods.desk.audits import Verified
from seldesk.methods.desk.privacy import Erasing
from seldesk.models.desk.member import LastOwner
from seldesk.web.credential import SESSION
from tests.access import inside
from tests.rules.checkout import ROOT
from tests.web.stage import Stage
from tests.web.story import ANN
from tests.web.visitor import Visitor
from tests.world import CLEO, World, mail

HERE = "/settings/audit"
PERSON = f"/settings/people/{ANN.id}"


async def test_what_is_looked_for_stays_in_the_pages_that_follow(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get(f"{HERE}?kind=people&concerning={ANN.id}&since=2026-01-02&until=")
    assert {name: str(value) for name, value in stage.last("audits.page").items()} == {
        "concerning": str(ANN.id),
        "kind": "people",
        "since": "2026-01-02",
    }
    assert f"?concerning={ANN.id}&amp;kind=people&amp;since=2026-01-02&amp;cursor=next" in answer.text
    wrong = await ann.get(f"{HERE}?since=yesterday")
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Verified(88, False, None, ""), "The chain is whole"),
        (Verified(0, False, None, ""), "There are no entries yet"),
        (Verified(4, False, 5, "removed"), "Entry 5 is missing."),
        (Verified(90, True, None, ""), "The first 90 entries"),
    ],
)
async def test_the_chain_is_verified_and_the_result_is_told(
    stage: Stage, ann: Visitor, found: Verified, words: str
) -> None:
    stage.answers["audits.verify"] = found
    answer = await ann.submit(HERE, f"{HERE}/verify")
    assert words in answer.text


async def test_the_audit_is_a_file_of_lines(ann: Visitor) -> None:
    answer = await ann.get(f"{HERE}.jsonl")
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit.jsonl"')
    [line] = [json.loads(line) for line in answer.text.splitlines()]
    assert (line["number"], line["method"]) == (1, "members.update")


@pytest.mark.asvs("V16.4.2")
async def test_whoever_has_the_file_verifies_it_by_what_is_said_of_it(world: World, tmp_path: Path) -> None:
    """With the program of docs/audit.md, after staff were here: whole, changed, without a line, with another name."""
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    bo, file, program = await world.acme.signed_in("bo"), tmp_path / "audit.jsonl", tmp_path / "verify.py"
    async with Visitor(world.app.web(), known=False) as owner:
        owner.cookies.set(SESSION, bo.credential.secret)
        lines = (await owner.get(f"{HERE}.jsonl")).text.splitlines()
    told = (ROOT / "docs" / "audit.md").read_text()
    program.write_text(told.partition("```python\n")[2].partition("```")[0])

    def verified(*changed: str) -> tuple[int, str]:
        file.write_text("".join(f"{line}\n" for line in changed))
        done = subprocess.run([sys.executable, program, file], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    count = len(lines)
    assert verified(*lines)[1].startswith(f"{count} entries are whole.")
    assert verified(*lines[:4], *lines[5:]) == (1, "Entry 5 is missing, or is not as it was written.\n")
    last = lines[-1].replace('"done"', '"failed"')
    assert verified(*lines[:-1], last) == (1, f"Entry {count} is missing, or is not as it was written.\n")
    named = [line.replace("Mara", "Otto") for line in lines]
    assert "are not those it was written with" in verified(*named)[1]


async def test_a_person_is_erased_by_name_and_password(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(f"{PERSON}/data", f"{PERSON}/erase", {"name": "Ann Berg", "password": "secret"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PERSON}/data")
    assert stage.last("privacy.erase") == {"person": ANN.id, "name": "Ann Berg", "password": "secret"}
    stage.answers["privacy.erase"] = Erasing(begun=False)
    answer = await ann.submit(f"{PERSON}/data", f"{PERSON}/erase", {"name": "Ann Berg", "password": "secret"})
    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert "secret" not in answer.text


async def test_an_account_is_closed_and_taken_back(stage: Stage, ann: Visitor) -> None:
    for button, method in (("close", "privacy.close"), ("take-back", "privacy.take_back")):
        assert (await ann.submit(f"{PERSON}/data", f"{PERSON}/{button}")).status_code == 303
        assert stage.last(method) == {"person": ANN.id}
    stage.answers |= {"privacy.close": LastOwner(), "privacy.take_back": TooLateToReturn()}
    for button, status in (("close", 409), ("take-back", 410)):
        assert (await ann.submit(f"{PERSON}/data", f"{PERSON}/{button}")).status_code == status


async def test_a_requester_asks_for_a_copy_and_to_be_forgotten(stage: Stage, omar: Visitor) -> None:
    assert 'href="/data"' in (await omar.get("/")).text
    for wish, subject in (("copy", "A copy of my data"), ("erasure", "Erase my data")):
        answer = await omar.submit("/data", "/data", {"wish": wish})
        assert answer.headers["location"].startswith("/tickets/")
        assert stage.last("requests.create")["subject"] == subject
    assert (await omar.submit("/data", "/data", {"wish": "gold"})).status_code == 400
    stage.answers["requests.create"] = TooManyTries(retry_after=60)
    refused = await omar.submit("/data", "/data", {"wish": "copy"})
    assert refused.status_code == 429
    assert str(TooManyTries()) in refused.text


async def test_a_copy_of_a_persons_data_has_all_that_is_theirs_and_no_note(world: World) -> None:
    """Through the true application, with a mail, its file, an answer with a file, and a note that is none of hers."""
    raw = mail(files={"plan ä.txt": b"a plan"}, html="<p>smokes</p>")
    number = (await world.acme.mail(raw)).ticket or 0
    ann = world.acme.by_token("ann")
    await ann(tickets.note, number=number, body="She never pays.")
    await ann(tickets.reply, number=number, body="Off.", files=[])
    await world.acme.mail(
        mail("Mine", "Of Cem", sender="cem@cem.example", message_id="<cem@x>"), sender="cem@cem.example"
    )
    person = (await world.rows(world.acme, f"SELECT id FROM app.people WHERE email = '{CLEO}'"))[0]  # noqa: S608
    bo = await world.acme.signed_in("bo")
    async with Visitor(world.app.web(), known=False) as owner:
        owner.cookies.set(SESSION, bo.credential.secret)
        answer = await owner.get(f"/settings/people/{person}/copy.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        kept = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(kept["person.json"])["email"] == CLEO
    assert [json.loads(line)["number"] for line in kept["tickets-1.jsonl"].splitlines()] == [number]
    said = [json.loads(line) for line in kept["messages-1.jsonl"].splitlines()]
    assert [(one["side"], one["text"].split("\n")[0]) for one in said] == [
        ("requester", "Good morning,"),
        ("agent", "Off."),
    ]
    assert [content for name, content in kept.items() if name.startswith(f"mails/{number}/")] == [raw]
    assert [content for name, content in kept.items() if name.startswith(f"files/{number}/")] == [b"a plan"]
    everything = b"".join(kept.values())
    assert b"never pays" not in everything
    assert b"Of Cem" not in everything
