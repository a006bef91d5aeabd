"""How many connections PostgreSQL must have room for, and each customer's role."""

from dataclasses import dataclass

from seldesk.settings import Settings

# On one machine: `serve` and its provisioner.
ON_ONE_MACHINE = 2
# While a new version is rolled out every process stands twice.
ROLLING = 2
# Of the provisioner, of copies and of a migration.
OTHERS = 10
# Of each process, on the control database: its calls, and the one that listens.
CONTROL = 6


@dataclass(frozen=True, slots=True)
class Budget:
    """processes are those that serve, of all machines."""

    processes: int
    ceiling: int
    per_tenant: int

    @classmethod
    def of(cls, settings: Settings) -> "Budget":
        chosen = settings.database
        processes = ON_ONE_MACHINE if chosen.embedded else chosen.processes
        return cls(processes, chosen.ceiling, chosen.per_tenant)

    def needed(self, *, with_control: bool) -> int:
        """Connections to one cluster, which may have to serve every process's busiest customers."""
        each = self.ceiling + (CONTROL if with_control else 0)
        return self.processes * each * ROLLING + OTHERS

    @property
    def customer_limit(self) -> int:
        """The limit of a customer's role: no process may be refused what its pool allows it."""
        return self.processes * self.per_tenant * ROLLING
