import orm


async def reached() -> str:
    """The revision of the control database."""
    return await orm.revision("control")
