"""Settings are a value: read once by the command line, handed to whatever is built with them."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from seldesk.resources import folder

PREFIX = "SELDESK_"
CONFIG_VARIABLE = "SELDESK_CONFIG"
Host = Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$", max_length=253)]
Port = Annotated[int, Field(ge=0, le=65535)]
SHORTEST_SECRET = 32
Places = Annotated[tuple[str, ...], Field(min_length=1, max_length=2)]
Layers = Mapping[str, Mapping[str, Any]]


class SettingsError(Exception):
    """The settings cannot be used."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Database(Section):
    embedded: bool
    host: str
    port: Port
    control: str
    processes: PositiveInt
    ceiling: PositiveInt
    per_tenant: PositiveInt
    statement_seconds: PositiveInt


class Secrets(Section):
    folder: Path
    connection: SecretStr
    provisioner: SecretStr
    content: SecretStr
    backup: SecretStr
    former_content: SecretStr
    former_backup: SecretStr
    signing: SecretStr
    manifest: SecretStr
    manifest_public: str
    stores: tuple[SecretStr, ...]
    deleting: tuple[SecretStr, ...]


class SmtpIn(Section):
    host: str
    port: Port


class SmtpOut(Section):
    host: str
    port: Port
    user: str
    password: SecretStr
    tls: Literal["starttls", "tls", "none"]
    folder: Path


class Metrics(Section):
    host: str
    port: Port
    token: SecretStr


class Traces(Section):
    endpoint: str
    share: Annotated[float, Field(ge=0, le=1)]


class Alerting(Section):
    mail: tuple[str, ...]
    webhook: str
    file: str
    per_hour: PositiveInt


class Limits(Section):
    body_bytes: PositiveInt
    upload_bytes: PositiveInt
    mail_bytes: Annotated[int, Field(gt=0, le=26_214_400)]
    call_seconds: Annotated[int, Field(gt=0, lt=60)]
    drain_seconds: Annotated[int, Field(ge=0, le=60)]
    lease_seconds: PositiveInt
    searches_per_minute: NonNegativeInt
    calls_per_minute: NonNegativeInt


class Backups(Section):
    spool: Path
    at_once: NonNegativeInt
    dump_minutes: PositiveInt
    store_seconds: PositiveInt


class Status(Section):
    folder: Path
    probes: tuple[str, ...]
    webhooks: tuple[SecretStr, ...]
    webhook_secret: SecretStr
    private_webhooks: bool


class Log(Section):
    level: Literal["debug", "info", "warning", "error"]


class Settings(Section):
    """config/defaults.toml says what each one means; it holds every key, so nothing here has a default."""

    home: Path
    base: Annotated[Host, Field(min_length=1)]
    files_base: Host
    ops_base: Host
    listen: str
    port: Port
    proxies: tuple[str, ...]
    stores: Places
    key_stores: Places
    undo_seconds: NonNegativeInt
    certificate: str
    database: Database
    secrets: Secrets
    smtp_in: SmtpIn
    smtp_out: SmtpOut
    limits: Limits
    backups: Backups
    metrics: Metrics
    status: Status
    traces: Traces
    alerts: Alerting
    log: Log

    @classmethod
    def load(cls, path: Path | None, env: Mapping[str, str]) -> Self:
        """The packaged defaults, then the file (`path`, else SELDESK_CONFIG), then the environment."""
        if path is None and env.get(CONFIG_VARIABLE):
            path = Path(env[CONFIG_VARIABLE])
        layers = {"config/defaults.toml": _read(folder("config") / "defaults.toml")}
        if path is not None:
            layers[str(path)] = _read(path)
        layers["the environment"] = _read_environment(env)
        try:
            return cls.model_validate(_merged(*layers.values()))
        except ValidationError as error:
            raise SettingsError("\n".join(_sentences(error, layers))) from None

    @property
    def development(self) -> bool:
        return self.base == "localhost" and _is_loopback(self.listen)

    def url(self, host: str) -> str:
        """Where a browser finds this host. Outside development a proxy with TLS stands before the port."""
        return f"http://{host}:{self.port}" if self.development else f"https://{host}"

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("files_base", "ops_base")
    @classmethod
    def _below_localhost(cls, value: str, info: ValidationInfo) -> str:
        if value or info.data.get("base") != "localhost":
            return value
        return f"{str(info.field_name).removesuffix('_base')}.localhost"

    @field_validator("stores", "key_stores")
    @classmethod
    def _below_home(cls, places: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        home = info.data.get("home", Path())
        return tuple(place if "://" in place else str(home / place) for place in places)

    @field_validator("secrets", "smtp_out", "status")
    @classmethod
    def _folder_below_home(cls, section: Secrets | SmtpOut | Status, info: ValidationInfo) -> Section:
        below = info.data.get("home", Path()) / section.folder.expanduser()
        return section.model_copy(update={"folder": below})

    @field_validator("backups")
    @classmethod
    def _spool_below_home(cls, section: Backups, info: ValidationInfo) -> Backups:
        return section.model_copy(update={"spool": info.data.get("home", Path()) / section.spool.expanduser()})

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problem = next(_contradictions(self), None)
        if problem:
            raise ValueError(problem)
        return self


def _contradictions(settings: Settings) -> Iterator[str]:
    if set(settings.stores) & set(settings.key_stores):
        yield "stores and key_stores must be different places: a key beside what it opens protects nothing."
    if settings.status.webhooks and len(settings.status.webhook_secret.get_secret_value()) < SHORTEST_SECRET:
        yield f"status.webhook_secret must have {SHORTEST_SECRET} characters or more: webhooks are signed with it."
    relay = settings.smtp_out
    if relay.host and relay.tls == "none" and not _is_loopback(relay.host):
        yield f"smtp_out.tls is none, and {relay.host} is not on this machine: use starttls or tls."
    if (hook := urlsplit(settings.alerts.webhook)).scheme != "https" and not _is_loopback(hook.hostname or "localhost"):
        yield "alerts.webhook must be an address with https."
    watched = settings.metrics
    if watched.port and not _is_loopback(watched.host) and not watched.token.get_secret_value():
        yield "metrics.host is not this machine alone: give metrics.token, which Prometheus then has to show."
    if settings.development:
        return
    if settings.base == "localhost":
        yield f"base is localhost, so listen must be a loopback address, not {settings.listen}."
    if not relay.host:
        yield "smtp_out.host must name a relay: mails are written to a folder in development only."
    for name in ("files_base", "ops_base"):
        own, base = f".{getattr(settings, name)}", f".{settings.base}"
        if own == "." or own.endswith(base) or base.endswith(own):
            yield f"{name} must be a domain of its own, neither {settings.base} nor above or below it."


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The configuration file {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"The configuration file {path} is not valid TOML: {error}.") from None


def _read_environment(env: Mapping[str, str]) -> dict[str, Any]:
    """SELDESK_SMTP_IN__PORT=25 is what port = 25 below [smtp_in] is in a file; lists are written as JSON."""
    layer: dict[str, Any] = {}
    for name in sorted(env):
        if name.startswith(PREFIX) and name != CONFIG_VARIABLE:
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


def _sentences(error: ValidationError, layers: Layers) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_input=False):
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            message = "There is no such setting"
        path = [str(part) for part in problem["loc"]]
        yield f"{'.'.join(path)} in {_origin(path, layers)}: {message}" if path else message


def _origin(path: list[str], layers: Layers) -> str:
    """The layer that wins is the last one that says something about it."""
    said = [name for name, layer in layers.items() if path[0] in layer and _says(layer[path[0]], path[1:])]
    return said[-1] if said else "the settings"


def _says(value: object, path: list[str]) -> bool:
    return not path or not isinstance(value, Mapping) or path[0] in value
