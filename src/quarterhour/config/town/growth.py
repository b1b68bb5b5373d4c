"""The whole town from a seed: the same seed and the same moment give the same town."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from quarterhour.config.town import written
from quarterhour.config.town.chronicle import People
from quarterhour.config.town.past import Past
from quarterhour.config.town.plan import COMMONS, Organisation, Resident, Town
from quarterhour.config.town.residents import (
    MENTEES,
    Grower,
    company_mentors,
    need_people,
    session_people,
    story_mentors,
    story_people,
    written_mentors,
)

SEED = 915


def grow(*, seed: int = SEED, now: datetime) -> Town:
    """The town as it stands at `now`: everybody who lives there and everything that happened.

    now: aware, best in UTC. Takes about four seconds. Whatever is to come in the next hour is not part
    of it: see `today`.
    """
    rng = Random(seed)
    people = _people(rng, now)
    past = Past(people, now=now, rng=rng, seed=seed)
    past.live_the_story()
    past.hold_written_sessions()
    past.hear_decisions()
    past.answer_needs()
    past.ask_cases()
    past.fill_organisations(written.lines("organisations.jsonl"))
    past.fill_commons()
    past.leave_unfinished()
    past.ask_around()
    past.look_ahead()
    residents = list(people.by_slug.values())
    _move_in(residents, past, rng, now)
    organisations = [Organisation(COMMONS, "Commons", open_to_all=True)]
    organisations += [Organisation(row["slug"], row["name"]) for row in written.lines("organisations.jsonl")]
    questions = sorted(past.questions, key=lambda each: each.stated_at)
    meetings = sorted(past.meetings, key=lambda each: each.created_at)
    return Town(organisations, sorted(residents, key=lambda each: each.joined), questions, meetings)


def _people(rng: Random, now: datetime) -> People:
    mentors, sessions, needs = written_mentors(now), session_people(now), need_people()
    known = [*story_people(), *story_mentors(now), *mentors.values(), *company_mentors(now)]
    known += [each for pair in sessions.values() for each in pair] + list(needs.values())
    grower = Grower(rng, known)
    owners = grower.owners()
    advisers = grower.advisers(owners, now)
    known += [*advisers.values(), *owners.values()]
    for org in written.lines("organisations.jsonl"):
        there = sum(1 for each in known if org["slug"] in each.places and not each.is_mentor)
        known += grower.mentees(org["members"] - there, org=org)
    asking = sum(1 for each in known if _asks(each))
    known += grower.mentees(MENTEES - asking)
    by_slug = {each.slug: each for each in known}
    if len(by_slug) != len(known):
        twice = [each.slug for each in known if by_slug[each.slug] is not each]
        raise ValueError(f"Two people share an address: {', '.join(twice)}. Rename one of them in data/.")
    places = {place for each in known for place in each.places}
    return People(
        mentors=mentors,
        by_slug=by_slug,
        sessions=sessions,
        needs=needs,
        advisers=advisers,
        owners=owners,
        asking={org: [e for e in known if e.asks and org in e.places] for org in places},
        helping={org: [e for e in known if org in e.mentor_in] for org in places},
    )


def _asks(person: Resident) -> bool:
    """Whether somebody is here to ask: neither a mentor nor one who runs something."""
    return not person.is_mentor and not person.operator and "manager" not in person.places.values()


def _move_in(residents: list[Resident], past: Past, rng: Random, now: datetime) -> None:
    """Everybody joined before the first thing they did."""
    first: dict[str, datetime] = {}
    for question in past.questions:
        slug = question.mentee.slug
        first[slug] = min(first.get(slug, now), question.stated_at)
    for meeting in past.meetings:
        first[meeting.mentor.slug] = min(first.get(meeting.mentor.slug, now), meeting.created_at)
    for each in residents:
        earliest = first.get(each.slug, now) - timedelta(minutes=rng.randint(9, 60 * 24 * 5))
        if each.joined is None:
            each.joined = earliest if each.slug in first else now - timedelta(days=rng.randint(3, 400))
        each.joined = min(each.joined, earliest)
