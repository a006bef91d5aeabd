"""Passwords that became known elsewhere, or that are guessed by whoever knows the person: they cannot be set."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import rpc
from seldesk.models.password import in_thread

BREACHED = "This password became known elsewhere, and is on the lists that are tried first. Choose another."
GUESSED = "This password is made of names that everybody here knows. Choose another; a sentence is good."
SHORTEST_WORD, LEFT = 3, 4  # letters
_WORD = re.compile(r"[^\W\d_]+")


async def refuse_known(password: str, names: Iterable[str]) -> None:
    """Invalid for one on the list, and for one that is hardly more than names of its person and their organisation."""
    if password.casefold() in await in_thread(_breached):
        raise rpc.Invalid(fields={"password": BREACHED})
    if _made_of(names, password):
        raise rpc.Invalid(fields={"password": GUESSED})


def _made_of(names: Iterable[str], password: str) -> bool:
    letters = left = "".join(_WORD.findall(password.casefold()))
    words = {word for name in names for word in _WORD.findall(name.casefold()) if len(word) >= SHORTEST_WORD}
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != letters and len(left) < LEFT


@cache
def _breached() -> frozenset[str]:
    """The 30,000 most frequent ones of published breaches. The list alone is loaded: the program that comes with it
    would stay in memory, and so would its other lists.
    """
    package = find_spec("zxcvbn")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package zxcvbn, which has the list of known passwords, is not installed.")
    path = Path(package.submodule_search_locations[0]) / "frequency_lists.py"
    spec = spec_from_file_location("seldesk_known_passwords", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"There is no list of known passwords at {path}.")
    lists = module_from_spec(spec)
    spec.loader.exec_module(lists)
    return frozenset(lists.FREQUENCY_LISTS["passwords"])
