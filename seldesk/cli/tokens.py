from cyclopts import App

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.methods.desk import tokens

token = App(name="token")


@token.command(name="create")
def token_create(slug: str, email: str, name: str) -> None:
    """Make a key with which a program acts as this agent at /rpc. It is shown this once."""

    async def work(app: Application) -> str:
        return (await app.program(Kind.COMMAND, slug)(tokens.create, email=email, name=name)).secret

    print(with_application(work))  # noqa: T201 - the command's answer
