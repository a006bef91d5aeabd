"""How many statements something costs."""

from types import TracebackType
from typing import Any, Self

from sqlalchemy import event

from orm.engine import engine
from orm.session import heard


class StatementCounter:
    """Counts the statements that this process sends while it is open; BEGIN, COMMIT and ROLLBACK are none.

    with StatementCounter() as counter: ...; assert counter.count <= 3, counter.statements
    """

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def count(self) -> int:
        return len(self.statements)

    def __enter__(self) -> Self:
        event.listen(engine.sync_engine, "before_cursor_execute", self._note)
        heard.append(self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        event.remove(engine.sync_engine, "before_cursor_execute", self._note)
        heard.remove(self._hear)

    def _hear(self, statement: str, _: Any) -> None:
        self.statements.append(statement)

    def _note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.statements.append(statement)
