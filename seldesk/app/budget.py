"""How many connections PostgreSQL must have room for, and each customer's role."""

from dataclasses import dataclass

from seldesk.settings import Settings

# On one machine: `serve` and its provisioner.
ON_ONE_MACHINE = 2
# While a new version is rolled out every process stands twice.
ROLLING = 2
# Of each process, on the control database: its calls, and the one that listens.
CONTROL = 6
# Of the provisioner: its operations side by side, each on the cluster and inside a database, and its jobs.
PROVISIONER = 10
# Of a copy: one that holds the snapshot, one that reads, one that dumps.
COPY = 3
# Of a migration, eight side by side: each on the cluster and inside a database.
MIGRATION = 16


@dataclass(frozen=True, slots=True)
class Line:
    """So many connections for that."""

    words: str
    connections: int


@dataclass(frozen=True, slots=True)
class Budget:
    """processes are those that serve, of all machines."""

    processes: int
    ceiling: int
    per_tenant: int
    copies: int

    @classmethod
    def of(cls, settings: Settings) -> "Budget":
        chosen = settings.database
        processes = ON_ONE_MACHINE if chosen.embedded else chosen.processes
        return cls(processes, chosen.ceiling, chosen.per_tenant, settings.backups.at_once)

    def lines(self, *, with_control: bool) -> list[Line]:
        """What one cluster may have to serve at once: every process's busiest customers, and what is done beside."""
        each = f"{self.processes} processes x {{}} x {ROLLING} while rolling out"
        lines = [Line(f"customers: {each.format(self.ceiling)}", self.processes * self.ceiling * ROLLING)]
        if with_control:
            lines.append(Line(f"control database: {each.format(CONTROL)}", self.processes * CONTROL * ROLLING))
        lines.append(Line("provisioner", PROVISIONER))
        if self.copies:
            lines.append(Line(f"copies: {self.copies} side by side x {COPY}", self.copies * COPY))
        return [*lines, Line("a migration", MIGRATION)]

    def needed(self, *, with_control: bool) -> int:
        """The sum of the lines."""
        return sum(line.connections for line in self.lines(with_control=with_control))

    @property
    def customer_limit(self) -> int:
        """The limit of a customer's role: no process may be refused what its pool allows it."""
        return self.processes * self.per_tenant * ROLLING
