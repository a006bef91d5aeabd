"""A saved reply, put into what is being written."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from seldesk.methods.desk import saved_replies
from seldesk.web.credential import call_of
from seldesk.web.desk import tickets
from seldesk.web.form import Form
from seldesk.web.routes import number_of


async def insert(request: Request, form: Form) -> Response:
    """A script asks for the text alone, and puts it where the cursor stands."""
    if not form.text("insert"):
        return await tickets.with_text(request, form, "")
    text = await call_of(request).form(saved_replies.fill, {"reply": [form.text("insert")]}, number=number_of(request))
    return PlainTextResponse(text) if form.text("quiet") else await tickets.with_text(request, form, text)
