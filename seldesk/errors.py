"""What can go wrong in a helpdesk and is nobody's fault: each is told to the one who caused it.

Here are those that several tell, or that somebody above tells apart; any other stands beside the noun that tells it.
"""

from collections.abc import Mapping

import rpc


class NewerMessage(rpc.Conflict):
    """Another message came in while you were writing. Read it, then send again."""

    code = "newer_message"


class TicketClosed(rpc.Conflict):
    """This ticket is closed. Write a new one and name its number."""

    code = "ticket_closed"


class TicketRemoved(rpc.Conflict):
    """This ticket is deleted or spam. Restore it first."""

    code = "ticket_removed"


class TicketMerged(rpc.Conflict):
    """This ticket was merged into another one meanwhile. What you wrote can be sent there."""

    code = "ticket_merged"


class DifferentRequesters(rpc.Conflict):
    """Somebody else asked the other ticket. Merged, the answers go to them, and this one's requester gets a copy."""

    code = "different_requesters"


class AddressTaken(rpc.Conflict):
    """This address is already in use."""

    code = "address_taken"


class SlugTaken(rpc.Conflict):
    """Another customer has this name already. Choose a different one."""

    code = "slug_taken"


class CustomerUnavailable(rpc.Unavailable):
    """This helpdesk is not ready yet. Try again in a minute."""

    code = "customer_unavailable"


class CustomerClosed(rpc.Error):
    """The helpdesk at this address is closed."""

    code, status, number = "customer_closed", 410, -32010


class TooLateToReturn(rpc.Error):
    """The data of this helpdesk is being erased, or is erased already: it cannot be taken back any more."""

    code, status, number = "too_late_to_return", 410, -32011


class NotLikeThis(rpc.Conflict):
    """This does not go with how the customer is now."""

    code = "not_like_this"


class TooManyTries(rpc.TooMany):
    """Too many tries. Wait a little."""

    code = "too_many_tries"


class TooManyMails(rpc.TooMany):
    """Too many mails came from this sender within an hour. Send this one again later."""

    code = "too_many_mails"


class SignUpOver(rpc.NotFound):
    """This link was used already, a newer mail has another one, or it is too old. Signing up again takes a minute."""

    code = "sign_up_over"


class Busy(rpc.Conflict):
    """Something else is being done with this customer. Try again when that is over."""

    code = "busy"


class Excluded(rpc.Conflict):
    """This customer is being deleted for good. Nothing else can be done with it any more."""

    code = "excluded"


class TakenOver(rpc.Conflict):
    """Another worker has taken this over, or it is over. Stop here: nothing was written."""

    code = "taken_over"


class NotServed(rpc.Conflict):
    """This customer is not served just now, so that this cannot be done with it."""

    code = "not_served"


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


class FactorNeeded(rpc.Forbidden):
    """Here nobody comes in without a second factor, and you have none yet. Add one, then go on."""

    code = "factor_required"


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


class Unaudited(rpc.Unavailable):
    """This could not be written down, and what staff do unseen is not done. Try again in a moment."""

    code = "unaudited"
