"""A ticket that is written to."""

from dataclasses import replace
from typing import Any

from seldesk.errors import NewerMessage
from seldesk.methods.desk.shapes.tickets import TicketPage, Written
from tests.web import story
from tests.web.stage import Stage


def conversation(stage: Stage) -> None:
    """Makes the stage remember what is written."""
    page, messages = stage.answers["tickets.page"], story.messages()

    def shown(asked: dict[str, Any]) -> TicketPage:
        still: TicketPage = page(asked)
        ticket = replace(still.ticket, number=asked["number"], last_message=messages[-1].id)
        return replace(still, ticket=ticket, messages=[*messages])

    def replied(asked: dict[str, Any]) -> Written:
        if asked["seen"] != messages[-1].id:
            raise NewerMessage
        text = f"<p>{asked['body']}</p>"
        messages.append(story.message(f"n{len(messages)}", side="agent", author="Ann Berg", markdown=text))
        return Written(messages[-1].id, asked["number"], asked["status"])

    stage.answers |= {"tickets.page": shown, "tickets.reply": replied}
    stage.answers["somebody writes"] = lambda: messages.append(story.message("late", text="Wait!"))
