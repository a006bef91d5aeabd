"""Where the dispatcher keeps what it answered, inside the transaction of the call."""

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models


class Answers:
    """In the customer's own database, beside what the call has written there."""

    async def keep(self, caller: Caller, once: rpc.Once, answer: bytes) -> bool:
        return await models.Answered.keep(caller, once, answer)

    async def find(self, caller: Caller, once: rpc.Once) -> bytes | None:
        return await models.Answered.find(caller, once)
