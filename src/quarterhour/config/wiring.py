"""Who reacts to what: the one table. An event without a line here cannot be published."""

from __future__ import annotations

from quarterhour.core import events
from quarterhour.core.events import Event, Reaction


def reactions() -> dict[type[Event], list[Reaction]]:
    """Every event of the platform and its reactions, in the order they are tried."""
    from quarterhour.advice.events import TakeawayConfirmed, TakeawayWritten
    from quarterhour.matching import handlers as matching
    from quarterhour.needs.events import NeedStated
    from quarterhour.notifications import handlers as notifications
    from quarterhour.people.events import AccountOpened, ProfileChanged
    from quarterhour.sessions.events import (
        SessionAsked,
        SessionCancelled,
        SessionConfirmed,
        SessionDeclined,
        SessionEnded,
        SessionMoved,
    )

    return {
        AccountOpened: [],
        ProfileChanged: [matching.read_profile_again],
        NeedStated: [],
        SessionAsked: [notifications.ask_mentor],
        SessionConfirmed: [notifications.send_invitations],
        SessionDeclined: [notifications.tell_mentee_declined],
        SessionMoved: [notifications.send_moved],
        SessionCancelled: [notifications.send_cancellations],
        SessionEnded: [notifications.invite_to_card],
        TakeawayWritten: [],
        TakeawayConfirmed: [matching.read_advice],
    }


def connect() -> None:
    events.wire(reactions())
