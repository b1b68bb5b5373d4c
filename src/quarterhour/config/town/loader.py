"""Filling a database with the town, once, with a bar that says what is being done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from quarterhour.config.town import deciding, index, knowing, rows
from quarterhour.config.town.growth import SEED, grow
from quarterhour.config.town.plan import DOMAIN
from quarterhour.config.town.trouble import TownTrouble
from quarterhour.core.models import Organisation
from quarterhour.matching import past_needs
from quarterhour.people.models import Person, Profile, Skill
from quarterhour.people.queries import commons
from quarterhour.people.services import load_skills
from quarterhour.sessions.models import MentoringSession

FIRST_RESIDENT = f"leila-haddad@{DOMAIN}"
KEPT = {"people_skill"}  # reference data, not the town's

Told = Callable[[str, int], None]


@dataclass
class Summary:
    """What was loaded, or was there already. seconds: what each part took.

    mentors: in Commons, as its front page counts them; elsewhere: those who give time in other organisations alone.
    """

    mentors: int
    elsewhere: int
    people: int
    sessions: int
    organisations: int
    pieces: int = 0
    fresh: bool = True
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def took(self) -> float:
        return sum(self.seconds.values())

    @property
    def told(self) -> str:
        """One or two sentences for the terminal."""
        others = self.people - self.mentors - self.elsewhere
        town = (
            f"{self.mentors:,} mentors in Commons, {self.elsewhere:,} in {self.organisations - 1} other organisations, "
            f"{others:,} who ask, {self.sessions:,} past sessions"
        )
        if not self.fresh:
            return f"The town is here already: {town}. Use --fresh to begin again."
        return f"The town is loaded: {town}, in {self.took:.0f} seconds."


def load(
    size: int | None = None,
    *,
    now: datetime,
    seed: int = SEED,
    fresh: bool = False,
    progress: bool = True,
    evidence: int = 0,
) -> Summary:
    """Fill the database with the town as it stands at `now`, unless the town is there already.

    size: how many mentors to have in Commons, written ones included, for measuring; None for the town alone.
    evidence: how many pieces each mentor of the crowd has; 0 for those of their profile, five or six.
    fresh: empty the town first. progress: draw a bar on the terminal.
    Nothing is kept if it fails half way. Raises TownTrouble where the town does not belong.
    """
    state = state_of()
    _refuse(state, fresh=fresh)
    if state == "town" and not fresh:
        return _summary(fresh=False)
    with _bar(show=progress) as bar:
        seconds: dict[str, float] = {}
        with transaction.atomic(), _part(seconds, "emptying"):
            if state == "town":
                empty()
        with _part(seconds, "growing"):
            town = grow(seed=seed, now=now)
        bar.begin(rows.count(town))
        with transaction.atomic():
            with _part(seconds, "rows"):
                if not Skill.objects.exists():
                    load_skills()
                rows.Rows(town, seed=seed, told=bar.told).write()
                deciding.lay_out(Person.objects.get(email=FIRST_RESIDENT), org=commons(), now=now)
            with _part(seconds, "evidence"):
                places = [(org, mentors_of(org)) for org in Organisation.objects.order_by("pk")]
                found = [(org, index.pieces_in(org), past_needs.needs_met(org, ids)) for org, ids in places]
                bar.more(sum(len(pieces) + len(met) for _, pieces, met in found) + sum(len(ids) for _, ids in places))
                kept = index.index(found, bar.told)
                index.count(places, bar.told, now=now)
            with _part(seconds, "knowledge"):
                knowing.share(now=now, seed=seed)
        if size:
            from quarterhour.config.town import crowd

            with _part(seconds, "crowd"):
                kept += crowd.gather(size, seed=seed, now=now, bar=bar, pieces=evidence)
        with _part(seconds, "statistics"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    summary = _summary(fresh=True)
    summary.pieces, summary.seconds = kept, seconds
    return summary


def mentors_of(org: Organisation) -> list[UUID]:
    """Who offers time in an organisation."""
    return list(Profile.objects.within(org).mentors().order_by("pk").values_list("person", flat=True))


def state_of() -> str:
    """What lives in this database: "empty", "town", or "other" people."""
    if not Person.objects.exists():
        return "empty"
    if not Person.objects.filter(email=FIRST_RESIDENT).exists():
        return "other"
    # Visitors of a demo open accounts of their own; a real place with two such guests is still a real place.
    strangers = Person.objects.exclude(email__endswith=f"@{DOMAIN}").count()
    return "town" if strangers * 10 <= Person.objects.count() else "other"


def empty() -> None:
    """Remove everything the town wrote, and the jobs that speak of it. Only for what `state_of` calls a town."""
    tables = [
        model._meta.db_table  # noqa: SLF001
        for model in apps.get_models()
        if model.__module__.startswith("quarterhour.") and model._meta.managed  # noqa: SLF001
    ]
    tables += ["django_session", "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"]
    quoted = ", ".join(connection.ops.quote_name(table) for table in tables if table not in KEPT)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")


def _refuse(state: str, *, fresh: bool) -> None:
    if settings.MODE == "production":
        raise TownTrouble("This is a production installation. The town is for trying things out: run it elsewhere.")
    if state == "other":
        raise TownTrouble(
            "There are people in this database who are not from the town, so nothing was loaded or removed. "
            "Set QUARTERHOUR_HOME or DATABASE_URL to another place for the town."
        )
    if fresh and state == "town" and not settings.DEMO:
        raise TownTrouble("Only a demo may empty its town. Set QUARTERHOUR_MODE=demo, or use quarterhour demo --fresh.")


def _summary(*, fresh: bool) -> Summary:
    because = "figures of the whole town"
    everywhere = Profile.objects.of_every_tenant(because=because).mentors().values("person").distinct().count()
    mentors = Profile.objects.within(commons()).mentors().count()
    return Summary(
        mentors=mentors,
        elsewhere=everywhere - mentors,
        people=Person.objects.count(),
        sessions=MentoringSession.objects.of_every_tenant(because=because).filter(status="ended").count(),
        organisations=Organisation.objects.count(),
        fresh=fresh,
    )


@contextmanager
def _part(seconds: dict[str, float], name: str) -> Iterator[None]:
    begun = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - begun


class Bar:
    """A bar, or nothing at all. Without a terminal it prints a line for each thing it does."""

    def __init__(self, progress=None, console=None) -> None:
        self.progress, self.console, self.task = progress, console, None
        self._said: set[str] = set()

    def begin(self, total: int) -> None:
        if self.progress:
            self.task = self.progress.add_task("People", total=total)

    def more(self, total: int) -> None:
        if self.progress:
            known = next(task.total for task in self.progress.tasks if task.id == self.task) or 0
            self.progress.update(self.task, total=known + total)

    def told(self, what: str, count: int) -> None:
        """`count` more rows of `what` are done."""
        if not self.progress:
            return
        self.progress.update(self.task, advance=count, description=what)
        if what not in self._said and not self.console.is_terminal:
            self.console.print(f"  {what}")
        self._said.add(what)


@contextmanager
def _bar(*, show: bool) -> Iterator[Bar]:
    if not show:
        yield Bar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    words, percent = TextColumn("{task.description:<34}"), TextColumn("{task.percentage:>3.0f} %")
    columns = [words, BarColumn(), percent, TimeRemainingColumn()]
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield Bar(progress, console)
