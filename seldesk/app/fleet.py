"""The clusters by name, and the ways to them and to what lies there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import orm
from seldesk.app.directory import Directory
from seldesk.methods.control.clusters import ClusterRow


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL server, and how its roles' passwords are derived: from the role's name and a version."""

    host: str
    port: int
    password: Callable[[str, int], str] = field(repr=False)

    def address(self, database: str, role: str, version: int = 1) -> orm.Address:
        return orm.Address(self.host, self.port, database, role, self.password(role, version))


@dataclass(slots=True)
class Fleet:
    """All clusters, in memory. home is the one of the settings, where the control database is."""

    home: Cluster
    _by_name: dict[str, Cluster] = field(default_factory=dict)

    def replace(self, rows: Iterable[ClusterRow]) -> None:
        self._by_name = {row.name: Cluster(row.host, row.port, self.home.password) for row in rows if row.host}

    def knows(self, name: str) -> bool:
        return name in self.all()

    def named(self, name: str) -> Cluster:
        """Unavailable for one that this process does not know yet."""
        found = self._by_name.get(name) or (self.home if name == "main" else None)
        if found is None:
            raise orm.Unavailable(f"The cluster {name} is not known here.")
        return found

    def all(self) -> dict[str, Cluster]:
        return {"main": self.home, **self._by_name}


@dataclass(frozen=True, slots=True)
class Ways:
    """From a name of the directory to a customer's database; NotFound for a name that nobody has. elsewhere: by name,
    what is reached there and not where the directory says.
    """

    directory: Directory
    fleet: Fleet
    elsewhere: Mapping[str, orm.Address]

    def __call__(self, name: str) -> orm.Address:
        if name in self.elsewhere:
            return self.elsewhere[name]
        reached = self.directory.reached(name)
        if reached is None:
            raise orm.NotFound
        entry, role = reached
        return self.fleet.named(entry.cluster).address(entry.database, role, entry.credentials)
