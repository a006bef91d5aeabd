"""What can go wrong in a helpdesk and is nobody's fault: each is told to the one who caused it."""

from collections.abc import Mapping

import rpc


class NewerMessage(rpc.Conflict):
    """Another message came in while you were writing. Read it, then send again."""

    code = "newer_message"


class TicketClosed(rpc.Conflict):
    """This ticket is closed. Write a new one and name its number."""

    code = "ticket_closed"


class TooLateToUndo(rpc.Conflict):
    """This reply has left already and cannot be taken back any more."""

    code = "too_late_to_undo"


class TicketRemoved(rpc.Conflict):
    """This ticket is deleted or spam. Restore it first."""

    code = "ticket_removed"


class NoSuchAgent(rpc.Invalid):
    """There is no such agent."""

    def __init__(self) -> None:
        super().__init__(fields={"assignee": self._words})


class TooManyTags(rpc.Conflict):
    """A ticket has 50 tags at most. Remove some first."""

    code = "too_many_tags"


class AddressTaken(rpc.Conflict):
    """This address is already in use."""

    code = "address_taken"


class SlugTaken(rpc.Conflict):
    """Another customer has this name already. Choose a different one."""

    code = "slug_taken"


class CustomerUnavailable(rpc.Unavailable):
    """This helpdesk is not ready yet. Try again in a minute."""

    code = "customer_unavailable"


class NoRoomForFiles(rpc.Unavailable):
    """There is no room for files at the moment, and nothing was changed. Send it without files, or try again later."""

    code = "no_room_for_files"
    status = 507


class CustomerSuspended(rpc.Forbidden):
    """This helpdesk is suspended: it can be read, and nothing in it can be changed."""

    code = "customer_suspended"


class CustomerClosed(rpc.Error):
    """The helpdesk at this address is closed."""

    code, status, number = "customer_closed", 410, -32010


class TooLateToReturn(rpc.Error):
    """The data of this helpdesk is being erased, or is erased already: it cannot be taken back any more."""

    code, status, number = "too_late_to_return", 410, -32011


class NotLikeThis(rpc.Conflict):
    """This does not go with how the customer is now."""

    code = "not_like_this"


class UnderWay(rpc.Conflict):
    """This is being made already. Wait until it is done."""

    code = "under_way"


class TooManyTries(rpc.TooMany):
    """Too many tries. Wait a little."""

    code = "too_many_tries"


class TooManyMails(rpc.TooMany):
    """Too many mails came from this sender within an hour. Send this one again later."""

    code = "too_many_mails"


class SearchTooWide(rpc.Unavailable):
    """This search took too long. Add a word, or a status, tag or assignee."""

    code = "search_too_wide"


class LinkOver(rpc.NotFound):
    """This link was used already, or is too old. Ask for a new one."""

    code = "link_over"


class SignUpOver(rpc.NotFound):
    """This link was used already, a newer mail has another one, or it is too old. Signing up again takes a minute."""

    code = "sign_up_over"


class LastOwner(rpc.Conflict):
    """A helpdesk needs an owner who can sign in, and this is the last one. Make somebody else an owner first."""

    code = "last_owner"


class WorksHere(rpc.Conflict):
    """Somebody with this address works here already. Choose them in the list to change them."""

    code = "works_here"


class NoLongerHere(rpc.Conflict):
    """This person is disabled. Enable them first."""

    code = "no_longer_here"


class InvitationUsed(rpc.Conflict):
    """This person has set a password already. Disable them to keep them out."""

    code = "invitation_used"


class NoSeat(rpc.Invalid):
    """No more people can work here on this plan."""

    def __init__(self, plan: str, most: int, field: str = "") -> None:
        people = "person" if most == 1 else "people"
        told = f"The plan {plan} is for {most} {people} who work here. Disable somebody first, or choose a larger plan."
        super().__init__(told, fields={field: told} if field else {})


class StorageFull(rpc.Invalid):
    """There is no room for more files on this plan."""

    def __init__(self, plan: str, most: int) -> None:
        told = (
            f"No file can be added: the plan {plan} has room for {most / 2**30:g} GB of files and mails: it is full. "
            "Write without files, or ask an owner to choose a larger plan."
        )
        super().__init__(told, fields={"files": told})


class NoRoomOnPlan(rpc.Invalid):
    """What is there is more than this plan is for."""

    def __init__(self, told: str) -> None:
        super().__init__(told, fields={"plan": told})


class RoleKnown(rpc.Conflict):
    """There is a role of this name already. Choose a different one."""

    code = "role_known"


class RoleInUse(rpc.Conflict):
    """People have this role. Choose what they get instead."""

    code = "role_in_use"


class MoreThanYours(rpc.Forbidden):
    """Nobody gives what they may not do themselves, nor changes somebody who may more. An owner can."""

    code = "more_than_yours"


class SavedReplyKnown(rpc.Conflict):
    """There is a saved reply of this name already. Choose a different one."""

    code = "saved_reply_known"


class TeamKnown(rpc.Conflict):
    """There is a team of this name already. Choose a different one."""

    code = "team_known"


class ViewKnown(rpc.Conflict):
    """There is a view of this name already. Choose a different one."""

    code = "view_known"


class TooManyViews(rpc.Conflict):
    """There are 30 views already. Delete one that nobody needs, then save this one."""

    code = "too_many_views"


class OrganisationKnown(rpc.Conflict):
    """There is an organisation of this name already. Choose a different one."""

    code = "organisation_known"


class DomainTaken(rpc.Conflict):
    """Another organisation has this mail domain already. Take it from there first."""

    code = "domain_taken"


class Busy(rpc.Conflict):
    """Something else is being done with this customer. Try again when that is over."""

    code = "busy"


class AlreadyCopying(Busy):
    """A copy of this customer is being made already. Wait for it."""

    code = "already_copying"


class Excluded(rpc.Conflict):
    """This customer is being deleted for good. Nothing else can be done with it any more."""

    code = "excluded"


class TakenOver(rpc.Conflict):
    """Another worker has taken this over, or it is over. Stop here: nothing was written."""

    code = "taken_over"


class ClusterKnown(rpc.Conflict):
    """There is a cluster of this name already. Choose a different one."""

    code = "cluster_known"


class NoRoom(rpc.Conflict):
    """No cluster there has room for one more customer. Add one: seldesk cluster add."""

    code = "no_room"


class FullForNow(rpc.Unavailable):
    """There is no room for one more helpdesk in this region just now. Your link stays good: try it in an hour."""

    code = "full_for_now"


class NotServed(rpc.Conflict):
    """This customer is not served just now, so that this cannot be done with it."""

    code = "not_served"


class SameCluster(rpc.Conflict):
    """The customer is on this cluster already."""

    code = "same_cluster"


class WrongRegion(rpc.Conflict):
    """This cluster is in no data centre of the customer's region, and its data stay there."""

    code = "wrong_region"


class NoSuchCopy(rpc.NotFound):
    """This customer has no such copy that was verified. See which there are: seldesk backup list."""

    code = "no_such_copy"


class TooManySides(rpc.Conflict):
    """So many copies of this customer stand on the side already. Remove one: seldesk backup close."""

    code = "too_many_sides"


class OnTheSide(rpc.Conflict):
    """This is a copy on the side. What concerns the helpdesk as a whole is decided in the living one."""

    code = "on_the_side"


class CustomerMoving(rpc.Unavailable):
    """This helpdesk is moving to another machine, and is back in a few minutes. Nothing is lost."""

    code = "customer_moving"


class ProofNeeded(rpc.Forbidden):
    """Prove once more that it is you: this needs a proof that is no older than 5 minutes."""

    code = "reauth_required"


class NoticeNeeded(rpc.Conflict):
    """Nothing may be handed over: the customer was not told, and no law that forbids it is recorded."""

    code = "notice_needed"


class FactorNeeded(rpc.Forbidden):
    """Here nobody comes in without a second factor, and you have none yet. Add one, then go on."""

    code = "factor_required"


class PasswordFirst(rpc.Conflict):
    """A second factor stands beside a password, and you come in by mailed links. Set a password first."""

    code = "password_first"


class EntryOver(rpc.NotFound):
    """This took too long, or was done already. Sign in from the beginning."""

    code = "entry_over"


class NoAccess(rpc.Forbidden):
    """Nobody comes into a customer's account like this."""

    code = "no_access"

    def __init__(self, message: str = "", *, fields: Mapping[str, str] | None = None) -> None:
        """`fields` as those of rpc.Invalid: a sentence beside what was typed."""
        self.fields = dict(fields or {})
        super().__init__(message or " ".join(self.fields.values()), fields=self.fields)


class NobodyToTell(rpc.Conflict):
    """Nobody would be told what staff did here. Choose first whom we write to: Settings, Data & account."""

    code = "nobody_to_tell"


class NotUnderAccess(rpc.Forbidden):
    """This is not done under staff access: it is for the person alone."""

    code = "not_under_access"


class Unaudited(rpc.Unavailable):
    """This could not be written down, and what staff do unseen is not done. Try again in a moment."""

    code = "unaudited"
