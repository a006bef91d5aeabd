"""What a form may weigh, decided before it is buffered."""

import tracemalloc
from collections.abc import AsyncIterator

import pytest

from tests.web.stage import Stage
from tests.web.visitor import FROM_OUR_PAGE, Visitor

URLENCODED = {"Content-Type": "application/x-www-form-urlencoded", **FROM_OUR_PAGE}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b", **FROM_OUR_PAGE}
REPLIES = "/desk/tickets/4821/replies"


class Drip:
    """An endless body that counts how much of it was asked for."""

    def __init__(self, start: bytes, chunk: bytes) -> None:
        self.start = start
        self.chunk = chunk
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.start
        while self.sent < 2**30:
            self.sent += len(self.chunk)
            yield self.chunk


@pytest.mark.parametrize(
    ("path", "length"), [("/desk/sign-in", 256 * 1024 + 1), (REPLIES, 26 * 1024 * 1024 + 1), (REPLIES, 10**12)]
)
@pytest.mark.asvs("V5.2.1")
async def test_a_length_that_is_too_large_is_refused_unread(stage: Stage, ann: Visitor, path: str, length: int) -> None:
    body = Drip(b"", b"x" * 65536)
    answer = await ann.post(path, content=body, headers=URLENCODED | {"Content-Length": str(length)})
    assert answer.status_code == 413
    assert "26 MB" in answer.text
    assert body.sent <= 65536
    assert stage.calls == []


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "٣", "9" * 400])
async def test_a_length_that_is_no_number_is_refused(stage: Stage, ann: Visitor, length: str) -> None:
    headers = {**URLENCODED, "Content-Length": length.encode()}
    answer = await ann.post("/desk/sign-in", content=b"a=b", headers=headers)  # type: ignore[arg-type]  # raw bytes
    assert answer.status_code == 413
    assert stage.calls == []


async def test_a_body_without_a_length_is_counted_while_it_comes(stage: Stage, ann: Visitor) -> None:
    body = Drip(b"password=", b"x" * 65536)
    answer = await ann.post("/desk/sign-in", content=body, headers=URLENCODED)
    assert answer.status_code == 413
    assert body.sent <= 256 * 1024 + 2 * 65536
    assert stage.calls == []


@pytest.mark.flaw("Starlette CVE-2024-47874")
async def test_an_endless_field_is_not_buffered(stage: Stage, ann: Visitor) -> None:
    body = Drip(b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n', b"x" * 65536)
    tracemalloc.start()
    answer = await ann.post(REPLIES, content=body, headers=MULTIPART)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 413
    assert body.sent <= 200 * 1024 + 2 * 65536
    assert peak < 20 * 2**20
    assert stage.calls == []


@pytest.mark.asvs("V5.2.1")
async def test_an_endless_file_is_refused_at_its_limit(stage: Stage, ann: Visitor) -> None:
    start = b'--b\r\nContent-Disposition: form-data; name="files"; filename="f"\r\n\r\n'
    body = Drip(start, b"x" * 2**20)
    answer = await ann.post(REPLIES, content=body, headers=MULTIPART)
    assert answer.status_code == 413
    assert body.sent <= 28 * 2**20
    assert stage.calls == []


@pytest.mark.flaw("Starlette CVE-2024-47874")
async def test_too_many_parts_are_refused(stage: Stage, ann: Visitor) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'
    assert (await ann.post(REPLIES, content=part * 101 + b"--b--", headers=MULTIPART)).status_code == 413
    pairs = b"&".join([b"x=1"] * 101)
    assert (await ann.post("/desk/sign-in", content=pairs, headers=URLENCODED)).status_code == 413
    file = b'--b\r\nContent-Disposition: form-data; name="files"; filename="f"\r\n\r\n1\r\n'
    assert (await ann.post(REPLIES, content=file * 21 + b"--b--", headers=MULTIPART)).status_code == 413
    assert stage.calls == []


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=other", ""],
)
async def test_what_is_no_form_is_not_read(stage: Stage, ann: Visitor, content_type: str) -> None:
    headers = FROM_OUR_PAGE | {"Content-Type": content_type}
    answer = await ann.post(REPLIES, content=b'--b\r\nnonsense {"body": 1}', headers=headers)
    assert answer.status_code in (400, 403)
    assert stage.calls == []


@pytest.mark.flaw("osTicket CVE-2023-30082")
@pytest.mark.parametrize(
    "path",
    [
        *(
            "/desk/sign-in",
            "/sign-in",
            "/sign-in/factor",
            "/sign-in/factor/passkey",
            "/reset/a-token",
            "/welcome/a-token",
        ),
        *("/account/again", "/account/factors/passkey", "/desk/profile/password"),
    ],
)
async def test_ten_megabytes_are_no_password(stage: Stage, ann: Visitor, path: str) -> None:
    answer = await ann.post(path, data={"password": "x" * 10**7}, headers=FROM_OUR_PAGE)
    assert answer.status_code == 413
    assert answer.elapsed.total_seconds() < 0.5
    assert stage.calls == []


async def test_files_come_as_they_were_chosen(stage: Stage, ann: Visitor) -> None:
    content = bytes(range(256)) * 8000
    await ann.submit(
        "/desk/tickets/4821",
        REPLIES,
        {"body": "See there", "as": "reply"},
        files=[
            ("files", ("Bänke \u202e.pdf", content, "application/pdf")),
            ("files", ("", b"", "application/octet-stream")),
        ],
    )
    _, asked, _ = stage.calls[-1]
    assert [(file.name, file.type, file.content) for file in asked["files"]] == [
        ("Bänke \u202e.pdf", "application/pdf", content)
    ]


async def test_line_breaks_of_a_text_field_become_plain(stage: Stage, ann: Visitor) -> None:
    await ann.submit("/desk/tickets/4821", REPLIES, {"body": "one\r\n\r\ntwo\nthree"})
    assert stage.calls[-1][1]["body"] == "one\n\ntwo\nthree"
