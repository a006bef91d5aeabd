"""Finds SQL text in Python source. Only orm/ and the migrations may hold any: all else asks through orm."""

import ast
import re
from collections.abc import Iterator

from tests.rules.checkout import dotted

# What only a driver or SQLAlchemy offers, by whatever name it is reached: no string may be handed to these.
SENDERS = {"exec_driver_sql", "execute", "executemany", "fetchrow", "fetchval", "literal_column"}
SQLALCHEMY = {"text", "sa.text", "sqlalchemy.text"}
# What a model declares reaches the database as it stands, once, when the table is made: fixed text only.
DECLARATIONS = {"orm.check", "orm.index"}
STATEMENT = re.compile(
    r"""\s*(
        select\b.+\bfrom\b | select\s+[\w.]+\( | insert\s+into\b | update\s+\S+\s+set\b | delete\s+from\b
      | merge\s+into\b | with\s+\w+\s+as\s*\( | copy\s+\S+\s+(from|to)\b | (grant|revoke)\b.+\bon\b
      | (create|drop|alter|truncate)\s+(or\s+replace\s+|unique\s+|temporary\s+)?
        (table|database|role|user|schema|index|view|function|trigger|extension|sequence|type)\b
      | set\s+(local|session|role|transaction)\b | (listen|notify|vacuum|analyze)\s+[\w"{]+;?\s*$
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def sql_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each string that is a statement, or is handed to what sends statements."""
    seen = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for argument in _sent(node):
                seen.add(argument)
                yield argument.lineno, _text(argument) or ""
        elif isinstance(node, ast.expr) and node not in seen and _is_statement(_text(node)):
            seen.update(child for child in ast.walk(node) if isinstance(child, ast.expr))
            yield node.lineno, _text(node) or ""


def _sent(call: ast.Call) -> Iterator[ast.expr]:
    name = dotted(call.func)
    if name.rpartition(".")[2] in SENDERS or name in SQLALCHEMY:
        yield from (argument for argument in call.args[:1] if _text(argument) is not None)
    if name in DECLARATIONS:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        yield from (value for value in given if _text(value) is not None and not isinstance(value, ast.Constant))


def _is_statement(text: str | None) -> bool:
    """A sentence that begins with a capital, as in "Select a customer from the list", is a sentence."""
    if text is None or not STATEMENT.match(text):
        return False
    verb = text.split()[0]
    return verb in (verb.lower(), verb.upper())


def _text(node: ast.expr) -> str | None:
    """What can be read of a string: an f-string's holes become {}, a sum counts by its first string."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or "{}" for part in parts)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return _text(left) or _text(right)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join")):
            return _text(value)
    return None


def _docstrings(tree: ast.Module) -> set[ast.expr]:
    """Strings that stand alone are prose."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
