"""News about questions in writing: to the mentor that there is one, to whoever asked what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from quarterhour.core import links
from quarterhour.core.text import clean
from quarterhour.engines.understand import short_question
from quarterhour.notifications import addresses, outgoing, post, reminders
from quarterhour.notifications.asking_letters import KIND_WORDS
from quarterhour.notifications.attempts import NotNow
from quarterhour.notifications.letters import LONGEST_QUOTE, LONGEST_SUBJECT, Action, Letter, Line
from quarterhour.notifications.models import Outgoing, SentMail
from quarterhour.notifications.reasons import TO_WRITE, WRITTEN, WRITTEN_ANSWER, WRITTEN_NO, WRITTEN_NUDGE, Reason
from quarterhour.notifications.words import one_line, shorten, until_words, zone_of
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.events import WrittenAskEvent
from quarterhour.sessions.writing_models import WrittenAsk

ANSWER = "in-writing"  # what the link in the mail is for
AFTERWARDS = timedelta(days=14)  # what was said is news for so long
State = WrittenAsk.State
TRUE_WHILE = {
    WRITTEN: {State.ASKED},
    WRITTEN_NUDGE: {State.ASKED},
    WRITTEN_ANSWER: {State.ANSWERED},
    WRITTEN_NO: {State.DECLINED, State.EXPIRED},
}


def ask_the_mentor(event: WrittenAskEvent, *, now: datetime) -> None:
    _tell(WRITTEN, event, now=now)


def nudge(event: WrittenAskEvent, *, now: datetime) -> None:
    """A day without an answer: the question once more, exactly once, and not at night."""
    _tell(WRITTEN_NUDGE, event, now=now)


def tell_of_answer(event: WrittenAskEvent, *, now: datetime) -> None:
    _tell(WRITTEN_ANSWER, event, now=now)


def tell_of_no(event: WrittenAskEvent, *, now: datetime) -> None:
    """A no, or silence: whoever asked hears it kindly, and finds others."""
    _tell(WRITTEN_NO, event, now=now)


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand, its link made; None once it is no longer true."""
    ask = true_ask(row, now=now)
    if ask is None:
        return None
    letter = letter_for(Reason.read(row.reason).mail, ask, now=now, link=_link(ask, row, now=now))
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def true_ask(row: Outgoing, *, now: datetime) -> WrittenAsk | None:
    """The question this is about, if it is still worth telling. Raises NotNow for a reminder at night."""
    reason = Reason.read(row.reason)
    rows = WrittenAsk.objects.within(row.org_id).select_related("mentor", "mentee", "need", "org")
    ask = rows.filter(pk=reason.session_id, state__in=TRUE_WHILE[reason.mail]).first()
    if ask is None or not row.person.is_active or is_blocked(ask.mentor, ask.mentee):
        return None
    over = ask.answer_by if ask.ended_at is None else ask.ended_at + AFTERWARDS
    if now >= over:
        return None
    if reason.mail == WRITTEN_NUDGE and (later := reminders.when_awake(row.person, now=now)) > now:
        raise NotNow(later)
    return ask


def letter_for(mail: str, ask: WrittenAsk, *, now: datetime, link: str) -> Letter:
    """What is said. link: where the mentor answers."""
    if mail in TO_WRITE:
        asked = _asked(ask, now=now, link=link)
        return asked if mail == WRITTEN else _once_more(ask, asked, now=now)
    return _answered(ask) if mail == WRITTEN_ANSWER else _closed(ask)


def _asked(ask: WrittenAsk, *, now: datetime, link: str) -> Letter:
    need, first, name = ask.need, one_line(ask.mentee.first_name), one_line(ask.mentee.called)
    until = until_words(ask.answer_by, zone_of(ask.mentor.zone), now=now)
    more = [("Tried so far", need.tried), ("A good outcome", need.good_outcome)]
    return Letter(
        subject=_subject(f"{first} asks you in writing: {short_question(need.text)}"),
        preview=f"A few sentences are enough, until {until}.",
        day=f"{name} asks you in writing",
        headline=f"{first} has a question, and no time that suits.",
        where=f"Answer in a few sentences, until {until}.",
        quote=shorten(clean(need.text), LONGEST_QUOTE),
        actions=(Action("Answer, or say no", link, primary=True), Action("See your page", addresses.today())),
        below=(
            Line(f"Would you rather talk? Say so with your answer, and {first} can book a time of yours."),
            Line("A no takes one press and helps, too."),
        ),
        more_title=f"What {first} says besides" if any(words for _, words in more) else "",
        more=tuple(f"{title}: {shorten(one_line(words), LONGEST_QUOTE)}" for title, words in more if words),
        foot=(
            f"The first link works once and only for you, until {until}.",
            f"You get this because you help at {one_line(ask.org.name)}.",
        ),
    )


def _once_more(ask: WrittenAsk, asked: Letter, *, now: datetime) -> Letter:
    """The same question with what is left of the time."""
    until = until_words(ask.answer_by, zone_of(ask.mentor.zone), now=now)
    first = one_line(ask.mentee.first_name)
    return replace(
        asked,
        subject=_subject(f"{first} still waits for a few words: {short_question(ask.need.text)}"),
        preview=f"An answer or a no, until {until}.",
        below=(Line(f"We remind you this once. It is open until {until}, then it closes."), *asked.below),
    )


def _answered(ask: WrittenAsk) -> Letter:
    first, name = one_line(ask.mentor.first_name), one_line(ask.mentor.called)
    book = Action(f"Book a time with {first}", times_of(ask))
    more = "Say whether it helped" if len(ask.answer) <= LONGEST_QUOTE else "Read the whole answer"
    return Letter(
        subject=_subject(f"{first} answered: {short_question(ask.need.text)}"),
        preview=shorten(one_line(ask.answer), LONGEST_SUBJECT),
        day=f"You asked {name} in writing",
        headline=f"{first} answered.",
        where=f"{first} would also talk about it." if ask.would_talk else "In their own words:",
        quote=shorten(ask.answer, LONGEST_QUOTE),
        actions=(Action(more, addresses.asked(ask.need), primary=True), book),
        below=(Line(f"{first} never reads how much it helped; it is counted with what others say."),),
        foot=("The links ask you to sign in if you are not.", f"You get this because you asked {name}."),
    )


def _closed(ask: WrittenAsk) -> Letter:
    first, name = one_line(ask.mentor.first_name), one_line(ask.mentor.called)
    head = f"{first} cannot answer this time." if ask.state == State.DECLINED else f"{first} did not answer in time."
    return Letter(
        subject=_subject(f"{head} Your question is still yours"),
        preview="Somebody else may: choose whom to ask.",
        day=f"You asked {name} in writing",
        headline=head,
        where=KIND_WORDS,
        quote=shorten(clean(ask.need.text), LONGEST_QUOTE),
        actions=(Action("Find somebody else", addresses.people_for(ask.need), primary=True),),
        below=(Line("It counts towards this week's requests, and is open no more."),),
        foot=("The link asks you to sign in if you are not.", f"You get this because you asked {name}."),
    )


def times_of(ask: WrittenAsk) -> str:
    """Where whoever asked books a time with the one who answered."""
    return f"{addresses.people_for(ask.need)}#m-{ask.mentor_id}"


def _subject(words: str) -> str:
    return shorten(one_line(words), LONGEST_SUBJECT)


def _link(ask: WrittenAsk, row: SentMail, *, now: datetime) -> str:
    if Reason.read(row.reason).mail not in TO_WRITE:
        return ""
    secret, subject = links.secret_of(row.pk, ANSWER), {"written": str(ask.pk), "person": str(row.person_id)}
    family = f"written {ask.pk.hex}"
    links.make_again({ANSWER: secret}, subject, lasts=ask.answer_by - now, now=now, family=family)
    return addresses.by_mail(ANSWER, secret)


def _tell(mail: str, event: WrittenAskEvent, *, now: datetime) -> None:
    """One mail and the notices for each question and kind of news, however often the news comes."""
    ask = WrittenAsk.objects.within(event.org_id).filter(pk=event.written_id).first()
    if ask is not None and ask.state in TRUE_WHILE[mail]:
        reader = ask.mentor_id if mail in TO_WRITE else ask.mentee_id
        outgoing.tell_people(event.org_id, [reader], Reason(mail, ask.pk, 0), now=now)
