"""How long people take to find, and pages to answer, in towns of several sizes.

Match figures are those of `people_for`, the one call behind the page: the question is read and embedded,
candidates are found and ranked, and free times are looked up. Page figures are whole requests through every
middleware, without the network: what the server spends on them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from quarterhour.config import town
from quarterhour.core import clock
from quarterhour.core.ids import uuid7

NEEDS = 100
VISITS = 60
FORTNIGHT = timedelta(days=14)

Row = dict[str, object]


def measure(sizes: Sequence[int], *, with_pages: bool, with_match: bool, evidence: int = 0) -> list[Row]:
    """Rows for each size of town, in mentors. Fills the database anew each time: for a throw-away one.

    evidence: how many pieces each mentor of the crowd has; 0 for those of their profile, five or six.
    """
    from quarterhour.config.warm import read_what_stays

    read_what_stays()  # as a worker of the server does
    rows: list[Row] = []
    for size in sizes:
        begun = time.perf_counter()
        town.load(size, now=clock.now(), fresh=True, progress=False, evidence=evidence)
        rows.append(_row(f"town of {size:,}: loading", time.perf_counter() - begun, "s"))
        needs = _needs()
        if with_match:
            rows += _match(size, needs)
        if with_pages:
            rows += _pages(size, needs)
    return rows


def _needs() -> list:
    """Questions of the town, the same ones in a town of any size."""
    from quarterhour.needs.models import Need
    from quarterhour.people.queries import commons

    rows = Need.objects.within(commons()).select_related("mentee", "org").prefetch_related("topics")
    return list(rows.order_by("text", "pk")[:NEEDS])


def _match(size: int, needs: list) -> list[Row]:
    from django.db import connection

    from quarterhour.config.bench import vectors
    from quarterhour.matching.cards import Asked
    from quarterhour.matching.people import NOBODY, people_for
    from quarterhour.matching.ranking import rank
    from quarterhour.matching.reading import reading_of

    now, in_database = clock.now(), Stopwatch()

    def ask(need) -> None:
        asked = Asked(
            text=need.text, kind=need.kind, minutes=need.minutes, when=need.when, languages=tuple(need.languages),
            skills=[topic.skill_id for topic in need.topics.all()], settled="topics" in need.settled,
            decide_by=need.decide_by,
        )  # fmt: skip
        people_for(asked, asker=need.mentee, org=need.org, zone="Europe/Lisbon", now=now)

    def only_rank(need) -> None:
        rank(need.text, kind=need.kind, languages=need.languages, chosen=(), org=need.org, asker_id=NOBODY, now=now)

    ask(needs[0])
    whole = _each(ask, needs)
    reading = _each(lambda need: reading_of(f"{need.text} "), needs)  # a text it has not read yet
    _each(only_rank, needs)
    ranking = _each(only_rank, needs)
    processor = _each(ask, needs, clock=time.process_time)
    with connection.execute_wrapper(in_database):
        database = []
        for need in needs:
            in_database.seconds = 0.0
            ask(need)
            database.append(in_database.seconds)
    return [
        *_shares(f"match, {size:,} mentors", whole, (50, 95, 99)),
        *_shares(f"match, {size:,} mentors, reading the question", reading, (50, 99)),
        *_shares(f"match, {size:,} mentors, ranking, the question read", ranking, (50, 95, 99)),
        *_shares(f"match, {size:,} mentors, in the database", database, (50,)),
        *_shares(f"match, {size:,} mentors, processor without the database", processor, (50,)),
        *vectors.measure(f"{size:,} mentors", _vectors(needs), org_id=needs[0].org_id),
    ]


def _vectors(needs: list) -> list:
    from quarterhour.matching.reading import reading_of

    return [vector for need in needs if (vector := reading_of(need.text).vector) is not None]


class Stopwatch:
    """Counts the seconds spent waiting for the database."""

    seconds = 0.0

    def __call__(self, execute, sql, params, many, context):
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - begun


def _pages(size: int, needs: list) -> list[Row]:
    from quarterhour.matching.handlers import keep_if_new

    need, asking = needs[0], needs[:VISITS]
    for each in asking:  # as the press that stated them did, a moment ago
        keep_if_new(each, now=clock.now())
    browsers = {each.mentee_id: _browser_of(each.mentee) for each in asking}
    browser, session = browsers[need.mentee_id], _booked(need)
    alone = {"HX-Request": "true", "HX-Target": "everyone"}
    pages: dict[str, Callable[[Any], object]] = {
        "ask": lambda _: browser.get("/ask/"),
        "ask, read back": lambda each: browser.post("/ask/read/", {"text": each.text}),
        "matches": lambda each: browsers[each.mentee_id].get(f"/match/{each.pk}/"),
        "matches, the list behind": lambda each: browsers[each.mentee_id].get(f"/match/{each.pk}/", headers=alone),
        "booked": lambda _: browser.get(f"/sessions/{session.pk}/"),
        "ask, pressed": lambda each: browsers[each.mentee_id].post("/ask/", {"text": each.text, "key": str(uuid7())}),
        "matches, looked for anew": lambda each: browsers[each.mentee_id].get(f"/match/{each.pk}/"),
    }
    rows: list[Row] = []
    for name, visit in pages.items():

        def answered(each, visit=visit) -> None:
            _answered(visit(each))

        if name == "matches, looked for anew":
            _forget_looks()

        for each in asking:  # the first visits read the templates, and each question once
            answered(each)
        rows += _shares(f"page, {size:,} mentors: {name}", _each(answered, asking), (50, 95))
        spent = _each(answered, asking[: VISITS // 3], clock=time.process_time)
        rows += _shares(f"page, {size:,} mentors: {name}, processor without the database", spent, (50,))
    return rows


def _forget_looks() -> None:
    """Whoever looks now looks hours later."""
    from quarterhour.matching.models import KeptRanking

    KeptRanking.objects.of_every_tenant(because="a throw-away town").update(again={})


def _browser_of(person):
    from django.test import Client

    browser = Client(HTTP_HOST="localhost")
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _booked(need):
    """A session of this need with whoever is free first."""
    from quarterhour.people.models import Profile
    from quarterhour.sessions import services
    from quarterhour.sessions.queries import free_starts

    now = clock.now()
    willing = Profile.objects.within(need.org).mentors().not_paused(now.date()).exclude(person=need.mentee)
    willing = list(
        willing.filter(confirm=Profile.Confirm.INSTANT, lengths__contains=[25]).select_related("person")[:50]
    )
    free = free_starts(
        mentor_ids=[each.person_id for each in willing], org=need.org, minutes=25, between=(now, now + FORTNIGHT),
        now=now, each=1, mentee=need.mentee,
    )  # fmt: skip
    mentor, start = next((each.person, free[each.person_id][0]) for each in willing if free.get(each.person_id))
    return services.book(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=now)


def _answered(answer) -> None:
    if answer.status_code not in {200, 302}:  # anything else is not the page, or its press
        raise RuntimeError(f"{answer.request['PATH_INFO']} answered {answer.status_code}.")


def _each(work: Callable, over: Sequence, *, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    lasted = []
    for each in over:
        begun = clock()
        work(each)
        lasted.append(clock() - begun)
    return lasted


def _shares(name: str, lasted: list[float], shares: Sequence[int]) -> list[Row]:
    lasted = sorted(lasted)
    return [
        _row(f"{name}, {share} of 100 within", lasted[min(len(lasted) * share // 100, len(lasted) - 1)] * 1000, "ms")
        for share in shares
    ]


def _row(name: str, figure: float, unit: str) -> Row:
    return {"name": name, "figure": round(figure, 1), "unit": unit}
