import re
import zlib
from dataclasses import dataclass

PROVISIONER = "seldesk_provisioner"
# As whom it signs in for a customer's sake. PostgreSQL looks at all that a maker ever made, and at all that those who
# it may become have made, before it lets it in or gives one of its roles: for a single one, and for one that becomes
# the others, each customer would take longer with each that is there.
MAKERS = tuple(f"{PROVISIONER}_{number:02}" for number in range(16))
CONTROL = "seldesk_control"
BACKUP = "seldesk_backup"
CONTROL_OWNER = "own_control"
TEMPLATE_OWNER = "tpl_owner"
BASE = "seldesk_base"
FULL = "seldesk_full"

# ext holds the extensions, whose operators cannot well be written with their schema. Only the superuser may
# create in it, so that naming it opens nothing.
SEARCH_PATH = "app, log, secret, ext, pg_temp"

_CUSTOMER = re.compile(r"c_[a-z0-9_]{1,48}")
# What stands beside a customer's database until it takes its place, what has left that place, and what is dropped.
_NEW, _OLD, _DROPPED = "_new", "_old", "_dropped"


@dataclass(frozen=True, slots=True)
class Names:
    """A customer's database and its four roles. The name is random: everybody on the cluster can read it.

    What is called like a database with `_new`, `_old` or `_dropped` behind it stands beside it and has the same roles.
    """

    database: str

    def __post_init__(self) -> None:
        if not _CUSTOMER.fullmatch(self.database):
            raise ValueError(f"not the name of a customer's database: {self.database!r}")

    @property
    def place(self) -> str:
        """The customer's database, also of what stands beside it."""
        return self.database.removesuffix(_NEW).removesuffix(_OLD).removesuffix(_DROPPED)

    @property
    def beside(self) -> bool:
        return self.place != self.database

    @property
    def new(self) -> str:
        return self.place + _NEW

    @property
    def old(self) -> str:
        return self.place + _OLD

    @property
    def dropped(self) -> str:
        return self.place + _DROPPED

    @property
    def standing(self) -> tuple[str, ...]:
        """All databases whose owner is this one's."""
        return self.place, self.new, self.old, self.dropped

    @property
    def maker(self) -> str:
        """Makes the four roles, and may give them."""
        return MAKERS[zlib.crc32(self.place.encode()) % len(MAKERS)]

    @property
    def owner(self) -> str:
        """Owns the database and all in it; nobody signs in as this one."""
        return f"own_{self.place}"

    @property
    def login(self) -> str:
        """The application."""
        return self.place

    @property
    def reader(self) -> str:
        """Read-only access; sees no secrets."""
        return f"ro_{self.place}"

    @property
    def dumper(self) -> str:
        """Reads everything; granted to the one who makes the copies."""
        return f"read_{self.place}"
