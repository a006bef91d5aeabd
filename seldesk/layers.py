"""Settings as they are written down: in layers, of which the last that says something about one wins."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

PREFIX = "SELDESK_"
Layers = Mapping[str, Mapping[str, Any]]
Shape = TypeVar("Shape", bound=msgspec.Struct)


class SettingsError(Exception):
    """The settings cannot be used."""


class Secret:
    """What shows in no print of the settings."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def converted(shape: type[Shape], layers: Layers) -> Shape:
    """All layers as one value; SettingsError with a sentence for each mistake."""
    wrong: list[str] = []
    made = _section(shape, _merged(*layers.values()), (), layers, wrong)
    if made is None or wrong:
        raise SettingsError("\n".join(wrong))
    return made


def _section(shape: type[Shape], given: object, path: Sequence[str], layers: Layers, wrong: list[str]) -> Shape | None:
    def refuse(name: str, sentence: object) -> None:
        here = [*path, name] if name else path
        wrong.append(f"{'.'.join(here)} in {_origin(here, layers)}: {sentence}")

    if not isinstance(given, Mapping):
        refuse("", "Expected a table: name one of its settings")
        return None
    fields, values, before = msgspec.structs.fields(shape), {}, len(wrong)
    for name in given.keys() - {field.name for field in fields}:
        refuse(name, "There is no such setting")
    for field in fields:
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            values[field.name] = _section(field.type, given[field.name], [*path, field.name], layers, wrong)
            continue
        try:
            values[field.name] = _value(given[field.name], field.type)
        except msgspec.ValidationError as error:
            refuse(field.name, error)
    return shape(**values) if len(wrong) == before else None


def _value(given: object, wanted: Any) -> Any:
    # The library would repeat what was given, which may be a password in the wrong place.
    if get_origin(wanted) is Literal and given not in get_args(wanted):
        raise msgspec.ValidationError("Expected one of " + ", ".join(map(str, get_args(wanted))))
    return msgspec.convert(given, wanted, strict=False, dec_hook=_made)


def _made(wanted: type, given: object) -> Any:
    if not isinstance(given, str):
        raise ValueError("Expected a text")
    return wanted(given)


def read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The configuration file {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"The configuration file {path} is not valid TOML: {error}.") from None


def read_environment(env: Mapping[str, str], *, but: str) -> dict[str, Any]:
    """SELDESK_SMTP_IN__PORT=25 is what port = 25 below [smtp_in] is in a file; lists are written as JSON."""
    layer: dict[str, Any] = {}
    for name in sorted(env):
        if name.startswith(PREFIX) and name != but:
            table, _, key = name.removeprefix(PREFIX).lower().rpartition("__")
            place = layer.setdefault(table, {}) if table else layer
            if not isinstance(place, dict):
                raise SettingsError(f"{table} in the environment is a table: name one of its settings.")
            place[key] = _listed(name, env[name])
    return layer


def _listed(name: str, value: str) -> object:
    try:
        return json.loads(value) if value.startswith("[") else value
    except ValueError:
        raise SettingsError(f'{name} in the environment is not a list in JSON, as in ["a", "b"].') from None


def _merged(*layers: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.items():
            below = result.get(key)
            if isinstance(below, Mapping) and isinstance(value, Mapping):
                value = {**below, **value}
            result[key] = value
    return result


def _origin(path: Sequence[str], layers: Layers) -> str:
    """The layer that wins is the last one that says something about it."""
    said = [name for name, layer in layers.items() if path[0] in layer and _says(layer[path[0]], path[1:])]
    return said[-1] if said else "the settings"


def _says(value: object, path: Sequence[str]) -> bool:
    return not path or not isinstance(value, Mapping) or path[0] in value
