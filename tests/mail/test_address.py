import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail.address import Mailbox, is_address, mailboxes

CLEO = Mailbox("Cleo Klein", "cleo@acme.example")


@pytest.mark.parametrize(
    "raw",
    [
        "Cleo Klein <cleo@acme.example>",
        '"Cleo Klein" <cleo@acme.example>',
        "'Cleo Klein' <cleo@ACME.example>",
        "cleo@acme.example (Cleo Klein)",
        "Cleo Klein cleo@acme.example",
        "Cleo Klein <mailto:cleo@acme.example>",
        "=?utf-8?q?Cleo?= =?utf-8?q?_Klein?= <cleo@acme.example>",
        '"=?utf-8?q?Cleo_Klein?=" <cleo@acme.example>',
        "Friends: Cleo Klein <cleo@acme.example>;",
        "Cleo\r\n Klein\t<cleo@acme.example>,",
        "Cleo Klein <cleo@acme.example",
    ],
)
def test_a_person_is_read_in_every_spelling(raw: str) -> None:
    assert mailboxes(raw, []) == (CLEO,)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Klein, Cleo <cleo@acme.example>", ["Klein, Cleo"]),
        ('"Klein, Cleo" <cleo@acme.example>, Bo <bo@acme.example>', ["Klein, Cleo", "Bo"]),
        ("=?utf-8?q?Klein,_Cleo?= <cleo@acme.example>", ["Klein, Cleo"]),
        ("a@x.example; b@x.example", ["", ""]),
        ("undisclosed-recipients:;", []),
        ("All: a@x.example, b@x.example;, Bo <bo@acme.example>", ["", "", "Bo"]),
        ('"Ann \\"the\\" \\\\ One" <ann@acme.example>', ['Ann "the" \\ One']),
        ('"ann@acme.example" <eve@evil.example>', ["ann@acme.example"]),
    ],
)
def test_several_people_are_told_apart(raw: str, names: list[str]) -> None:
    assert [person.name for person in mailboxes(raw, [])] == names


def test_an_encoded_name_adds_no_address() -> None:
    raw = "=?utf-8?q?Bo_=3Cbo=40acme.example=3E,_x?= <eve@evil.example>"
    assert [person.address for person in mailboxes(raw, [])] == ["eve@evil.example"]


@pytest.mark.parametrize(
    "address",
    [
        "ann\u200b@acme.example",
        "ann\u202e@acme.example",
        "ａnn@acme.example",
        "ann@ａcme.example",
        "ann@acme..example",
        "ann@.acme.example",
        "ann@acme.example.",
        "an n@acme.example",
        "ann@bo@acme.example",
        "ann@acme.example\r\nbcc:x",
        "ann\0@acme.example",
        '"ann"@acme.example',
        "@acme.example",
        "ann@",
        "a" * 65 + "@acme.example",
        "ann@" + "a" * 200 + ".example",
    ],
)
def test_what_could_pass_for_another_is_no_address(address: str) -> None:
    assert not is_address(address)


@pytest.mark.parametrize("address", ["ann@acme.example", "a+b.c'd=e@a-b.example", "jürgen@müller.example"])
def test_an_ordinary_address_is_one(address: str) -> None:
    assert is_address(address)


def test_what_is_no_address_is_noted() -> None:
    problems: list[str] = []
    assert mailboxes("<nobody>, Bo <bo@acme.example>", problems) == (Mailbox("Bo", "bo@acme.example"),)
    assert problems == ["not an address: @nobody"]


def test_a_long_list_is_cut() -> None:
    problems: list[str] = []
    assert len(mailboxes(",".join(f"p{number}@x.example" for number in range(2000)), problems)) == 500
    assert len(problems) == 1


@given(st.text(alphabet='<>,;:"\\()@ab.=?q \r\n\0\u200b', max_size=80))
def test_no_list_breaks_the_reading(raw: str) -> None:
    for person in mailboxes(raw, []):
        assert is_address(person.address)
        assert "\n" not in person.name
