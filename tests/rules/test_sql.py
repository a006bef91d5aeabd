import ast

import pytest

from tests.rules.checkout import ROOT, modules, parsed
from tests.rules.sql import sql_in

PLANTED = [
    'rows = await connection.fetch("select id from app.people")',
    "SELECT = 'SELECT id FROM app.people WHERE name = ' + name",
    "query = f'select * from {table}'",
    "query = 'delete from %s' % table",
    "query = 'insert into {} values (1)'.format(table)",
    "session.execute(text('x'))",
    "session.execute(f'{verb} {table}')",
    "connection.exec_driver_sql('vacuum')",
    "connection.exec_driver_sql(verb + ' table')",
    "sa.text('true')",
    "literal_column('password')",
    "await connection.fetchval('version()')",
    "STATEMENTS = {'end': 'drop table people', }",
    "def f():\n    '''Fine.'''\n    return 'update people set name = 1'",
    "x = '''\n  WITH ended AS (\n  SELECT 1)'''",
    "x = 'grant select on t to r'",
    "x = 'create unique index i on t (c)'",
    "x = 'select pg_sleep(10)'",
    "x = 'set role own_x'",
    "x = 'listen wakeups'",
    "orm.index('a', 'b', where=f'state = {state}')",
    "orm.check('a', 'b = ' + c)",
    "subject = ' ; '.join(['select 1 from t'])",
]
FINE = [
    "label = 'Select a customer from the list'",
    "label = 'Update your name, then set a password'",
    "'''select id from people'''",
    "def f():\n    '''select id from people, it says here'''",
    "kind = 'select'",
    "await Ticket.where(Ticket.status == 'open').all()",
    "executor.execute(job)",
    "subject: str = orm.text(default='select')",
    "orm.index('a', 'b', where=\"state <> 'active'\")",
    "label = 'create'",
    "label = 'Drop files here'",
    "html.text(tag)",
    "form.text('next')",
]


@pytest.mark.parametrize("source", PLANTED)
def test_planted_sql_is_found(source: str) -> None:
    assert list(sql_in(ast.parse(source)))


@pytest.mark.parametrize("source", FINE)
def test_prose_and_the_orm_are_not_sql(source: str) -> None:
    assert list(sql_in(ast.parse(source))) == []


@pytest.mark.asvs("V1.2.4")
def test_sql_stands_only_in_orm_and_the_migrations() -> None:
    migrations = ROOT / "seldesk" / "migrations"
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.strip()[:80]}"
        for path in modules("seldesk", "rpc")
        if not path.is_relative_to(migrations)
        for line, text in sql_in(parsed(path))
    ]
    assert found == []


def test_orm_is_where_the_sql_is() -> None:
    """Shows that the lint sees what it should: orm/ could not do its work without."""
    assert any(list(sql_in(parsed(path))) for path in modules("orm"))


def test_only_orm_and_the_migrations_name_a_driver() -> None:
    """Import contracts do not see importlib; this does."""
    drivers = {"sqlalchemy", "asyncpg", "alembic", "psycopg"}
    named = [
        path.relative_to(ROOT)
        for path in modules("seldesk", "rpc")
        if "migrations" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and node.value in drivers
    ]
    assert named == []
