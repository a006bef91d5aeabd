from collections.abc import Sequence
from typing import Any

import pytest

import rpc
from tests.rpc import desk as methods
from tests.rpc.desk import Desk, Reply

ID = "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3"
Fields = dict[str, Sequence[str | rpc.Upload]]


async def refusal(desk: Desk, method: rpc.Method[..., Any], fields: Fields, **fixed: Any) -> dict[str, str]:
    with pytest.raises(rpc.Invalid) as caught:
        await desk.call.form(method, fields, **fixed)
    assert desk.happened == []
    return caught.value.fields


async def test_a_form_is_read_by_the_hints(desk: Desk) -> None:
    fields: Fields = {
        "id": [ID],
        "priority": ["high"],
        "due": ["2026-11-21T09:30:00Z"],
        "weight": ["2.5"],
        "urgent": ["true"],
        "tags": ["vip"],
        "parts": ["1", "2"],
        "title": ["null"],
    }
    answer = await desk.call.form(methods.update, fields)
    assert (answer["priority"], answer["weight"], answer["urgent"]) == (methods.Priority.HIGH, 2.5, True)
    assert (answer["tags"], answer["parts"], answer["title"]) == (["vip"], (1, 2), "null")
    assert answer["due"].tzinfo is not None


async def test_an_empty_field_is_left_out(desk: Desk) -> None:
    answer = await desk.call.form(methods.update, {"id": [ID], "weight": [""], "title": [""], "due": []})
    assert answer["weight"] == 1.0
    assert "title" not in answer
    assert await refusal(Desk(), methods.reply, {"number": ["7"], "body": [""]}) == {"body": "This is missing."}


async def test_a_list_field_that_is_only_empty_is_the_empty_list(desk: Desk) -> None:
    """So that a form can take the last tag away: a hidden empty field says that the list was asked for."""
    assert (await desk.call.form(methods.update, {"id": [ID], "tags": [""]}))["tags"] == []
    assert (await desk.call.form(methods.update, {"id": [ID], "tags": ["", "vip"]}))["tags"] == ["vip"]
    assert "tags" not in await desk.call.form(methods.update, {"id": [ID]})


async def test_a_checked_box_is_true(desk: Desk) -> None:
    assert (await desk.call.form(methods.update, {"id": [ID], "urgent": ["on"]}))["urgent"] is True


async def test_text_that_looks_like_a_number_stays_text(desk: Desk) -> None:
    answer = await desk.call.form(methods.reply, {"number": ["7"], "body": ["0042"]})
    assert answer == Reply(7, "0042")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("number", ["seven"]),
        ("number", ["2147483648"]),
        ("number", ["7", "8"]),
        ("body", ["\0"]),
        ("body", ["\ud800"]),
        ("body", ["one", "two"]),
        ("body", [rpc.Upload("a", "b", b"c")]),
    ],
)
@pytest.mark.flaw("GitLab CVE-2023-7028")
async def test_what_cannot_be_read_is_refused_by_name(desk: Desk, name: str, values: Any) -> None:
    """A field that stands twice is no choice between the two."""
    assert set(await refusal(desk, methods.reply, {"number": ["7"], "body": ["x"], name: values})) == {name}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weight", "inf"),
        ("weight", "nan"),
        ("due", "1795253400"),
        ("due", "2026-11-21T09:30:00"),
        ("parts", "\ud800"),
    ],
)
async def test_a_form_is_no_way_around_the_rules_of_json(desk: Desk, name: str, text: str) -> None:
    assert set(await refusal(desk, methods.update, {"id": [ID], name: [text]})) == {name}


async def test_all_faults_of_a_form_are_named_at_once(desk: Desk) -> None:
    fields = await refusal(desk, methods.reply, {"number": ["x"], "role": ["owner"]})
    assert set(fields) == {"number", "role", "body"}


async def test_unknown_fields_are_refused_but_those_to_be_ignored(desk: Desk) -> None:
    fields: Fields = {"number": ["7"], "body": ["x"], "csrf": ["token"]}
    assert set(await refusal(desk, methods.reply, fields)) == {"csrf"}
    assert await desk.call.form(methods.reply, fields, ignored={"csrf"}) == Reply(7, "x")


async def test_a_fixed_value_cannot_be_replaced_by_a_field(desk: Desk) -> None:
    assert await desk.call.form(methods.reply, {"body": ["x"]}, number=7) == Reply(7, "x")
    assert set(await refusal(Desk(), methods.reply, {"body": ["x"], "number": ["8"]}, number=7)) == {"number"}


async def test_files_come_with_a_form(desk: Desk) -> None:
    none_chosen = rpc.Upload("", "application/octet-stream", b"")
    file = rpc.Upload("a.txt", "text/plain", b"four")
    assert await desk.call.form(methods.attach, {"files": [file], "number": ["3"]}) == [4, 0, 3]
    assert await desk.call.form(methods.attach, {"files": [none_chosen]}) == [0, 0]
    assert set(await refusal(Desk(), methods.attach, {"files": [file, "text"]})) == {"files"}
    assert set(await refusal(Desk(), methods.attach, {"files": ["text"]})) == {"files"}
