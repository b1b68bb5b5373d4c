"""Reporting somebody: kept with what there was to see, judged by people who are not in it, told to nobody else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from quarterhour.core import audit, events
from quarterhour.core.errors import Changed, Invalid, NotAllowed, NotFound
from quarterhour.core.limits import spend
from quarterhour.core.models import Organisation
from quarterhour.core.text import clean
from quarterhour.people import closing
from quarterhour.people.models import Person
from quarterhour.sessions import apart, rules
from quarterhour.sessions.models import Companion, MentoringSession, Status
from quarterhour.sessions.room import news
from quarterhour.trust import evidence
from quarterhour.trust.events import ReportAnswered, ReportMade
from quarterhour.trust.report_models import ON_APPEAL, Because, Outcome, Report, ReportAnswer
from quarterhour.trust.report_rules import may_hear_appeal, to_judge

MOST = 4_000
MOST_WORDS = 2_000
MET = [Status.CONFIRMED, Status.ENDED, Status.CANCELLED]
TO_BE_TOLD = {Outcome.WARNED, Outcome.SUSPENDED, *ON_APPEAL}
NOT_HERE = "There is nothing at this address, or it is not yours to see."


@transaction.atomic
def report(
    *, session: MentoringSession, by: Person, about: Person | None = None, because: str, text: str,
    block: bool = False, now: datetime,
) -> Report:  # fmt: skip
    """Keep what one of the two says of the other, or of `about`, who came along, with what there was to see.

    With `block` they never meet again: a session that runs with the other one ends, and its room closes for both;
    whoever came along is taken out, and the two go on. A report alone changes nothing for anybody.
    Raises NotFound for strangers, about strangers, and for what never was a session, Invalid without a reason or with
    too many words, TooMany after ten in a day.
    """
    rules.check_party(by, session)
    about = about or session.other(by)
    if session.status not in MET or about not in reportable(session, by=by):
        raise NotFound(NOT_HERE)
    text = _checked(because, clean(text))
    often = "That were ten reports in a day. Write to whoever runs this place, so that somebody talks with you."
    spend(f"report {by.pk}", most=10, per=timedelta(days=1), now=now, told=often)
    seen = evidence.taken_down(session)
    made = Report(
        org_id=session.org_id, session=session, reporter=by, about=about, because=because, text=text,
        inside=evidence.inside(seen), evidence=seen, made_at=now,
    )  # fmt: skip
    made.fingerprint = evidence.fingerprint(_sealed(made))
    made.save(force_insert=True)
    on = f"report {made.pk}"
    audit.note(act="reported", on=on, by=str(by.pk), org_id=made.org_id, now=now, fingerprint=made.fingerprint)
    events.publish(ReportMade(org_id=made.org_id, report_id=made.pk), now=now)
    if block:
        apart.block(other=about, by=by, org=session.org, now=now)
    return made


def reportable(session: MentoringSession, *, by: Person) -> list[Person]:
    """Whom one of the two may report: the other one, then whoever came along, whether they still do or not."""
    rows = Companion.objects.within(session.org_id).filter(session=session, accepted_at__isnull=False)
    came = {row.person_id: row.person for row in rows.select_related("person").order_by("accepted_at", "pk")}
    return [session.other(by), *(each for each in came.values() if each is not None)]


def is_as_kept(made: Report) -> bool:
    """Whether every word of it is what it was when it was reported. Of what was erased nobody can say."""
    return evidence.fingerprint(_sealed(made)) == made.fingerprint


@transaction.atomic
def answer(
    *, report_id: UUID, outcome: str, words: str, by: Person, org: Organisation, now: datetime
) -> ReportAnswer:  # fmt: skip
    """Decide what comes of a report: nothing, a word to the one it is about, or their account is closed. After an
    appeal: it stands, or it is taken back, and an account that was closed for it, and for nothing else, is open again.

    words: what they read; they are told nothing of who reported. Closing an account is for operators; it gives back
    what the person had ahead, ends what runs, and can be lifted. Raises NotFound and NotAllowed as `to_judge`,
    NotAllowed for an appeal that is for somebody else to decide, Changed once somebody has decided, Invalid for an
    outcome that is none or without the words it needs.
    """
    row = to_judge(by, org=org).select_for_update(of=("self",)).select_related("about").filter(pk=report_id).first()
    if row is None:
        raise NotFound(NOT_HERE)
    words = clean(words)
    _check_answer(row, outcome, words, by)
    opens = outcome == Outcome.LIFTED or (outcome == Outcome.UNDONE and is_closed_by(row))
    made = ReportAnswer.objects.create(
        org_id=row.org_id, report=row, outcome=outcome, words=words if outcome in TO_BE_TOLD else "", by=by, at=now
    )
    if outcome == Outcome.SUSPENDED:
        _suspend(row.about, by, now)
    elif opens:
        closing.open_again(person=row.about, by=by, now=now)
    audit.note(act=f"report {outcome}", on=f"report {row.pk}", by=str(by.pk), org_id=row.org_id, now=now)
    events.publish(ReportAnswered(org_id=row.org_id, report_id=row.pk, answer_id=made.pk), now=now)
    return made


def is_closed_by(made: Report) -> bool:
    """Whether the account of whoever it is about is closed because of this report, and of no other."""
    because = "whoever was shut out for something else stays out, in whichever organisation it was"
    said = ReportAnswer.plain.filter(report=OuterRef("pk"))
    opened = said.filter(outcome__in=(Outcome.LIFTED, Outcome.UNDONE))
    closing_it = Report.objects.of_every_tenant(because=because).filter(
        Exists(said.filter(outcome=Outcome.SUSPENDED)), ~Exists(opened), about=made.about_id
    )
    return [each.pk for each in closing_it] == [made.pk]


def _suspend(person: Person, by: Person, now: datetime) -> None:
    """Nothing of theirs is ahead any more, no page knows them, and their rooms let them go within a second."""
    apart.let_everything_go(person, now=now)
    closing.close(person=person, by=by, now=now)
    news.tell_of(person.pk, "deactivated")


def possible_after(given: Collection[str], *, appealed: bool) -> set[Outcome]:
    """What can be decided, given what was: once, once more after an appeal, and a closed account opened again."""
    if not given:
        return {Outcome.NOTHING, Outcome.WARNED, Outcome.SUSPENDED}
    if appealed and not {*ON_APPEAL}.intersection(given):
        return {*ON_APPEAL}
    closed = Outcome.SUSPENDED in given and not {Outcome.LIFTED, Outcome.UNDONE}.intersection(given)
    return {Outcome.LIFTED} if closed else set()


def _checked(because: str, text: str) -> str:
    if because not in Because.values:
        raise Invalid("Choose what it is about.", fields={"because": "Choose what it is about."})
    if len(text) > MOST:
        told = f"That is {len(text):,} characters. Shorten it to {MOST:,}."
        raise Invalid(told, fields={"text": told})
    if because == Because.OTHER and not text:
        raise Invalid("Say in a sentence what happened.", fields={"text": "Say in a sentence what happened."})
    return text


def _check_answer(row: Report, outcome: str, words: str, by: Person) -> None:
    given = {each.outcome for each in row.answers.all()}
    possible = possible_after(given, appealed=hasattr(row, "appeal"))
    if outcome not in Outcome.values or (not given and outcome not in possible):
        raise Invalid("Choose what comes of it.", fields={"outcome": "Choose what comes of it."})
    if outcome not in possible:
        raise Changed("Somebody has decided this already. Reload the page to see what.")
    if outcome in ON_APPEAL and not may_hear_appeal(row, by):
        raise NotAllowed("Somebody else decides on an appeal than decided first. They see it as well.")
    if outcome in {Outcome.SUSPENDED, Outcome.LIFTED} and not by.is_operator:
        raise NotAllowed("Only whoever looks after this installation closes an account. They see this report as well.")
    if outcome in TO_BE_TOLD and not words:
        told = "Say what they read: what happened, and what to do now."
        raise Invalid(told, fields={"words": told})
    if len(words) > MOST_WORDS:
        told = f"That is {len(words):,} characters. Shorten it to {MOST_WORDS:,}."
        raise Invalid(told, fields={"words": told})


def _sealed(made: Report) -> dict:
    """Everything the fingerprint stands for."""
    return {
        "id": str(made.pk),
        "reporter": str(made.reporter_id),
        "about": str(made.about_id),
        "because": str(made.because),
        "text": made.text,
        "made_at": made.made_at.astimezone(UTC).isoformat(),
        "evidence": made.evidence,
    }
