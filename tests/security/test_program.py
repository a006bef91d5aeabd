"""What the program does not have in it cannot be attacked there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.checkout import dotted, modules, parsed

# Imports that would open a door.
ABSENT = {
    "reads code out of data": {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"},
    "reads XML": {"xml", "lxml", "defusedxml", "xmltodict"},
    "unpacks or draws what was sent": {"zipfile", "tarfile", "gzip", "bz2", "lzma", "PIL", "py7zr", "rarfile"},
    "fetches an address": {"httpx", "httpx2", "requests", "aiohttp", "urllib3", "urllib.request", "http.client"},
}
# The copy of a person's data is packed and never unpacked.
PACKS = ("settings/copy.py", "zipfile")
# What an operator reads in at the command line is bounded and never unpacked to a path: no process of pages has it
# (tests/rules/test_processes.py), and tests/app/test_import.py does its worst with it.
REVIEWED = {("archive/reading.py", "zipfile"), PACKS}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{each.name}" for each in names)


def code() -> dict[Path, ast.Module]:
    """What is shipped."""
    return {path: parsed(path) for path in modules("rpc", "orm", "seldesk")}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


@pytest.mark.parametrize("what", ABSENT)
@pytest.mark.asvs("V1.3.6", "V1.5.1", "V1.5.2", "V5.2.3")
def test_no_module_does(what: str) -> None:
    found = {
        f"{path}: {name}"
        for path, tree in code().items()
        for name in imported(tree)
        if name in ABSENT[what] or name.split(".")[0] in ABSENT[what]
        if (f"{path.parent.name}/{path.name}", name.split(".")[0]) not in REVIEWED
    }
    assert found == set()


@pytest.mark.asvs("V5.2.3")
def test_what_packs_unpacks_nothing() -> None:
    packing = [tree for path, tree in code().items() if f"{path.parent.name}/{path.name}" == PACKS[0]]
    made = [call for tree in packing for call in calls(tree) if dotted(call.func) == "ZipFile"]
    assert [ast.unparse(call.args[1]) for call in made] == ["'w'"]
    used = {call.func.attr for tree in packing for call in calls(tree) if isinstance(call.func, ast.Attribute)}
    assert not used & {"open", "read", "extract", "extractall", "infolist", "namelist"}


@pytest.mark.asvs("V1.2.5")
def test_no_command_goes_through_a_shell_and_no_text_is_run() -> None:
    found = []
    for path, tree in code().items():
        for call in calls(tree):
            name = dotted(call.func)
            shell = [each for each in call.keywords if each.arg == "shell"]
            if shell or name in RUNS_TEXT or name in ("os.system", "os.popen", "asyncio.create_subprocess_shell"):
                found.append(f"{path}:{call.lineno}: {name}")
    assert found == []


@pytest.mark.asvs("V1.2.9")
def test_no_pattern_is_made_of_what_somebody_wrote() -> None:
    """What is made when a module is loaded knows nobody's words; later a pattern is one of those, or is written out."""
    found = []
    for path, tree in code().items():
        functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
        for call in (call for function in functions for call in calls(function)):
            match call:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attr), args=[pattern, *_]):
                    if attr != "escape" and not isinstance(pattern, ast.Constant):
                        found.append(f"{path}:{call.lineno}: {ast.unparse(pattern)}")
    assert found == []
