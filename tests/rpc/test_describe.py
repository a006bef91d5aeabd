from typing import Any

import pytest

import rpc
from rpc import Kind
from rpc.describe import document
from tests.rpc.desk import ANN, METHODS, PERSON, Desk, Somebody


@pytest.fixture
async def described() -> dict[str, Any]:
    return dict(await Desk(caller=ANN).answer("rpc.discover"))


def method(described: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in described["methods"] if each["name"] == name)


def test_a_method_is_described_by_name_permission_arguments_and_answer(described: dict[str, Any]) -> None:
    assert described["openrpc"].startswith("1.")
    assert method(described, "desk.reply") == {
        "name": "desk.reply",
        "description": "Answer the requester.",
        "paramStructure": "by-name",
        "params": [
            {
                "name": "number",
                "required": True,
                "schema": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
            },
            {
                "name": "body",
                "required": True,
                "schema": {"type": "string", "minLength": 1, "maxLength": 100_000},
            },
        ],
        "result": {"name": "result", "schema": {"$ref": "#/components/schemas/Reply"}},
        "x-permission": "reply",
        "x-reads": False,
    }
    assert described["components"]["schemas"]["Reply"]["required"] == ["number", "body"]


def test_defaults_and_bounds_are_told(described: dict[str, Any]) -> None:
    params = {each["name"]: each for each in method(described, "desk.update")["params"]}
    assert params["status"]["schema"] == {"enum": ["open", "solved"], "default": "open"}
    assert params["priority"]["schema"]["default"] == "low"
    assert params["tags"]["schema"]["maxItems"] == 1000
    assert "default" not in params["tags"]["schema"]
    condition = described["components"]["schemas"]["ConditionArgument"]
    assert condition["additionalProperties"] is False


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def references(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    assert {each.rpartition("/")[2] for each in references(described)} <= described["components"]["schemas"].keys()


@pytest.mark.parametrize(
    ("caller", "names"),
    [
        (ANN, ["desk.reply", "desk.search", "desk.update", "desk.apply", "desk.attach"]),
        (Somebody(Kind.PERSON, frozenset({"reply"}), frozenset({"update"})), ["desk.reply"]),
        (Somebody(Kind.PERSON, frozenset({"work"})), []),
        (Somebody(Kind.TOKEN, frozenset({"reply", "search"})), ["desk.reply"]),
        (Somebody(Kind.ANONYMOUS), ["desk.sign_in"]),
    ],
)
async def test_one_is_told_only_of_what_one_may_call(caller: Somebody, names: list[str]) -> None:
    desk = Desk(caller=caller)
    found = await desk.dispatcher.answer(rpc.Credential(kind=caller.kind), "rpc.discover", {})
    assert [each["name"] for each in found["methods"]] == names
    if not names:
        assert found["components"]["schemas"] == {}


async def test_discovery_happens_in_the_realm_that_was_chosen() -> None:
    desk = Desk()
    dispatcher = rpc.Dispatcher(
        METHODS,
        transaction=desk.transaction,
        identify=desk.identify,
        translate=desk.translate,
        discover_in="control",
    )
    await dispatcher.answer(PERSON, "rpc.discover", {})
    assert desk.happened == ["begin control", "identify", "commit"]


def test_every_method_can_be_described() -> None:
    assert len(document(tuple(METHODS))["methods"]) == len(METHODS)
