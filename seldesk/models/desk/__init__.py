"""The nouns of a customer's helpdesk."""

from seldesk.models.desk import (
    access,
    announcing,
    arriving,
    audience,
    auditing,
    branding,
    contact,
    entrance,
    erasing,
    finding,
    health,
    intake,
    leaving,
    listing,
    lost,
    merging,
    notification,
    own,
    plan_news,
    privacy,
    proof,
    reading,
    recipients,
    retiring,
    staff_access,
    storing,
    tag,
    taking_back,
    taking_out,
    trying,
)
from seldesk.models.desk.answered import Answered
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.audit import AuditEntry, AuditFacts, AuditHead
from seldesk.models.desk.bulk import Bulk
from seldesk.models.desk.change import Change
from seldesk.models.desk.conversation import Conversation
from seldesk.models.desk.criteria import Criteria
from seldesk.models.desk.departure import Departure
from seldesk.models.desk.device import Device
from seldesk.models.desk.draft import Draft, DraftFile
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.event import Event
from seldesk.models.desk.event_words import EventWords
from seldesk.models.desk.factor import Factor, FactorOffer, RecoveryCode
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.mailbox import Mailbox
from seldesk.models.desk.mailed_link import MailedLink, Purpose
from seldesk.models.desk.member import Member
from seldesk.models.desk.message import Message
from seldesk.models.desk.organisation import Organisation
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import BuiltIn, Notice, Person, normalised
from seldesk.models.desk.role import Post, Reach, Role
from seldesk.models.desk.saved_reply import SavedReply
from seldesk.models.desk.saved_view import SavedView
from seldesk.models.desk.searchable import Searchable
from seldesk.models.desk.seen import Seen
from seldesk.models.desk.selection import Selection
from seldesk.models.desk.session import Session
from seldesk.models.desk.sign_in import SignIn
from seldesk.models.desk.team import Team
from seldesk.models.desk.ticket import Ticket
from seldesk.models.desk.token import Token

__all__ = [
    "Answered",
    "Attachment",
    "AuditEntry",
    "AuditFacts",
    "AuditHead",
    "BuiltIn",
    "Bulk",
    "Change",
    "Conversation",
    "Criteria",
    "Departure",
    "Device",
    "Draft",
    "DraftFile",
    "Entry",
    "Event",
    "EventWords",
    "Factor",
    "FactorOffer",
    "Follower",
    "Invitation",
    "Limit",
    "Mail",
    "Mailbox",
    "MailedLink",
    "Member",
    "Message",
    "Notice",
    "Organisation",
    "Outbox",
    "Person",
    "Post",
    "Purpose",
    "Reach",
    "RecoveryCode",
    "Role",
    "SavedReply",
    "SavedView",
    "Searchable",
    "Seen",
    "Selection",
    "Session",
    "SignIn",
    "Team",
    "Ticket",
    "Token",
    "Verifier",
    "access",
    "announcing",
    "arriving",
    "audience",
    "auditing",
    "branding",
    "contact",
    "entrance",
    "erasing",
    "finding",
    "health",
    "intake",
    "leaving",
    "listing",
    "lost",
    "merging",
    "normalised",
    "notification",
    "own",
    "plan_news",
    "privacy",
    "proof",
    "reading",
    "recipients",
    "retiring",
    "staff_access",
    "storing",
    "tag",
    "taking_back",
    "taking_out",
    "trying",
]
