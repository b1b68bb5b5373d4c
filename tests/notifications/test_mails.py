"""What people read: each mail of a session, in both of its bodies."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import MentorFactory, make_session
from tests.notifications.conftest import TEN_FIFTEEN
from tests.notifications.reading import bodies, content_lines, links_in

from quarterhour.matching.handing_over import cannot_come
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.notifications import letters, post
from quarterhour.notifications.letters import Letter
from quarterhour.people.models import Profile, Skill, Topic
from quarterhour.sessions import services

QUESTION = "Should I say yes now, or stay an engineer for another year?"


class Read(HTMLParser):
    """What a person sees of a page, and the addresses in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen, self.addresses, self.tags, self._silent = [], [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._silent += tag in {"style", "title"}
        self.addresses += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        self._silent -= tag in {"style", "title"}

    def handle_data(self, data):
        if not self._silent:
            self.seen.append(data)

    @property
    def words(self) -> list[str]:
        return " ".join(self.seen).split()


def calendar_of(message) -> dict[str, str]:
    file = next(p for p in message.walk() if p.get_content_type() == "text/calendar").get_payload(decode=True)
    lines = content_lines(file)
    first_alarm = next((i for i, line in enumerate(lines) if line[2] == "VALARM"), len(lines))
    return {name: value for name, _, value in lines[:first_alarm]}


def confirmed(need, amara, now):
    return services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=need.mentee, now=now)


@pytest.fixture
def invited(need, amara, now, deliver):
    session = confirmed(need, amara, now)
    return session, deliver()


def test_both_are_invited_each_on_their_own_clock(invited):
    _, mails = invited

    assert mails["leila@town.example"]["Subject"].startswith("Today 10:15 with Amara: Should I say yes now")
    assert mails["amara@town.example"]["Subject"].startswith("Today 11:15 with Leila: Should I say yes now")
    hers = bodies(mails["amara@town.example"])["text/plain"]
    assert "Lagos time, with Leila Haddad. For Leila it is 10:15 in Lisbon." in hers


def test_a_person_is_called_as_they_said(need, amara, now, deliver):
    Profile.objects.within(need.org).filter(person=amara).update(pronouns="she/her")
    confirmed(need, amara, now)

    assert "For her it is 11:15 in Lagos." in bodies(deliver()["leila@town.example"])["text/plain"]


def test_the_page_says_the_time_the_question_and_at_most_three_things_to_do(invited):
    session, mails = invited
    page = bodies(mails["leila@town.example"])["text/html"]

    assert "10:15 to 10:40</h1>" in page
    assert QUESTION in page
    assert page.count('class="act ') == 3
    assert f"http://localhost:8100/room/{session.pk}/" in page
    assert "Links that change something work once and only for you, until 10:40." in page
    assert not {"img", "script", "link"} & set(Read(page).tags)


def test_both_bodies_say_the_same_words(invited):
    _, mails = invited
    for message in mails.values():
        both = bodies(message)
        page = Read(both["text/html"])
        plain = both["text/plain"]

        hidden = both["text/html"].partition('overflow:hidden;">')[2].partition("</div>")[0].split()
        shown = [word.strip(".:“”,") for word in page.words]
        missing = [word for word in shown if word not in plain and word not in hidden]
        assert missing == []
        assert all(address in plain for address in page.addresses)


def test_a_mentor_reads_what_was_tried(need, amara, now, deliver):
    need.tried, need.good_outcome = "I covered for our lead in August.", "One sentence for Monday."
    need.save()
    confirmed(need, amara, now)
    mails = deliver()

    hers, his = bodies(mails["amara@town.example"])["text/plain"], bodies(mails["leila@town.example"])["text/plain"]
    assert "Tried: I covered for our lead in August." in hers
    assert "Good outcome: One sentence for Monday." in hers
    assert "Tried:" not in his


def test_the_invitation_travels_as_calendars_want_it(invited):
    _, mails = invited
    message = mails["leila@town.example"]

    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.get_payload()
    assert alternative.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in alternative.get_payload()] == ["text/plain", "text/html", "text/calendar"]
    assert b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n" in message.as_bytes()
    assert (attached.get_filename(), attached.get_content_type()) == ("invite.ics", "application/ics")
    assert attached.get_payload(decode=True) == alternative.get_payload()[2].get_payload(decode=True)


def test_no_line_of_the_message_is_longer_than_mail_allows(invited):
    _, mails = invited
    for message in mails.values():
        raw = message.as_bytes()
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
        assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_move_updates_the_same_calendar_entry(invited, leila, now, deliver):
    session, first = invited
    services.move(session=session, start=TEN_FIFTEEN + timedelta(minutes=15), by=leila, now=now)
    mails = deliver()

    before, after = calendar_of(first["leila@town.example"]), calendar_of(mails["leila@town.example"])
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert (after["METHOD"], after["DTSTART"]) == ("REQUEST", "20261126T103000Z")
    assert mails["leila@town.example"]["Subject"].startswith("Moved to today 10:30 with Amara")
    assert "You moved it." in bodies(mails["leila@town.example"])["text/plain"]
    assert "Leila moved it." in bodies(mails["amara@town.example"])["text/plain"]


def test_a_release_takes_the_entry_back_and_tells_both(invited, amara, now, deliver):
    session, first = invited
    services.cancel(session=session, by=amara, now=now, note="My train stands still.")
    mails = deliver()

    told = calendar_of(mails["leila@town.example"])
    assert (told["METHOD"], told["STATUS"], told["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")
    assert told["UID"] == calendar_of(first["leila@town.example"])["UID"]
    hers = bodies(mails["leila@town.example"])["text/plain"]
    assert "Amara writes: “My train stands still.”" in hers
    assert f"http://localhost:8100/match/{session.need_id}/" in hers
    assert "Released: 11:15 to 11:40" in bodies(mails["amara@town.example"])["text/plain"]
    assert "You released it." in bodies(mails["amara@town.example"])["text/plain"]
    assert "writes" not in bodies(mails["amara@town.example"])["text/plain"]


def test_a_request_is_told_to_the_mentor_alone_with_five_ways_to_answer(need, tomasz, leila, now, deliver):
    services.book(need=need, mentor=tomasz, start=TEN_FIFTEEN, minutes=25, by=leila, now=now)
    mails = deliver()

    assert list(mails) == [tomasz.email]
    message = mails[tomasz.email]
    assert message["Subject"].startswith("Leila asks for today 11:15: Should I say yes now")
    assert list(links_in(message)) == ["accept", "brief", "decline", "other-time", "pass-on"]
    assert "text/calendar" not in bodies(message)
    assert "The links work once and only for you, until 11:15." in bodies(message)["text/plain"]


def test_a_yes_invites_both(asked, tomasz, now, deliver):
    services.accept(session=asked, by=tomasz, now=now)

    assert set(deliver()) == {"leila@town.example", tomasz.email}


def test_a_no_is_told_with_a_way_on_and_without_its_reason(asked, tomasz, now, deliver):
    services.decline(session=asked, by=tomasz, now=now, note="Not my topic")
    mails = deliver()

    assert list(mails) == ["leila@town.example"]
    words = bodies(mails["leila@town.example"])["text/plain"]
    assert "Tomasz cannot this time." in words
    assert f"http://localhost:8100/match/{asked.need_id}/" in words
    assert "Not my topic" not in words


def test_silence_is_told_too(asked, now, deliver):
    later = now + timedelta(hours=1)
    services.expire(now=later)

    assert "Tomasz did not answer in time." in bodies(deliver(later)["leila@town.example"])["text/plain"]


def test_a_request_taken_back_is_told_to_the_mentor_without_a_calendar(asked, leila, now, deliver):
    services.cancel(session=asked, by=leila, now=now)
    mails = deliver()

    assert list(mails) == [asked.mentor.email]
    assert "text/calendar" not in bodies(mails[asked.mentor.email])


def test_after_the_session_both_get_the_card(booked, now, deliver):
    later = now + timedelta(hours=3)
    services.close_finished(now=later)
    mails = deliver(later)

    assert set(mails) == {"leila@town.example", "amara@town.example"}
    for message in mails.values():
        assert f"http://localhost:8100/takeaway/{booked.pk}/" in bodies(message)["text/plain"]
        assert message["Subject"].startswith("What do you take with you from")


def test_words_of_others_are_words_in_a_page_never_markup(need, amara, now, deliver):
    need.text = "<script>alert(1)</script> {{ letter.subject }} {% now %} & “quoted”"
    need.save()
    confirmed(need, amara, now)
    message = deliver()["leila@town.example"]

    page = bodies(message)["text/html"]
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ letter.subject }} {% now %} &amp;" in page
    assert "<script>alert(1)</script> {{ letter.subject }}" in bodies(message)["text/plain"]


plain_letter = Letter(subject="", preview="p", day="d", headline="h", where="w")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_question_breaks_out_of_the_subject(now, text):
    letter = Letter(**{**vars(plain_letter), "subject": f"Today 10:15 with {text}", "quote": text, "more": (text,)})

    message = post.built(letter, to="a@town.example", message_id="<1@localhost>", now=now)

    assert not set(str(message["Subject"])) & set("\r\n")
    raw = message.as_bytes().partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in raw.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert names == [
        b"Subject", b"From", b"To", b"Date", b"Message-ID", b"Auto-Submitted", b"X-Auto-Response-Suppress",
        b"MIME-Version", b"Content-Type",
    ]  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.text(min_size=1, max_size=2_000),
    zone=st.sampled_from(["Asia/Kathmandu", "America/St_Johns", "no/zone"]),
)
def test_every_question_makes_every_mail(booked, leila, now, question, zone):
    booked.need.text, leila.zone, booked.mentee.zone = question, zone, zone
    links = dict.fromkeys(
        ["move", "release", "accept", "decline", "brief", "other-time", "pass-on"], "http://localhost/x/"
    )
    scene = letters.Scene(session=booked, reader=leila, now=now, links=links)

    for write in (letters.invitation, letters.moved, letters.asked, letters.declined, letters.card):
        letter = write(scene)
        assert len(letter.subject) <= letters.LONGEST_SUBJECT
        assert len(letter.subject.splitlines()) == 1
        assert len(letter.html) < 40_000
        assert letter.text.endswith("\n")


def test_a_session_without_a_question_still_reads_well(need, amara, now, deliver):
    session = make_session(need, amara, TEN_FIFTEEN)
    session.need = None
    session.save()
    scene = letters.Scene(session=session, reader=amara, now=now, links={"move": "m", "release": "r"})

    assert letters.invitation(scene).subject == "Today 11:15 with Leila"
    assert "“”" not in letters.invitation(scene).text


# --- a mentor who cannot come -----------------------------------------------------------------------


@pytest.fixture
def others(commons, amara):
    """Amara, and Inês who fits as well."""
    ines = MentorFactory(name="Inês Carvalho", email="ines@town.example", org=commons)
    Skill.objects.update_or_create(pk="moving-into-management", defaults={"label": "x", "area": "x", "spellings": "x"})
    Topic.objects.within(commons).update(skill="moving-into-management")
    index_mentors(org=commons, mentor_ids=[amara.pk, ines.pk])
    count_words(commons.pk)
    return ines


def test_a_time_handed_over_is_taken_back_and_invited_anew(booked, others, amara, deliver, now, mailoutbox):
    cannot_come(session=booked, by=amara, now=now)
    deliver()
    to_leila = {m["Subject"].split(":")[0]: m for m in (x.message() for x in mailoutbox) if "leila" in m["To"]}

    old = bodies(next(m for subject, m in to_leila.items() if subject.startswith("Released")))["text/plain"]
    assert "Inês Carvalho takes the same time." in old
    assert "counts as late" in old
    new = next(m for subject, m in to_leila.items() if subject.startswith("Today 10"))
    assert "Amara Okafor cannot come. Inês takes the same time." in " ".join(bodies(new)["text/plain"].split())
    assert calendar_of(new)["UID"] != booked.ical_uid


def test_where_nobody_takes_over_the_mail_names_three_others(booked, others, amara, commons, deliver, now):
    Profile.objects.within(commons).filter(person=others).update(confirm="ask")
    cannot_come(session=booked, by=amara, now=now)
    for body in bodies(deliver()["leila@town.example"]).values():
        assert body.count("Inês Carvalho: ") == 3
        assert f"/sessions/{booked.pk}/" in body
