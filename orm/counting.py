"""How many statements something costs, and how many rows they bring."""

from types import TracebackType
from typing import Any, Self

from sqlalchemy import event

from orm.engine import engine
from orm.session import fetched, heard


class StatementCounter:
    """Counts the statements that this process sends while it is open; BEGIN, COMMIT and ROLLBACK are none. rows is how
    many rows they brought, or changed.

    with StatementCounter() as counter: ...; assert counter.count <= 3, counter.statements
    """

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.rows = 0

    @property
    def count(self) -> int:
        return len(self.statements)

    def __enter__(self) -> Self:
        event.listen(engine.sync_engine, "before_cursor_execute", self._note)
        event.listen(engine.sync_engine, "after_cursor_execute", self._bring)
        heard.append(self._hear)
        fetched.append(self._fetch)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        event.remove(engine.sync_engine, "before_cursor_execute", self._note)
        event.remove(engine.sync_engine, "after_cursor_execute", self._bring)
        heard.remove(self._hear)
        fetched.remove(self._fetch)

    def _hear(self, statement: str, _: Any) -> None:
        self.statements.append(statement)

    def _note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.statements.append(statement)

    def _fetch(self, number: int) -> None:
        self.rows += number

    def _bring(self, connection: Any, cursor: Any, *rest: Any) -> None:
        self.rows += max(cursor.rowcount, 0)
