"""People for a question: found in the database, ranked by the engine, shown with their evidence and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterhour.engines import matching as engine
from quarterhour.matching import kept
from quarterhour.matching.again import Again, again_of, asked_as, shown_again
from quarterhour.matching.capacity import Window, window_of
from quarterhour.matching.cards import Asked, Card, Facet, Look, Row, awake_at, card_of, facets_of, row_of
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.learned import Known
from quarterhour.matching.placing import seed_of
from quarterhour.matching.ranking import Ranking, rank
from quarterhour.needs.models import Need
from quarterhour.people.models import Person, Profile
from quarterhour.sessions.queries import free_starts
from quarterhour.sessions.rules import length_offered
from quarterhour.trust.queries import helped_by, this_week

NOBODY = UUID(int=0)
AHEAD = timedelta(days=28)
A_CARD, A_ROW = 60, 1  # how many free times are looked up; for a row more, where the first lies in the night


@dataclass(slots=True)
class People:
    """confident: whether somebody says that they have been there. Cards first, `others` people as rows behind them.
    ranking: what the cards are from; of the three alone, where they are those of a moment ago. again: what it takes to
    show them again.

    relaxed: what one chip less would bring, where rows are asked for: `chip` says which as "when any" or
    "language de". lacking: the one skill but for which somebody could be shown as fitting, where nobody is.
    """

    cards: list[Card]
    rows: list[Row]
    facets: list[Facet]
    confident: bool
    others: int
    relaxed: engine.Relaxed | None = None
    lacking: str = ""
    ranking: Ranking | None = None
    again: Again | None = None


def people_for(
    asked: Asked,
    *,
    asker: Person | None,
    org,
    zone: str,
    now: datetime,
    with_cards: bool = True,
    with_rows: bool = True,
    need: Need | None = None,
    held: UUID | None = None,
    again: Again | None = None,
) -> People:
    """Who could help with `asked` in `org`. A constant number of queries, however many mentors.

    asker: left out of the result; their own booked time is left out of the free times.
    zone: the reader's IANA zone; "today" is theirs.
    need: the question, once it is stated: looking at it again shows the same people. held: a mentor whose time the
    asker holds, who has a card in any case.
    with_cards, with_rows: False leaves that part empty, and the time it would cost unspent.
    again: what was shown for a question that is not stated; that of a stated one is kept. The cards of a moment
    ago are shown again, read anew, unless the rows behind them are asked for.
    """
    mine = {"asker_id": asker.pk if asker else NOBODY, "org": org, "zone": zone, "now": now}
    ranking, again = _found(asked, **mine, need=need, again=again, held=held, with_relaxed=with_rows)
    first = [fit.mentor.id for fit in ranking.three]
    behind = [fit for fit in ranking.fits if fit.mentor.id not in first]
    three = ranking.three if with_cards else []
    others = behind if with_rows else []
    profiles = _profiles([fit.mentor.id for fit in (*three, *others)], org)
    look = Look(asked, zone, now.astimezone(ZoneInfo(zone)).date(), now)
    minutes = {mentor_id: length_offered(profile, asked.minutes) for mentor_id, profile in profiles.items()}
    times = {"org": org, "minutes": minutes, "between": (now, now + AHEAD), "now": now, "mentee": asker}
    times["together"] = need.pk if need else None
    each = {mentor_id: A_CARD if mentor_id in first else A_ROW for mentor_id in profiles}
    starts = free_starts(mentor_ids=list(profiles), each=each, **times)
    if at_night := [
        key for key in profiles if key not in first and starts.get(key) and not awake_at(starts[key], look)
    ]:
        starts |= free_starts(mentor_ids=at_night, each=A_CARD, **times)
    quality = helped_by(first, org=org, until=this_week(now)) if with_cards else {}
    cards = [
        card_of(
            fit, profiles[mentor_id], starts.get(mentor_id, []), ranking, look,
            near=shown.near, mattered=shown.mattered, helped=quality.get(mentor_id),
        )
        for fit, shown in zip(three, again.cards, strict=False)
        if (mentor_id := fit.mentor.id) in profiles
    ]  # fmt: skip
    rows = [
        row_of(fit, profiles[fit.mentor.id], starts.get(fit.mentor.id, []), look)
        for fit in others
        if fit.mentor.id in profiles
    ]
    return People(
        cards=cards, rows=rows, facets=facets_of(rows), confident=ranking.confident, others=again.others,
        relaxed=ranking.relaxed, lacking=again.lacking, ranking=ranking, again=again,
    )  # fmt: skip


def _found(
    asked: Asked,
    *,
    now: datetime,
    need: Need | None,
    again: Again | None,
    held: UUID | None,
    with_relaxed: bool,
    **mine,
) -> tuple[Ranking, Again]:
    """The cards of a moment ago where they hold, everybody otherwise."""
    row = kept.latest_of(need.pk, org=mine["org"], seed=seed_of(asked.text)) if need else None
    again = kept.again_of_row(row) if need else again
    shown_as = _asked_as(asked, **mine, now=now)
    if again and not with_relaxed and again.holds(asked_as=shown_as, now=now, held=held):
        ranking = shown_again(again, asked, _rules(asked, **mine, now=now))
        if ranking is not None:
            return ranking, again
    given = {"with_relaxed": with_relaxed, "held": held, "before": kept.known_of(row)}
    ranking = ranking_of(asked, **mine, now=now, **given)
    return ranking, again_of(ranking, asked_as=shown_as, now=now)


def shown_to_visitor(asked: Asked, *, org, zone: str, now: datetime) -> Again:
    """Who is found for somebody who is not signed in: what it takes to show them a moment later."""
    mine = {"asker_id": NOBODY, "org": org, "zone": zone, "now": now}
    return _found(asked, **mine, need=None, again=None, held=None, with_relaxed=False)[1]


def ranking_for(need: Need, *, now: datetime, among: Sequence[UUID] = ()) -> Ranking:
    """The ranking of a question that was stated, as its mentee sees it at `now`; `among` these alone, if named."""
    asked = asked_of(need)
    before = kept.known_of(kept.latest_of(need.pk, org=need.org, seed=seed_of(asked.text)))
    return ranking_of(asked, **_asked_by(need), now=now, among=among, before=before)


def ranking_to_keep(need: Need, *, now: datetime) -> tuple[Ranking, Again]:
    """The same, and what it takes to show it again."""
    ranking = ranking_for(need, now=now)
    return ranking, again_of(ranking, asked_as=_asked_as(asked_of(need), **_asked_by(need), now=now), now=now)


def shown_lately(need: Need, *, now: datetime) -> bool:
    """Whether people were found for this question, as it stands, a moment ago. One query."""
    asked = asked_of(need)
    row = kept.latest_of(need.pk, org=need.org, seed=seed_of(asked.text))
    again = kept.again_of_row(row)
    return bool(again and again.holds(asked_as=_asked_as(asked, **_asked_by(need), now=now), now=now, held=None))


def asked_of(need: Need) -> Asked:
    """A stated question as it is looked for."""
    return Asked(
        text=words_to_read(need), kind=need.kind, minutes=need.minutes, when=need.when, languages=need.languages,
        skills=[topic.skill_id for topic in need.topics.all()], settled="topics" in need.settled,
        kind_settled="kind" in need.settled, decide_by=need.decide_by, heard=need.heard,
    )  # fmt: skip


def _asked_by(need: Need) -> dict:
    return {"asker_id": need.mentee_id, "org": need.org, "zone": need.mentee.zone}


def _asked_as(asked: Asked, *, asker_id: UUID, org, zone: str, now: datetime) -> str:
    return asked_as(asked, asker=asker_id, org_id=org.pk, zone=zone, today=now.astimezone(ZoneInfo(zone)).date())


def words_to_read(question) -> str:
    """What a question says in its own words, kept or still a draft."""
    return "\n".join(filter(None, [question.text, question.tried, question.good_outcome]))


def ranking_of(
    asked: Asked,
    *,
    asker_id: UUID,
    org,
    zone: str,
    now: datetime,
    with_relaxed: bool = False,
    held: UUID | None = None,
    among: Sequence[UUID] = (),
    before: Known | None = None,
) -> Ranking:
    """The ranking of a question, stated or not yet; see `people_for`, `ranking_for` about `among`, and `kept.known_of`
    about `before`.
    """
    rules = _rules(asked, asker_id=asker_id, org=org, zone=zone, now=now)
    return rank(
        asked.text,
        kind=asked.kind,
        languages=rules.languages,
        chosen=asked.chosen,
        about=asked.skills,
        org=org,
        asker_id=asker_id,
        now=now,
        # Whoever is named is there at this moment, whatever their hours say.
        window=None if among else rules.window,
        among=among,
        without=asked.heard,
        with_relaxed=with_relaxed,
        including=held,
        before=before,
    )


def _rules(asked: Asked, *, asker_id: UUID, org, zone: str, now: datetime) -> Eligible:
    """Who may be shown for a question, as it asks."""
    languages, window = tuple(asked.languages), window_asked(asked, zone, now)
    return Eligible(org_id=org.pk, asker=asker_id, today=now.date(), languages=languages, window=window)


def window_asked(asked: Asked, zone: str, now: datetime) -> Window | None:
    """The hours somebody can use: their own today, the seven days from today, or until they have to decide."""
    today = now.astimezone(ZoneInfo(zone)).date()
    by = asked.decide_by if asked.decide_by and asked.decide_by >= today else None
    week = today + timedelta(days=6)
    last = {"now": today, "today": today, "week": min(by or week, week)}.get(asked.when, by)
    if last is None:
        return None
    ends = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone))
    return window_of(now, max(now, ends), now=now)


def _profiles(ids: Sequence[UUID], org) -> dict[UUID, Profile]:
    rows = Profile.objects.within(org).filter(person__in=list(ids)).select_related("person")
    return {row.person_id: row for row in rows}


def length_for(mentor: Person, need) -> int:
    """The length a session of this mentor for this need has."""
    profile = Profile.objects.within(need.org_id).filter(person=mentor).first()
    return length_offered(profile, need.minutes) if profile else need.minutes
