"""Who reacts to what: the one table. An event without a line here cannot be published."""

from __future__ import annotations

from quarterhour.core import events
from quarterhour.core.events import Event, Reaction


def reactions() -> dict[type[Event], list[Reaction]]:
    """Every event of the platform and its reactions, in the order they are tried."""
    from quarterhour.advice.events import TakeawayConfirmed, TakeawayWritten
    from quarterhour.matching import handlers as matching
    from quarterhour.needs.events import NeedStated
    from quarterhour.notifications import handlers as mail
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
        NeedStated: [matching.look_for_people],
        SessionAsked: [mail.ask_the_mentor],
        SessionConfirmed: [mail.send_invitations],
        SessionDeclined: [mail.tell_the_mentee],
        SessionMoved: [mail.send_new_times],
        SessionCancelled: [mail.take_back_invitations],
        SessionEnded: [mail.offer_the_card],
        TakeawayWritten: [],
        TakeawayConfirmed: [matching.read_advice],
    }


def connect() -> None:
    events.wire(reactions())
