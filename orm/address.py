from dataclasses import dataclass, field

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and as whom to sign in; connect_timeout in seconds."""

    host: str
    port: int
    database: str
    role: str
    password: str = field(repr=False)
    connect_timeout: float = 2.0

    @property
    def ssl(self) -> bool | None:
        """None: as the server wants it. To ask one on this machine costs a quarter of a connection."""
        return False if self.host in _LOOPBACK else None
