"""The control panel's addresses."""

from rpc import Kind
from seldesk.methods.desk import members
from seldesk.web.routes import get, post
from seldesk.web.settings import people

PEOPLE = [
    get("/settings", people.home, Kind.PERSON),
    get("/settings/people", people.people, Kind.PERSON),
    post("/settings/people", people.invite, Kind.PERSON),
    get("/settings/people/{id}", people.person, Kind.PERSON),
    post("/settings/people/{id}", people.update, Kind.PERSON),
    post("/settings/people/{id}/invitation", people.doing(members.send_again), Kind.PERSON),
    post("/settings/people/{id}/revoke", people.doing(members.revoke), Kind.PERSON),
    post("/settings/people/{id}/disable", people.doing(members.disable), Kind.PERSON),
    post("/settings/people/{id}/enable", people.doing(members.enable), Kind.PERSON),
]
PANEL = [*PEOPLE]
