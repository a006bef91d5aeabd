import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, PendingRollbackError, ResourceClosedError, StatementError
from sqlalchemy.orm.exc import StaleDataError

import orm
from orm.testing import Server
from orm.translation import FAILURES, translated
from tests.orm.desk import Person, Setting, Ticket, connected, emptied


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        yield tenants


TABLE: list[tuple[Exception, type[orm.Error]]] = [
    (asyncpg.UniqueViolationError("secret"), orm.Conflict),
    (asyncpg.ForeignKeyViolationError("secret"), orm.Conflict),
    (asyncpg.CheckViolationError("secret"), orm.Conflict),
    (asyncpg.NotNullViolationError("secret"), orm.Conflict),
    (asyncpg.ExclusionViolationError("secret"), orm.Conflict),
    (asyncpg.SerializationError("secret"), orm.Contended),
    (asyncpg.DeadlockDetectedError("secret"), orm.Contended),
    (asyncpg.LockNotAvailableError("secret"), orm.TimedOut),
    (asyncpg.QueryCanceledError("secret"), orm.TimedOut),
    (asyncpg.IdleInTransactionSessionTimeoutError("secret"), orm.TimedOut),
    (asyncpg.InsufficientPrivilegeError("secret"), orm.Refused),
    (asyncpg.ReadOnlySQLTransactionError("secret"), orm.Refused),
    (asyncpg.InvalidPasswordError("secret"), orm.Refused),
    (asyncpg.InvalidAuthorizationSpecificationError("secret"), orm.Refused),
    (asyncpg.InFailedSQLTransactionError("secret"), orm.Broken),
    (asyncpg.CharacterNotInRepertoireError("secret"), orm.BadValue),
    (asyncpg.NumericValueOutOfRangeError("secret"), orm.BadValue),
    (asyncpg.DataError("secret"), orm.BadValue),
    (asyncpg.InvalidCatalogNameError("secret"), orm.Unavailable),
    (asyncpg.ObjectNotInPrerequisiteStateError("secret"), orm.Unavailable),
    (asyncpg.TooManyConnectionsError("secret"), orm.Unavailable),
    (asyncpg.DiskFullError("secret"), orm.Unavailable),
    (asyncpg.AdminShutdownError("secret"), orm.Unavailable),
    (asyncpg.CrashShutdownError("secret"), orm.Unavailable),
    (asyncpg.CannotConnectNowError("secret"), orm.Unavailable),
    (asyncpg.ConnectionDoesNotExistError("secret"), orm.Unavailable),
    (asyncpg.ConnectionFailureError("secret"), orm.Unavailable),
    (ConnectionRefusedError("secret"), orm.Unavailable),
    (ConnectionResetError("secret"), orm.Unavailable),
    (OSError("secret"), orm.Unavailable),
    (TimeoutError("secret"), orm.TimedOut),
    (StaleDataError("secret"), orm.Stale),
    (PendingRollbackError("secret"), orm.Broken),
    (ResourceClosedError("secret"), orm.Broken),
    (StatementError("secret", "SELECT $1", None, ValueError("secret")), orm.BadValue),
    (asyncpg.UndefinedTableError("secret"), orm.Error),
    (asyncpg.InterfaceError("secret"), orm.Error),
    (asyncpg.InterfaceError("the underlying connection is closed"), orm.Unavailable),
    (asyncpg.InternalClientError("secret"), orm.Unavailable),
]


@pytest.mark.parametrize(("failure", "kind"), TABLE, ids=lambda value: getattr(type(value), "__name__", ""))
def test_each_failure_of_the_driver_has_its_error_and_no_words(failure: Exception, kind: type[orm.Error]) -> None:
    for raised in (failure, DBAPIError("SELECT $1", None, failure)):
        assert isinstance(raised, FAILURES)
        error = translated(raised)
        assert type(error) is kind or isinstance(failure, StatementError)
        assert "secret" not in repr(error) + str(error) + "".join(getattr(error, "__notes__", []))
        state = getattr(failure, "sqlstate", None) or ""
        assert error.sqlstate == state
        assert state in str(error)


def test_an_error_says_what_happened_by_its_docstring() -> None:
    assert str(orm.NotFound()) == "There is no such row."
    assert str(orm.NotFound("No such ticket.")) == "No such ticket."
    assert str(orm.Unavailable(sqlstate="57P03")) == "The database cannot be reached; try again. (SQLSTATE 57P03)"
    assert str(orm.Conflict("uq_people_address")) == "The change breaks uq_people_address."
    assert isinstance(orm.OutcomeUnknown(), orm.Unavailable)


async def test_the_rule_that_was_broken_is_named(tenants: orm.Tenants) -> None:
    async def broken_by(model: type[orm.Model], **values: object) -> str:
        with pytest.raises(orm.Conflict) as caught:
            async with tenants.transaction("acme"):
                model.add(**values)
        return caught.value.constraint

    assert await broken_by(Setting, name="a", value=None) == "settings_value_not_null"
    nobody = {"subject": "", "requester_id": orm.uuid7(), "updated_at": orm.constant(0)}
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("Printer")
        Person.add(name="Ann", address="ann@acme.example")
    assert await broken_by(Person, name="Ann", address="ann@acme.example") == "uq_people_address"
    nobody["updated_at"] = ticket.updated_at
    assert await broken_by(Ticket, **nobody) == "fk_tickets_requester_id"
    nobody["requester_id"] = ticket.requester_id
    assert await broken_by(Ticket, **nobody, views=-1) == "ck_tickets_views"


async def test_what_the_role_may_not_do_is_refused(tenants: orm.Tenants) -> None:
    with pytest.raises(orm.Refused) as caught:
        async with tenants.transaction("acme"):
            await orm.scalars(content=orm.function("pg_read_file", "/etc/passwd"))
    assert caught.value.sqlstate == "42501"


async def test_a_statement_over_its_time_is_told_from_a_lost_connection(tenants: orm.Tenants) -> None:
    async def sleep_too_long() -> None:
        async with tenants.transaction("acme"):
            await orm.scalars(limit=orm.function("set_config", "statement_timeout", "50", True))
            await orm.scalars(slept=orm.function("pg_sleep", 30))

    with pytest.raises(orm.TimedOut) as caught:
        await sleep_too_long()
    assert caught.value.sqlstate == "57014"


async def test_a_lock_that_is_not_to_be_had_is_timed_out(tenants: orm.Tenants) -> None:
    async def wait_shortly() -> None:
        async with tenants.transaction("acme"):
            await orm.scalars(limit=orm.function("set_config", "lock_timeout", "50", True))
            await Setting.where(Setting.name == "a").update(value="c")

    async with tenants.transaction("acme"):
        Setting.add(name="a", value="")
    async with tenants.transaction("acme"):
        await Setting.where(Setting.name == "a").update(value="b")
        with pytest.raises(orm.TimedOut) as caught:
            await wait_shortly()
    assert caught.value.sqlstate == "55P03"


async def test_of_two_that_wait_for_each_other_one_is_contended(tenants: orm.Tenants) -> None:
    met = asyncio.Barrier(2)

    async def change(first: str, second: str) -> None:
        async with tenants.transaction("acme"):
            await Setting.where(Setting.name == first).update(value="")
            await met.wait()
            await Setting.where(Setting.name == second).update(value="")

    async with tenants.transaction("acme"):
        for name in "ab":
            Setting.add(name=name, value="")
    results = await asyncio.gather(change("a", "b"), change("b", "a"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Contended", "NoneType"]


async def test_a_mistake_in_a_statement_shows_its_text_but_no_values(tenants: orm.Tenants) -> None:
    with pytest.raises(orm.Error) as caught:
        async with tenants.transaction("acme"):
            await orm.scalars(nothing=orm.function("no_such_function", "secret"))
    assert type(caught.value) is orm.Error
    assert caught.value.sqlstate == "42883"
    (note,) = caught.value.__notes__
    assert "no_such_function" in note
    assert "secret" not in note + str(caught.value)
