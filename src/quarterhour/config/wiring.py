"""Who reacts to what: the one table. An event without a line here cannot be published."""

from __future__ import annotations

from quarterhour.core import events
from quarterhour.core.events import Event, Reaction


def reactions() -> dict[type[Event], list[Reaction]]:
    """Every event of the platform and its reactions, in the order they are tried."""
    from quarterhour.advice import handlers as advice
    from quarterhour.advice import spoken
    from quarterhour.advice.events import (
        DecisionCommented,
        DecisionLookedBack,
        DecisionMade,
        DecisionRecorded,
        DecisionShared,
        TakeawayConfirmed,
        TakeawayWritten,
    )
    from quarterhour.availability.events import AccountToLookInto, AvailabilityChanged, CalendarToRead
    from quarterhour.matching import handlers as matching
    from quarterhour.matching import waiting
    from quarterhour.matching.events import MentorCameUp, TimeCameFree, WaitlistChanged
    from quarterhour.matching.now.events import MentorRung, OnCallBegan, OnCallEnded, PlaceAnswered, PlaceTaken
    from quarterhour.matching.waitlist import handlers as waitlist
    from quarterhour.needs.events import NeedChanged, NeedClosed, NeedStated, ProspectFound
    from quarterhour.notifications import (
        along,
        asking,
        attendance,
        deciding,
        following_up,
        longer,
        mirror,
        off_call,
        places,
        prospects,
        reports,
        writing,
    )
    from quarterhour.notifications import handlers as mail
    from quarterhour.people.events import AccountOpened, PersonBlocked, PersonUnblocked, ProfileChanged
    from quarterhour.sessions import calendars
    from quarterhour.sessions import writing as in_writing
    from quarterhour.sessions.events import (
        AppealMade,
        CompanionAsked,
        CompanionComes,
        CompanionOut,
        SessionAsked,
        SessionCancelled,
        SessionConfirmed,
        SessionDeclined,
        SessionEnded,
        SessionExpected,
        SessionExtended,
        SessionJudged,
        SessionMoved,
        SessionNudged,
        SessionOffered,
        SessionPassed,
        SessionRelocated,
        SessionThanked,
        WrittenAnswered,
        WrittenAsked,
        WrittenDeclined,
        WrittenHelped,
        WrittenNudged,
        WrittenTakenBack,
    )
    from quarterhour.trust import handlers as trust
    from quarterhour.trust.events import FollowUpAnswered, HelpfulnessSaid, ReportAnswered, ReportAppealed, ReportMade

    return {
        AccountOpened: [],
        PersonBlocked: [],
        PersonUnblocked: [],
        ProfileChanged: [matching.read_profile_again, waiting.profile_changed, waitlist.profile_changed],
        CalendarToRead: [calendars.read_soon],
        AccountToLookInto: [calendars.look_soon],
        AvailabilityChanged: [matching.count_what_is_left, waiting.hours_changed, waitlist.hours_changed],
        MentorCameUp: [waiting.tell_those_who_wait],
        TimeCameFree: [mail.tell_of_freed_time],
        WaitlistChanged: [waitlist.go_on],
        ProspectFound: [prospects.tell_who_waits],
        NeedStated: [matching.look_for_people],
        NeedChanged: [waitlist.need_changed, matching.ask_the_line_otherwise],
        NeedClosed: [in_writing.need_closed],
        SessionAsked: [mail.ask_the_mentor, matching.count_beside_session, waitlist.somebody_was_booked],
        SessionConfirmed: [
            mail.send_invitations,
            mail.plan_reminders,
            mirror.follow,
            matching.count_beside_session,
            waitlist.somebody_was_booked,
        ],
        SessionDeclined: [
            mail.tell_the_mentee,
            asking.tell_of_silence,
            matching.count_beside_session,
            waitlist.time_may_be_free,
        ],
        SessionMoved: [
            mail.send_new_times,
            along.follow,
            mail.plan_reminders,
            mirror.follow,
            matching.count_beside_session,
            waitlist.time_may_be_free,
        ],
        SessionRelocated: [places.tell, along.follow, mail.plan_reminders, mirror.follow],
        SessionExtended: [longer.send_new_end, mirror.follow, matching.count_beside_session],
        SessionCancelled: [
            mail.take_back_invitations,
            along.follow,
            mail.plan_reminders,
            mirror.follow,
            matching.count_beside_session,
            waitlist.time_may_be_free,
        ],
        SessionThanked: [asking.thank, matching.count_beside_session, waitlist.time_may_be_free],
        SessionNudged: [asking.nudge],
        SessionOffered: [asking.tell_of_other_times, matching.count_beside_session],
        SessionPassed: [asking.tell_of_somebody_better, matching.count_beside_session, waitlist.time_may_be_free],
        SessionExpected: [],
        SessionEnded: [
            advice.count_as_met,
            trust.count_as_met,
            mail.offer_the_card,
            attendance.tell_of_miss,
            following_up.plan_follow_ups,
            matching.count_beside_session,
        ],
        SessionJudged: [attendance.tell_of_settling, matching.count_beside_session],
        AppealMade: [],
        CompanionAsked: [along.ask, along.tell_the_other],
        CompanionComes: [along.send_calendar],
        CompanionOut: [along.take_back],
        WrittenAsked: [writing.ask_the_mentor],
        WrittenNudged: [writing.nudge],
        WrittenAnswered: [writing.tell_of_answer, advice.lay_answer_on_decisions],
        WrittenDeclined: [writing.tell_of_no],
        WrittenTakenBack: [],
        WrittenHelped: [matching.count_beside_written],
        HelpfulnessSaid: [trust.count_as_met, matching.weigh_past_need],
        FollowUpAnswered: [trust.count_as_met, matching.weigh_past_need, following_up.thank],
        ReportMade: [reports.tell_who_judges],
        ReportAnswered: [reports.tell_both],
        ReportAppealed: [reports.tell_who_decides],
        OnCallBegan: [matching.fit_whoever_came],
        OnCallEnded: [off_call.tell],
        PlaceTaken: [],
        MentorRung: [mail.ring_elsewhere],
        PlaceAnswered: [],
        TakeawayWritten: [advice.count_as_met, advice.lay_on_decisions],
        TakeawayConfirmed: [advice.count_as_met, matching.read_advice, advice.end_the_session, spoken.erase],
        DecisionMade: [],
        DecisionRecorded: [],
        DecisionLookedBack: [],
        DecisionShared: [deciding.tell_the_guest],
        DecisionCommented: [],
    }


def connect() -> None:
    events.wire(reactions())
