"""The public methods: what is not in these lists cannot be called."""

from seldesk.methods.answers import Answers
from seldesk.methods.identify import identify
from seldesk.methods.public_console import CONSOLE
from seldesk.methods.public_control import CONTROL
from seldesk.methods.public_desk import DESK
from seldesk.methods.recording import denied, record, seal, strange

__all__ = ["PUBLIC", "Answers", "denied", "identify", "record", "seal", "strange"]

PUBLIC = CONTROL + CONSOLE + DESK
