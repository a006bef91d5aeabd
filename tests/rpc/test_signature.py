import base64
import math
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta

import rpc
from rpc.limits import BLOB, ITEMS, TEXT
from tests.rpc import desk as methods
from tests.rpc.desk import METHODS, Condition, Desk, Give, Priority, Somebody, Turn

ID = "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3"
UNKNOWN, MISSING = "There is no such argument.", "This is missing."
ODD = "This has characters in it that cannot be kept."
TIME = "This must be a time with its zone, such as 2026-11-21T09:30:00Z or nothing."
LIST = "This must be a list of at most 1,000 items, each text of at most 100,000 characters (see [1])."
PAIR = "This must be a list of 2 items: a whole number, text of at most 100,000 characters or nothing."
INT4 = "This must be a whole number from -2,147,483,648 to 2,147,483,647."


async def test_arguments_are_decoded_by_their_hints(desk: Desk) -> None:
    answer = await desk.answer(
        "desk.update",
        id=ID,
        priority="high",
        status="solved",
        due="2026-11-21T10:30:00+01:00",
        day="2026-11-21",
        tags=["vip"],
        fields={"floor": 3, "lift": True, "note": None, "room": "B"},
        weight=2,
        levels={"1": "first"},
        watchers=[ID, ID],
        pair=[1, "one"],
        parts=[1, 2, 3],
    )
    assert answer == {
        "id": ID,
        "priority": "high",
        "status": "solved",
        "due": "2026-11-21T10:30:00+01:00",
        "day": "2026-11-21",
        "tags": ["vip"],
        "fields": {"floor": 3, "lift": True, "note": None, "room": "B"},
        "weight": 2.0,
        "urgent": False,
        "levels": {"1": "first"},
        "watchers": [ID],
        "pair": [1, "one"],
        "parts": [1, 2, 3],
    }


async def test_python_values_are_taken_as_they_are(desk: Desk) -> None:
    due = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    answer = await desk.call(
        methods.update, UUID(ID), Priority.HIGH, due=due, day=date(2026, 11, 21), levels={1: "first"},
        watchers={UUID(ID)}, pair=(1, "one"), title=None,
    )  # fmt: skip
    assert answer["id"] == UUID(ID)
    assert answer["priority"] is Priority.HIGH
    assert (answer["due"], answer["day"], answer["levels"]) == (due, date(2026, 11, 21), {1: "first"})
    assert (answer["watchers"], answer["pair"], answer["title"]) == ({UUID(ID)}, (1, "one"), None)


@pytest.mark.parametrize(
    ("name", "value"), [("due", "2026-11-21T09:30:00Z"), ("day", "2026-11-21"), ("levels", {"1": "first"})]
)
async def test_a_typed_call_does_not_read_text(desk: Desk, name: str, value: Any) -> None:
    """A value of another type is the mistake of a programmer, not something to be guessed at."""
    with pytest.raises(rpc.Invalid) as caught:
        await desk.call(methods.update, UUID(ID), **{name: value})
    assert set(caught.value.fields) == {name}


async def test_an_argument_left_out_is_told_from_null(desk: Desk) -> None:
    assert "title" not in await desk.answer("desk.update", id=ID)
    assert "title" not in await desk.call(methods.update, UUID(ID), title=msgspec.UNSET)
    assert (await desk.answer("desk.update", id=ID, title=None))["title"] is None


async def test_classes_arrive_as_themselves(desk: Desk) -> None:
    steps: list[Any] = [Turn("solved"), Give(UUID(ID))]
    wire = [{"type": "turn", "newStatus": "solved"}, {"type": "give", "to": ID}]
    assert await desk.answer("desk.apply", steps=wire) == ["Turn", "Give"]
    assert await desk.call(methods.apply, steps) == ["Turn", "Give"]
    assert await desk.call(methods.search, [Condition("subject", ["a"])]) == ["subject"]


async def test_files_are_base64_in_json_and_bytes_in_python(desk: Desk) -> None:
    wire = {"name": "a.txt", "type": "text/plain", "content": base64.b64encode(b"four").decode()}
    assert await desk.answer("desk.attach", files=[wire], thumbnail="YWI=") == [4, 2, 0]
    assert await desk.call(methods.attach, [rpc.Upload("a.txt", "text/plain", b"four")]) == [4, 0, 0]


def test_the_content_of_a_file_is_not_in_its_repr() -> None:
    assert "secret" not in repr(rpc.Upload("a.txt", "text/plain", b"secret"))


@pytest.mark.asvs("V15.3.3")
async def test_unknown_missing_and_wrong_arguments_are_all_named(desk: Desk) -> None:
    """What a method does not take is refused."""
    given: dict[str, object] = {"number": "7", "role": "owner", "is_staff": True}
    assert await desk.refusal("desk.reply", given) == {
        "role": UNKNOWN,
        "is_staff": UNKNOWN,
        "number": INT4,
        "body": MISSING,
    }


@pytest.mark.parametrize("value", [None, True, 0, 1.0, [], {}, ["x"], b"x"])
@pytest.mark.flaw("MantisBT CVE-2017-7615", "MantisBT CVE-2025-47776")
@pytest.mark.asvs("V15.3.5")
async def test_only_text_passes_for_text(desk: Desk, value: object) -> None:
    """What is no text is never compared with a secret."""
    given = {"number": 7, "body": value}
    assert set(await desk.refusal("desk.reply", given)) == {"body"}


@pytest.mark.parametrize("value", [True, False, 7.0, "7", "0e123", None, [7], 2**31, -(2**31) - 1, 2**70])
async def test_a_number_is_whole_and_in_its_range(desk: Desk, value: object) -> None:
    assert await desk.refusal("desk.reply", {"number": value, "body": "x"}) == {"number": INT4}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("due", "2026-11-21T09:30:00", TIME),
        ("due", 1795253400, TIME),
        ("day", "21.11.2026", "This must be a date, such as 2026-11-21 or nothing."),
        ("id", "7", "This must be an id, such as 0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3."),
        ("priority", "urgent", "This must be one of low, high."),
        ("status", "shut", "This must be one of open, solved."),
        ("urgent", 1, "This must be true or false."),
        ("weight", "heavy", "This must be a number."),
        ("weight", math.inf, "This must be a finite number."),
        ("weight", 10**400, "This must be a number."),
        ("tags", ["a", 7], LIST),
        ("pair", [1], PAIR),
    ],
)
async def test_a_refusal_says_what_is_wanted(desk: Desk, name: str, value: object, sentence: str) -> None:
    assert await desk.refusal("desk.update", {"id": ID, name: value}) == {name: sentence}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tags", ["a"] * (ITEMS + 1)),
        ("tags", ["a" * (TEXT + 1)]),
        ("fields", {str(number): number for number in range(ITEMS + 1)}),
        ("fields", {"a" * (TEXT + 1): 1}),
        ("fields", {"a": 2**63}),
        ("levels", {2**63: "x"}),
        ("parts", [-(2**63) - 1]),
        ("parts", list(range(ITEMS + 1))),
    ],
)
async def test_what_has_no_bound_of_its_own_has_one_nevertheless(desk: Desk, name: str, value: Any) -> None:
    assert set(await desk.refusal("desk.update", {"id": ID, name: value})) == {name}
    with pytest.raises(rpc.Invalid) as caught:
        await desk.call(methods.update, UUID(ID), **{name: value})
    assert set(caught.value.fields) == {name}


async def test_the_bounds_themselves_are_accepted(desk: Desk) -> None:
    answer = await desk.answer("desk.update", id=ID, tags=["a" * TEXT] * 2, parts=[2**63 - 1, -(2**63)])
    assert answer["parts"] == [2**63 - 1, -(2**63)]


@pytest.mark.parametrize(
    "condition",
    [
        {"name": "subject", "values": ["a"] * (ITEMS + 1)},
        {"name": "subject", "values": ["a" * (TEXT + 1)]},
        {"name": "subject", "values": [], "since": "2026-11-21T09:30:00"},
        {"name": "subject", "values": [], "operator": "AND 1=1) OR ("},
        {"name": "two\nlines", "values": []},
        {"name": "trailing\n", "values": []},
        {"name": "line\u2028separator", "values": []},
        {"name": "", "values": []},
        {"name": "subject"},
        ["subject", []],
        "subject",
    ],
)
@pytest.mark.flaw("Chatwoot CVE-2025-21628", "GLPI CVE-2024-27096")
async def test_classes_are_bounded_and_closed(desk: Desk, condition: object) -> None:
    """A filter is of the form that its method wants, or refused."""
    fields = await desk.refusal("desk.search", {"conditions": [condition]})
    assert set(fields) == {"conditions"}


async def test_a_naive_time_inside_a_python_value_is_refused(desk: Desk) -> None:
    condition = Condition("subject", [], datetime(2026, 11, 21, 9, 30))  # noqa: DTZ001
    with pytest.raises(rpc.Invalid, match="conditions"):
        await desk.call(methods.search, [condition])


@pytest.mark.flaw("Odoo CVE-2024-36259")
async def test_a_class_can_refuse_in_its_own_words(desk: Desk) -> None:
    """Nothing can be asked about what is not for asking."""
    given: dict[str, object] = {"conditions": [{"name": "password_hash", "values": ["a%"]}]}
    assert await desk.refusal("desk.search", given) == {"conditions": "Nothing is known by this name."}


async def test_a_bound_set_by_the_author_wins(desk: Desk) -> None:
    file = {"name": "a.txt", "type": "text/plain", "content": ""}
    assert await Desk().answer("desk.attach", files=[file] * 3) == [0, 0, 0, 0, 0]
    fields = await desk.refusal("desk.attach", {"files": [file] * 4})
    assert fields["files"].startswith("This must be a list of at most 3 items")


async def test_a_bound_of_the_author_may_be_wider_and_one_side_is_completed() -> None:
    async def rename(
        caller: Somebody,
        age: Annotated[int, Meta(gt=0)] | None = None,
        debt: Annotated[int, Meta(lt=0)] | None = None,
        wide: Annotated[str, Meta(max_length=TEXT * 2)] = "",
        plain: Annotated[int, "no bound"] = 0,
    ) -> None: ...

    signature = rpc.public(None, kinds=(rpc.Kind.PERSON,))(rename).signature
    assert signature.from_json({"age": 2**63 - 1, "debt": -(2**63), "wide": "a" * TEXT * 2})["debt"] < 0
    too_much = {"age": 2**63, "debt": -(2**63) - 1, "wide": "a" * (TEXT * 2 + 1), "plain": 2**63}
    with pytest.raises(rpc.Invalid) as caught:
        signature.from_json(too_much)
    assert caught.value.fields.keys() == too_much.keys()
    with pytest.raises(rpc.Invalid) as caught:
        signature.from_json({"age": 0, "debt": 0})
    assert caught.value.fields == {
        "age": "This must be a whole number from 1 or nothing.",
        "debt": "This must be a whole number up to -1 or nothing.",
    }


async def test_a_file_is_bounded(desk: Desk) -> None:
    with pytest.raises(rpc.Invalid):
        await desk.call(methods.attach, [rpc.Upload("a", "b", bytes(BLOB + 1))])


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfff", "\udc00\ud800", "ü\0"])
async def test_text_that_cannot_be_kept_is_refused_wherever_it_stands(desk: Desk, text: str) -> None:
    assert await desk.refusal("desk.reply", {"number": 7, "body": text}) == {"body": ODD}
    assert await desk.refusal("desk.update", {"id": text}) == {"id": ODD}
    assert await desk.refusal("desk.update", {"id": ID, "tags": ["x", text]}) == {"tags": ODD}
    assert await desk.refusal("desk.update", {"id": ID, "fields": {text: 1}}) == {"fields": ODD}
    assert await desk.refusal("desk.update", {"id": ID, "fields": {"a": text}}) == {"fields": ODD}
    assert await desk.refusal("desk.search", {"conditions": [{"name": text, "values": []}]}) == {"conditions": ODD}
    with pytest.raises(rpc.Invalid):
        await desk.call(methods.search, [Condition("subject", [text])])


async def test_an_argument_whose_name_cannot_be_kept_is_named_so_that_it_can_be_sent(desk: Desk) -> None:
    fields = await desk.refusal("desk.reply", {"number": 7, "body": "x", "\ud800": 1, "x" * 5000: 2})
    assert fields == {"'\\ud800'": UNKNOWN, "x" * 100: UNKNOWN}
    msgspec.json.encode(fields)


async def test_a_flood_of_unknown_arguments_is_not_echoed(desk: Desk) -> None:
    fields = await desk.refusal("desk.reply", {"number": 7, "body": "x"} | dict.fromkeys(map(str, range(5000)), 1))
    assert len(fields) == 20


async def test_a_value_nested_too_deeply_is_refused(desk: Desk) -> None:
    deep: object = "a"
    for _ in range(40):
        deep = [deep]
    assert await desk.refusal("desk.reply", {"number": 7, "body": deep}) == {"body": "This is nested too deeply."}


async def test_a_refusal_does_not_repeat_the_value(desk: Desk) -> None:
    with pytest.raises(rpc.Invalid) as caught:
        await desk.answer("desk.reply", number="hunter2", body="\0hunter2")
    assert "hunter2" not in f"{caught.value}{caught.value.data}"


async def test_positional_arguments_bind_in_order(desk: Desk) -> None:
    assert await desk.call(methods.reply, 7, "Hello") == methods.Reply(7, "Hello")
    with pytest.raises(rpc.Internal):
        await desk.call(methods.reply, 7, "Hello", "more")  # type: ignore[call-arg]
    with pytest.raises(rpc.Internal):
        await desk.call(methods.reply, 7, "Hello", number=8)  # type: ignore[misc]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(sorted({each.name for method in METHODS for each in method.signature.parameters}))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(METHODS), st.dictionaries(names | st.text(max_size=5), json_values, max_size=5))
def test_any_json_is_read_or_refused(method: rpc.Method[..., Any], given: dict[str, Any]) -> None:
    try:
        arguments = method.signature.from_json(given)
    except rpc.Invalid as error:
        refused = error.fields
    else:
        assert arguments.keys() == given.keys()
        return
    assert refused
    msgspec.json.encode(refused)
