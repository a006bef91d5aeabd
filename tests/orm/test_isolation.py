"""What one customer's role gets when it reaches for what is not its own, with and without the line `sameuser`.

The rows are in tests/orm/attempts.py; what no row can say is here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from orm.provision import check_catalogue
from orm.provision.connection import connect
from orm.provision.names import MAKERS, Names
from orm.testing import Cluster, Server, password_of
from tests.orm import attempts
from tests.orm.attempts import CUSTOMERS, LIMIT, PAIRS, refusal


@pytest.fixture(scope="module")
def customers(cluster: Cluster) -> Iterator[Cluster]:
    """Acme, Globex and Initech."""
    asyncio.run(attempts.move_in(cluster))
    yield cluster
    asyncio.run(attempts.move_out(cluster))


@pytest.fixture(params=[True, False], ids=["sameuser", "privileges alone"], autouse=True)
async def door(request: pytest.FixtureRequest, server: Server) -> AsyncIterator[bool]:
    """Whether pg_hba.conf holds customers back already."""
    if not request.param:
        await server.allow(same_user=False)
    yield request.param
    if not request.param:
        await server.allow(same_user=True)


async def test_every_attempt_of_every_customer_at_every_other_is_refused(customers: Cluster, door: bool) -> None:
    """Statements, doors, sessions, replication, connections."""
    assert len(PAIRS) == 6
    assert await attempts.failures(customers, same_user=door) == []


async def test_a_row_that_is_not_refused_is_noticed(customers: Cluster, door: bool) -> None:
    me, other = PAIRS[0]
    async with connect(customers.superuser, me) as connection:
        await connection.execute(f"GRANT UPDATE ON SEQUENCE app.tickets_number_seq TO {me}")
        await connection.execute(f"GRANT CONNECT ON DATABASE {me} TO {other}")
        try:
            wrong = await attempts.failures(customers, same_user=door)
        finally:
            await connection.execute(f"REVOKE UPDATE ON SEQUENCE app.tickets_number_seq FROM {me}")
            await connection.execute(f"REVOKE CONNECT ON DATABASE {me} FROM {other}")
    reset = "SELECT setval('app.tickets_number_seq', 1)"
    entered = [] if door else [f"{other} enters {me}: None"]
    assert set(wrong) == {f"{me}: {reset}: done", *entered}


# What the table of roles says: role -> signs in, inherits, makes roles, makes databases, connections at most.
ROLES = {
    "seldesk_provisioner": (True, True, False, False, -1),
    **dict.fromkeys(MAKERS, (True, True, True, True, -1)),
    "seldesk_control": (True, False, False, False, -1),
    "seldesk_backup": (True, True, False, False, -1),
    "tpl_owner": (False, True, False, False, -1),
    "own_control": (False, True, False, False, -1),
    **{
        role: attributes
        for one in CUSTOMERS
        for role, attributes in {
            f"own_{one}": (False, True, False, False, -1),
            f"read_{one}": (False, True, False, False, -1),
            one: (True, False, False, False, LIMIT),
            f"ro_{one}": (True, False, False, False, LIMIT),
        }.items()
    },
}
# Who has the rights of whom: member, role, at once, by SET ROLE. The maker of roles may grant them, and has none.
MEMBERS = {
    *((maker, role, True, False) for maker in MAKERS for role in ("tpl_owner", "pg_signal_backend")),
    *(("seldesk_backup", f"read_{one}", True, False) for one in CUSTOMERS),
    *(
        (Names(one).maker, role, False, False)
        for one in CUSTOMERS
        for role in (one, f"own_{one}", f"ro_{one}", f"read_{one}")
    ),
}


async def test_roles_are_those_of_the_table(customers: Cluster) -> None:
    async with connect(customers.superuser) as connection:
        roles = await connection.fetch(
            "SELECT rolname, rolcanlogin, rolinherit, rolcreaterole, rolcreatedb, rolconnlimit,"
            " rolsuper OR rolreplication OR rolbypassrls FROM pg_roles WHERE oid >= 16384"
        )
        members = await connection.fetch(
            "SELECT member::regrole::text, roleid::regrole::text, inherit_option, set_option FROM pg_auth_members"
            " WHERE member >= 16384"
        )
        verifiers = await connection.fetch("SELECT rolname, rolpassword FROM pg_authid WHERE oid >= 16384")
    found = {row[0]: tuple(row)[1:] for row in roles}
    assert {name: found.get(name) for name in ROLES} == {name: (*row, False) for name, row in ROLES.items()}
    assert {tuple(row) for row in members} >= MEMBERS
    others = [tuple(row) for row in members if row[1].endswith(CUSTOMERS) and tuple(row) not in MEMBERS]
    assert others == []
    # It looks, and changes nothing: not even by becoming a maker.
    assert [row for row in members if row[0] == "seldesk_provisioner"] == []
    for name, verifier in verifiers:
        assert (verifier or "").startswith("SCRAM-SHA-256$") == found[name][0], name


async def test_nothing_that_was_refused_left_a_trace(customers: Cluster) -> None:
    for me, other in PAIRS:
        async with connect(customers.customer(me)) as connection:
            # These only warn, so what matters is that nothing came of them.
            await connection.execute(f"GRANT SELECT ON app.tickets TO {other}")
            await connection.execute("GRANT SELECT ON app.tickets TO PUBLIC")
            await connection.execute(f"GRANT CONNECT ON DATABASE {me} TO {other}")
            await connection.execute("ANALYZE pg_authid")
    for database in CUSTOMERS:
        assert await check_catalogue(customers.superuser, database) == []


async def test_a_reader_enters_its_customers_database_only(customers: Cluster, door: bool) -> None:
    for me, other in PAIRS:
        reader = customers.reader(me)
        assert await refusal(reader) is None
        for database in (other, "postgres", "template1", "seldesk_control"):
            assert await refusal(replace(reader, database=database)) == "42501"


async def test_roles_that_own_or_are_granted_cannot_sign_in(customers: Cluster, door: bool) -> None:
    for me in CUSTOMERS:
        for role in (f"own_{me}", f"read_{me}", "tpl_owner", "own_control"):
            assert await refusal(customers.address(role, me)) == "28000"


async def test_a_password_opens_one_role_only(customers: Cluster) -> None:
    for me, other in PAIRS:
        stranger = replace(customers.customer(me), role=other, database=other)
        assert await refusal(stranger) == "28P01"


async def test_servants_of_the_cluster_stay_out_of_customers_databases(customers: Cluster, door: bool) -> None:
    for me in CUSTOMERS:
        assert await refusal(customers.address("seldesk_control", me)) == "28000"
        assert await refusal(customers.address("seldesk_provisioner", me)) == "28000"
        # Let in by its line, refused by the database: it has given its membership up.
        maker = customers.provisioner.maker(me)
        assert await refusal(maker) is None
        assert await refusal(replace(maker, database=me)) == "42501"
        assert await refusal(replace(maker, database="seldesk_control")) == "28000"
    assert await refusal(customers.address("seldesk_provisioner", "seldesk_control")) == "28000"
    assert await refusal(customers.address("seldesk_backup", "postgres")) == "28000"


async def test_names_that_everybody_sees_say_nothing(customers: Cluster) -> None:
    async with connect(customers.customer(CUSTOMERS[0])) as connection:
        rows = await connection.fetch(
            "SELECT datname::text FROM pg_database UNION SELECT rolname FROM pg_roles"
            " UNION SELECT coalesce(application_name, '') FROM pg_stat_activity"
            " UNION SELECT description FROM pg_shdescription d JOIN pg_database b ON b.oid = d.objoid"
            " WHERE b.datname LIKE 'c\\_%'"
        )
    known = {"", "postgres", "template0", "template1", "tpl_owner", "own_control"}
    for name in {row[0] for row in rows} - known:
        assert name.startswith(("c_", "own_c_", "ro_c_", "read_c_", "seldesk_", "pg_")), name


async def test_locks_and_notifications_stay_in_their_database(customers: Cluster) -> None:
    for me, other in PAIRS:
        async with connect(customers.customer(me)) as mine, connect(customers.customer(other)) as theirs:
            heard: list[object] = []
            await theirs.add_listener("tickets", lambda *said, heard=heard: heard.append(said))
            await mine.execute("SELECT pg_advisory_lock(7)")
            await mine.execute("NOTIFY tickets, 'subject'")
            assert await theirs.fetchval("SELECT pg_try_advisory_lock(7)") is True
            assert heard == []


async def test_the_application_can_do_its_work(customers: Cluster) -> None:
    for me in CUSTOMERS:
        async with connect(customers.customer(me)) as connection, connection.transaction():
            number = await connection.fetchval("INSERT INTO tickets (subject) VALUES ('Hello') RETURNING number")
            await connection.execute("UPDATE tickets SET subject = 'Émile' WHERE number = $1", number)
            found = await connection.fetchval("SELECT count(*) FROM tickets WHERE plain % 'emile'")
            assert found >= 1
            await connection.execute("INSERT INTO audit (what) VALUES ('said hello')")
            await connection.execute("UPDATE sessions SET hash = 'h2'")
            await connection.execute("DELETE FROM tickets WHERE number = $1", number)
            assert await connection.fetchval("SELECT slug FROM meta.customer") == me[2:-1]
            assert await connection.fetchval("SHOW statement_timeout") == "30s"


async def test_a_reader_cannot_write_nor_read_secrets(customers: Cluster) -> None:
    for me in CUSTOMERS:
        reader = customers.reader(me)
        assert await refusal(reader, "SELECT * FROM tickets, audit, cross_tickets") is None
        for statement in (
            "SELECT * FROM secret.sessions",
            "INSERT INTO app.tickets (subject) VALUES ('mine')",
            "INSERT INTO log.audit (what) VALUES ('mine')",
            "UPDATE app.tickets SET subject = 'mine'",
            "DELETE FROM app.tickets",
            "SELECT nextval('app.tickets_number_seq')",
            "SELECT * FROM app.tickets FOR UPDATE",
            "CREATE TEMP TABLE mine (id int)",
            "SELECT lo_create(0)",
            f"SET ROLE {me}",
        ):
            assert await refusal(reader, statement) == "42501", statement
            # BEGIN READ ONLY would be undone by this.
            assert await refusal(reader, f"SET TRANSACTION READ WRITE; {statement}") == "42501", statement


async def test_the_maker_of_copies_reads_all_and_changes_nothing(customers: Cluster) -> None:
    for me in CUSTOMERS:
        backup = replace(customers.backup, database=me)
        assert await refusal(backup, "SELECT * FROM app.tickets, log.audit, secret.sessions") is None
        for statement in (
            "INSERT INTO app.tickets (subject) VALUES ('mine')",
            "DELETE FROM log.audit",
            "UPDATE secret.sessions SET hash = 'mine'",
            "DROP TABLE app.tickets",
            f"DROP DATABASE {me}",
            f"SET ROLE read_{me}",
            f"SET ROLE own_{me}",
            "CREATE TEMP TABLE mine (id int)",
            "SELECT lo_create(0)",
            "SELECT * FROM pg_authid",
        ):
            assert await refusal(backup, statement) == "42501", statement


async def test_a_change_of_its_own_role_is_found_and_mended(customers: Cluster) -> None:
    """PostgreSQL lets each role do this to itself: it cannot be refused."""
    me = CUSTOMERS[0]
    mine = customers.customer(me)
    changes = f"ALTER ROLE {me} SET statement_timeout = 0; ALTER ROLE {me} IN DATABASE {me} RESET lock_timeout;"
    assert await refusal(mine, f"{changes} ALTER ROLE {me} PASSWORD 'mine'") is None
    assert {finding.kind for finding in await check_catalogue(customers.superuser, me)} == {"setting"}
    assert await refusal(mine) == "28P01"
    await customers.provisioner.rotate(me, connection_limit=LIMIT)
    assert await refusal(mine) is None
    assert await refusal(replace(mine, password="mine")) == "28P01"
    assert await check_catalogue(customers.superuser, me) == []
    assert mine.password == password_of(me)
