"""Settings are a value: read once by the command line, handed to whatever is built with them."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from msgspec import Meta, Struct
from msgspec.structs import replace

from seldesk.layers import Secret, SettingsError, converted, read, read_environment
from seldesk.resources import folder

CONFIG_VARIABLE = "SELDESK_CONFIG"
SHORTEST_SECRET = 32
Host = Annotated[str, Meta(pattern=r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$", max_length=253)]
Base = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", max_length=253)]
Port = Annotated[int, Meta(ge=0, le=65535)]
Positive = Annotated[int, Meta(gt=0)]
NotNegative = Annotated[int, Meta(ge=0)]
Places = Annotated[tuple[str, ...], Meta(min_length=1, max_length=2)]


class Section(Struct, frozen=True, kw_only=True):
    """Part of the settings."""


class Database(Section, frozen=True):
    embedded: bool
    host: str
    port: Port
    control: str
    processes: Positive
    ceiling: Positive
    per_tenant: Positive
    statement_seconds: Positive


class Secrets(Section, frozen=True):
    folder: Path
    connection: Secret
    provisioner: Secret
    content: Secret
    backup: Secret
    former_content: Secret
    former_backup: Secret
    signing: Secret
    manifest: Secret
    manifest_public: str
    stores: tuple[Secret, ...]
    deleting: tuple[Secret, ...]


class SmtpIn(Section, frozen=True):
    host: str
    port: Port


class SmtpOut(Section, frozen=True):
    host: str
    port: Port
    user: str
    password: Secret
    tls: Literal["starttls", "tls", "none"]
    dkim_selector: str
    dkim_key: Path
    folder: Path


class Metrics(Section, frozen=True):
    host: str
    port: Port
    token: Secret


class Traces(Section, frozen=True):
    endpoint: str
    share: Annotated[float, Meta(ge=0, le=1)]


class Alerting(Section, frozen=True):
    mail: tuple[str, ...]
    webhook: str
    file: str
    per_hour: Positive


class Limits(Section, frozen=True):
    body_bytes: Positive
    mail_bytes: Annotated[int, Meta(gt=0, le=26_214_400)]
    call_seconds: Annotated[int, Meta(gt=0, lt=60)]
    drain_seconds: Annotated[int, Meta(ge=0, le=60)]
    lease_seconds: Positive
    searches_per_minute: NotNegative
    calls_per_minute: NotNegative
    mails_per_hour: NotNegative
    sign_ins_per_hour: NotNegative


class Backups(Section, frozen=True):
    spool: Path
    at_once: NotNegative
    dump_minutes: Positive
    store_seconds: Positive


class Status(Section, frozen=True):
    folder: Path
    probes: tuple[str, ...]
    webhooks: tuple[Secret, ...]
    webhook_secret: Secret
    private_webhooks: bool


class Log(Section, frozen=True):
    level: Literal["debug", "info", "warning", "error"]


class Settings(Section, frozen=True):
    """config/defaults.toml says what each one means; it holds every key, so nothing here has a default."""

    home: Path
    base: Base
    files_base: Host
    ops_base: Host
    listen: str
    port: Port
    proxies: tuple[str, ...]
    stores: Places
    key_stores: Places
    store_centres: tuple[str, ...]
    undo_seconds: NotNegative
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
        layers = {"config/defaults.toml": read(folder("config") / "defaults.toml")}
        if path is not None:
            layers[str(path)] = read(path)
        layers["the environment"] = read_environment(env, but=CONFIG_VARIABLE)
        loaded = converted(cls, layers)._in_place()
        if problem := next(_contradictions(loaded), None):
            raise SettingsError(problem)
        return loaded

    @property
    def development(self) -> bool:
        return self.base == "localhost" and _is_loopback(self.listen)

    def url(self, host: str) -> str:
        """Where a browser finds this host. Outside development a proxy with TLS stands before the port."""
        return f"http://{host}:{self.port}" if self.development else f"https://{host}"

    def _in_place(self) -> Self:
        """Folders below home, and what in development has a host of its own below localhost."""
        home = self.home.expanduser().absolute()
        here = self.base == "localhost"

        def below(folder: Path) -> Path:
            return home / folder.expanduser()

        def stores(places: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(place if "://" in place else str(home / place) for place in places)

        return replace(
            self,
            home=home,
            files_base=self.files_base or ("files.localhost" if here else ""),
            ops_base=self.ops_base or ("ops.localhost" if here else ""),
            stores=stores(self.stores),
            key_stores=stores(self.key_stores),
            secrets=replace(self.secrets, folder=below(self.secrets.folder)),
            smtp_out=replace(self.smtp_out, folder=below(self.smtp_out.folder), dkim_key=below(self.smtp_out.dkim_key)),
            status=replace(self.status, folder=below(self.status.folder)),
            backups=replace(self.backups, spool=below(self.backups.spool)),
        )


def _contradictions(settings: Settings) -> Iterator[str]:
    if set(settings.stores) & set(settings.key_stores):
        yield "stores and key_stores must be different places: a key beside what it opens protects nothing."
    if settings.store_centres and len(settings.store_centres) != len(settings.stores):
        yield "store_centres must name one data centre for each of `stores`, in their order."
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
