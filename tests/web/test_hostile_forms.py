"""Forms of whoever has not signed in, made to keep a process from everybody else."""

import pytest

from seldesk.web.form import FROM_ONE, PAGE, READING, _network, reading
from tests.web.stage import Stage
from tests.web.visitor import FROM_OUR_PAGE, Visitor

REPLIES = "/desk/tickets/4821/replies"
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b", **FROM_OUR_PAGE}


def field(name: bytes, value: bytes) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n--b--\r\n' % (name, value)


@pytest.mark.asvs("V15.2.2")
@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "unicode_escape", '"PunyCode"', "utf-16"])
async def test_no_form_chooses_how_it_is_decoded(stage: Stage, ann: Visitor, charset: str) -> None:
    headers = MULTIPART | {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    answer = await ann.post("/desk/sign-in", content=field(b"email", b"-" + b"a" * 150_000), headers=headers)
    assert answer.status_code == 400
    assert answer.elapsed.total_seconds() < 0.5
    assert stage.calls == []


@pytest.mark.asvs("V5.2.1")
async def test_all_large_forms_together_have_a_bound(stage: Stage, ann: Visitor) -> None:
    large, small = field(b"body", b"") + b"x" * 2 * PAGE, field(b"body", b"x")
    others = {f"192.0.2.{at}": FROM_ONE for at in range(READING // FROM_ONE)} | {"192.0.2.0": FROM_ONE - PAGE}
    for network, size in others.items():
        reading.take(size, network)
    try:
        answer = await ann.post(REPLIES, content=large, headers=MULTIPART)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert (await ann.post(REPLIES, content=small, headers=MULTIPART)).status_code != 503
    finally:
        for network, size in others.items():
            reading.give(size, network)
    assert (await ann.post(REPLIES, content=large, headers=MULTIPART)).status_code != 503
    assert reading.bytes == 0
    assert stage.calls == []


@pytest.mark.asvs("V5.2.1", "V15.2.2")
async def test_no_network_takes_the_room_for_all_large_forms(stage: Stage, ann: Visitor) -> None:
    """Nor a home, which has very many addresses of the sixth version."""
    large, taken = field(b"body", b"") + b"x" * 2 * PAGE, FROM_ONE - PAGE
    for network, refused in (("203.0.113.7", True), ("192.0.2.7", False)):
        reading.take(taken, network)
        assert ((await ann.post(REPLIES, content=large, headers=MULTIPART)).status_code == 503) is refused
        reading.give(taken, network)
    assert _network("2001:db8:1:2:3::4") == _network("2001:db8:1:2::5") != _network("2001:db8:1:3::4")
    assert _network("::ffff:192.0.2.1") != _network("::ffff:192.0.2.2")
    assert _network("fe80::1%eth0") == "fe80::/64"
    assert _network("") == ""
    assert reading.bytes == 0
    assert not reading._from
