"""A decision with three mentors who see it differently, for tests."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import MORNING, MentorFactory, make_session

from quarterhour.advice import decisions, handlers
from quarterhour.advice.decision_models import Decision, LaidPiece
from quarterhour.advice.decisions import DecisionWords, OptionWords
from quarterhour.advice.services import AdviceWords, CardWords, write_card
from quarterhour.sessions import writing
from quarterhour.sessions.events import WrittenAnswered
from quarterhour.sessions.models import Status

TODAY = MORNING.date()
YES, NO = "Yes, with a review after six months", "Not yet, with a date and a list"
QUESTION = "Say yes to team lead now, or stay an engineer for another year?"
WORDS = DecisionWords(question=QUESTION, options=[OptionWords(text=YES), OptionWords(text=NO)])
SAID = {
    "Amara Okafor": "A written date makes it a trial. Nobody has ever refused me one.",
    "Tomasz Zieliński": "I went back. It cost me nothing but pride.",
    "Inês Carvalho": "Here, nobody has stepped back from lead and kept their grade.",
}


def met(need, mentor, *said: str, days_ago: int = 2, by=None, when: str = "", may_quote: bool = False):
    """A session that is over, and its card with this advice."""
    start = MORNING - timedelta(days=days_ago)
    session = make_session(need, mentor, start, status=Status.ENDED)
    words = CardWords(advice=[AdviceWords(text=text, applies_when=when) for text in said])
    write_card(
        session=session,
        by=by or need.mentee,
        words=words,
        seen=0,
        may_quote=may_quote,
        held_on=start.date(),
        now=MORNING,
    )
    return session


def three_views(need) -> dict[str, object]:
    """Three mentors by first name, each with one piece of advice on a card of this question."""
    found = {}
    for n, (name, said) in enumerate(SAID.items()):
        mentor = MentorFactory(name=name, org=need.org)
        met(need, mentor, said, days_ago=9 - 2 * n)
        found[name.split()[0]] = mentor
    return found


def wrote(need, mentor, text: str, *, now=MORNING):
    """An answer of this mentor's to the question, in writing, and its news told."""
    ask = writing.ask_in_writing(need=need, mentor=mentor, by=need.mentee, now=now)
    writing.answer(ask=ask, text=text, by=mentor, now=now)
    handlers.lay_answer_on_decisions(WrittenAnswered(org_id=need.org_id, written_id=ask.pk), now=now)
    return ask


def decide(need, words: DecisionWords = WORDS, *, of_need: bool = True) -> Decision:
    return decisions.make(
        owner=need.mentee, org=need.org, words=words, need=need if of_need else None, today=TODAY, now=MORNING
    )


def laid(decision) -> dict[str, LaidPiece]:
    """What lies on it, by the mentor's first name."""
    rows = LaidPiece.objects.within(decision.org_id).filter(decision=decision).lying()
    rows = rows.select_related("decision", "option", "piece__takeaway__session__mentor", "answer__mentor")
    return {row.mentor.first_name: row for row in rows}


def option(decision, text: str):
    return decision.options.get(text=text)
