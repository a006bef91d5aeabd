"""What nobody uses is not there: names, settings, classes of the style sheets, templates, icons."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from seldesk.settings import Section, Settings
from seldesk.web import console_words
from tests.rules.checkout import ROOT, files, modules, parsed

SHIPPED = ("config", "orm", "rpc", "seldesk", "setup.cfg", "setup.py", "templates")
READ = {".cfg", ".css", ".html", ".js", ".py", ".toml", ".txt"}
# Called by what we stand on, which looks for them by these names.
CALLED_BY_OTHERS = {
    "aiosmtpd": {"handle_DATA", "handle_RCPT", "handle_exception", "line_length_limit"},
    "email": {"get_content_type", "header_fetch_parse"},
    "logging": {"emit"},
    "python-multipart": {"spool_max_size"},
    "SQLAlchemy": {
        "_parents_first",
        "cache_ok",
        "get_col_spec",
        "impl",
        "inherit_cache",
        "process_bind_param",
        "type_annotation_map",
    },
    "uvicorn": {"capture_signals"},
}
ALL_CALLED = {name for names in CALLED_BY_OTHERS.values() for name in names}
# What only tests use, and why it is not theirs alone.
FOR_TESTS = {
    "in_memory": "a store that needs no disk",
    "key_version": "stands in each manifest",
}
# Commands are looked up by their module and words.
NAMED_BY_WORDS = {"cli", "migrations"}
PRIVATE = re.compile(r"^ *(?:async )?(?:def |class )?(_[a-zA-Z]\w*)(?=\(|:| =|\[)", re.MULTILINE)


def words() -> Counter[str]:
    """How often each word stands in what is shipped."""
    texts = (path.read_text() for path in files() if path.relative_to(ROOT).parts[0] in SHIPPED and path.suffix in READ)
    return Counter(word for text in texts for word in re.findall(r"\w+", text))


def defined(body: Iterable[ast.stmt]) -> Iterator[str]:
    """What a module and its classes give a name."""
    for node in body:
        match node:
            case ast.ClassDef(name=name, body=inside):
                yield name
                yield from defined(inside)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_every_name_is_used_by_what_is_shipped() -> None:
    looked_at = [
        path for path in modules("orm", "rpc", "seldesk") if not NAMED_BY_WORDS & {*path.relative_to(ROOT).parts}
    ]
    names = Counter(name for path in looked_at for name in defined(parsed(path).body) if not name.startswith("__"))
    said, reviewed = words(), ALL_CALLED | set(FOR_TESTS)
    unused = {name for name, times in names.items() if said[name] <= times}
    assert unused - reviewed == set()
    assert reviewed - unused == set(), "this is used, or gone"


def test_every_private_name_is_used_where_it_stands() -> None:
    unused = []
    for path in modules("orm", "rpc", "seldesk", "tests"):
        text = path.read_text()
        names, said = set(PRIVATE.findall(text)) - ALL_CALLED, Counter(re.findall(r"\w+", text))
        unused += [f"{path.relative_to(ROOT)}: {name}" for name in names if said[name] < 2]
    assert unused == []


def test_every_setting_is_read() -> None:
    paths = [path for path in modules("seldesk") if path.name != "settings.py"]
    read = {node.attr for path in paths for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute)}
    keys = {name for name in leaves(Settings) if not name.startswith("former_")}
    # Master keys are asked for by their names, the former ones too.
    keys -= {"connection", "provisioner", "content", "backup", "signing", "manifest"}
    assert keys - read == set()


def leaves(section: type[Section]) -> Iterator[str]:
    for field in msgspec.structs.fields(section):
        if isinstance(field.type, type) and issubclass(field.type, Section):
            yield from leaves(field.type)
        else:
            yield field.name


def spoken(*suffixes: str) -> str:
    there = [path for path in files() if path.relative_to(ROOT).parts[0] in ("seldesk", "templates")]
    return "\n".join(path.read_text() for path in there if path.suffix in suffixes)


def test_every_class_of_the_style_sheets_is_on_a_page() -> None:
    rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "{}", spoken(".css"), flags=re.DOTALL)
    classes = set(re.findall(r"\.([A-Za-z_][\w-]*)", rules))
    said = spoken(".html", ".js", ".py")
    # A class may be put together of a beginning and a number or a word.
    beginnings = set(re.findall(r"([A-Za-z_][\w-]*-)(?:\{\{|\$\{|\{|\" ?[~+])", said))
    used = set(re.findall(r"[A-Za-z_][\w-]*", said))
    assert {each for each in classes - used if not any(each.startswith(start) for start in beginnings)} == set()


def test_every_template_is_rendered_or_part_of_one() -> None:
    folder = ROOT / "templates"
    said = spoken(".html", ".py")
    names = [path.relative_to(folder).as_posix() for path in files() if path.is_relative_to(folder)]
    assert names
    # In some folders names are put together, as in f"console/customers/{template}.html".
    folders = set(re.findall(r'f"([\w/-]+)/\{\w+\}\.html"', said))
    assert [name for name in names if name not in said and name.rpartition("/")[0] not in folders] == []


def test_every_icon_that_a_build_fetches_is_drawn() -> None:
    fetched = set(json.loads((ROOT / "frontend/assets.json").read_text())["icons"])
    # By a call of the macro, in a table that a template goes through, or in one of the console's.
    drawing = "\n".join(re.findall(r"\bicon\(.*?\}\}|\bsymbol in .*|icons\.svg#.*", spoken(".html")))
    signs = [*console_words.SECTIONS.values(), *console_words.CUSTOMER_PAGES.values()]
    drawn = {*re.findall(r"""["'#]([a-z0-9-]+)""", drawing), *(sign for _, _, sign in signs)}
    assert fetched - drawn == set()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): ...\nasync def g(): ...", {"f", "g"}),
        ("A = B = 1\nC: int = 2", {"A", "B", "C"}),
        ("class D:\n    e: int\n    def f(self):\n        g = 1", {"D", "e", "f"}),
    ],
)
def test_what_is_defined_is_seen(source: str, names: set[str]) -> None:
    assert set(defined(ast.parse(source).body)) == names
