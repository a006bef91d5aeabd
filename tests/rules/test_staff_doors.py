"""Where the operator's people reach a customer's database, and where they set a password."""

import ast
from pathlib import Path
from typing import get_type_hints
from uuid import UUID

import pytest

import rpc
import seldesk
from seldesk.methods import PUBLIC
from seldesk.methods.console import ops_people
from seldesk.models.password import NewPassword
from seldesk.surroundings import Surroundings

METHODS = Path(seldesk.__file__).parent / "methods"
# What of the surroundings leads into a customer's database.
DOORS = {"door", "first_link"}


def opens_a_door(text: str) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in DOORS for node in ast.walk(ast.parse(text)))


def test_nothing_at_the_console_opens_a_customers_door_but_staff_access() -> None:
    """So no page of the console shows what a customer's database holds: one comes to it under an access alone.

    One person is erased, by a command or by a role of the console that knows address and name already: no more is
    answered than an id, or that nobody has both.
    """
    console = sorted((METHODS / "console").glob("*.py"))
    assert [module.name for module in console if opens_a_door(module.read_text())] == ["ops_access.py", "ops_people.py"]
    people = {method.name: method for method in PUBLIC if method.name.startswith("ops_people.")}
    assert {name: ({*one.kinds}, one.permission) for name, one in people.items()} == {
        "ops_people.erase": ({rpc.Kind.COMMAND}, "operate"),
        "ops_people.erase_at_console": ({rpc.Kind.STAFF}, "console.customers.erase"),
    }
    assert get_type_hints(ops_people.Erased) == {"person": UUID | None, "wait": int}
    assert {*Surroundings.__dataclass_fields__} >= DOORS


@pytest.mark.parametrize("text", ["surroundings().door(customer)(method)", "around = x()\nask = around.first_link"])
def test_a_door_is_seen(text: str) -> None:
    assert opens_a_door(text)


def test_staff_and_commands_set_no_password_but_their_own() -> None:
    """What somebody of a customer signs in with is chosen by themselves, and nobody of the operator ever knows it."""
    operators = {rpc.Kind.STAFF, rpc.Kind.COMMAND}
    setting = {
        method.name
        for method in PUBLIC
        if method.realm == "control" or operators & method.kinds
        if any(each.own == NewPassword for each in method.signature.parameters)
    }
    assert setting == {"staff_entry.choose_password", "staff_self.change_password"}
