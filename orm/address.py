from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and as whom to sign in; connect_timeout in seconds. settings are PostgreSQL's own."""

    host: str
    port: int
    database: str
    role: str
    password: str = field(repr=False)
    connect_timeout: float = 2.0
    settings: tuple[tuple[str, str], ...] = ()
