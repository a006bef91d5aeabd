"""The tables behind the models, as migrations and tests want them."""

from collections.abc import Collection

from sqlalchemy import MetaData, column, select, table
from sqlalchemy.schema import CreateSchema

from orm.address import Address
from orm.engine import connect
from orm.model import Model
from orm.session import execute


def metadata() -> MetaData:
    """Every table that has been declared in this process."""
    return Model.metadata


def metadata_of(schemas: Collection[str]) -> MetaData:
    """The tables of these schemas alone: one kind of database."""
    chosen = MetaData(naming_convention=Model.metadata.naming_convention)
    for declared in Model.metadata.sorted_tables:
        if declared.schema in schemas:
            declared.to_metadata(chosen)
    return chosen


async def create_tables(address: Address, schemas: Collection[str]) -> None:
    """Creates these schemas and their tables as declared, without migrations: for tests."""
    connection = await connect(address, statement_timeout=30)
    try:
        for schema in schemas:
            await connection.execute(CreateSchema(schema, if_not_exists=True))
        await connection.run_sync(metadata_of(schemas).create_all)
        await connection.commit()
    finally:
        await connection.close()


async def revision(schema: str) -> str:
    """The migration at which the database of this transaction stands."""
    reached: str = (await execute(select(column("version")).select_from(table("revision", schema=schema)))).scalar_one()
    return reached
