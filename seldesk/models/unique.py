"""What only one may have, such as a name: the database decides, also between two who want it at the same moment."""

import orm
import rpc


async def written(otherwise: type[rpc.Conflict]) -> None:
    """What is pending is in the database; `otherwise` where somebody has that name, address or place already."""
    try:
        await orm.flush()
    except orm.Conflict:
        raise otherwise from None
