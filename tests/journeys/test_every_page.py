"""Every page of the address book, as each of the people sees it: open to everybody, quiet, and never too wide."""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.journeys.screens import QUESTION, ask, nobody_left_in_line
from tests.sessions.room_visitors import ROOT
from tests.web.test_doors import ALL, filled

from quarterhour.advice.services import ActionWords, AdviceWords, CardWords, write_card
from quarterhour.core import clock, links
from quarterhour.matching.cohort_models import CohortRun
from quarterhour.matching.cohort_rules import CohortRules
from quarterhour.matching.models import OnCall, Place, Ring
from quarterhour.needs.services import note_prospect, wait
from quarterhour.notifications import following_letters
from quarterhour.notifications import links as mail_links
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.prospects import STOP
from quarterhour.notifications.reports import APPEAL
from quarterhour.notifications.writing import ANSWER
from quarterhour.people.models import Profile
from quarterhour.people.services import block
from quarterhour.sessions.models import Appeal, Ask, Companion, HowKept, MentoringSession, Status
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.trust.report_appeals import appeal
from quarterhour.trust.report_models import ReportAnswer
from quarterhour.trust.reports import answer, report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 800}
LOOKS = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light")]
FOUND = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`);
}"""

# What these see that nobody else does.
OWN = {"manager": ("/program/", "/kept/appeals/", "/reports/"), "operator": ("/operate/", "/reports/")}

# Whether what has the focus, or a box drawn around it, wears a ring.
FOCUS_SHOWS = """() => {
  const rings = (each) => ["outlineStyle", "boxShadow"].some((name) => getComputedStyle(each)[name] !== "none");
  for (let each = document.activeElement, up = 0; each && up < 4; each = each.parentElement, up += 1)
    if (rings(each)) return true;
  return document.activeElement === document.body;
}"""
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.shifts += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def day(mentors, commons):
    """Leila's questions to Amara in every state a session can have, and the links of their mails."""
    with nobody_left_in_line():
        yield Day(mentors["Amara"], mentors["Tomasz"], commons)


class Day:
    def __init__(self, amara, tomasz, commons) -> None:
        self.now = clock.now().replace(microsecond=0)
        self.amara, self.tomasz, self.org = amara, tomasz, commons
        self.leila = PersonFactory(name="Leila Haddad", email="leila@town.example", org=commons)
        self.manager = PersonFactory(name="Hanna Lindqvist", org=commons, org__role="manager")
        self.operator = PersonFactory(name="Jonas Brandt", org=commons)
        type(self.operator).objects.filter(pk=self.operator.pk).update(is_operator=True)
        self.open = self._session(timedelta(minutes=-5))
        self._along(self.open)
        self.coming = self._session(timedelta(days=2))
        self.asked = self._session(timedelta(days=3), Status.ASKED, answer_by=self.now + timedelta(days=2))
        self.offered = self._session(timedelta(days=6), Status.ASKED, answer_by=self.now + timedelta(days=1))
        self.passed = self._session(timedelta(days=7), Status.DECLINED)
        self.silent = self._session(timedelta(days=8), Status.EXPIRED)
        self._came_of_requests()
        self.held = self._session(timedelta(days=4), Status.HELD, held_until=self.now + timedelta(minutes=9))
        self.released = self._session(timedelta(days=5), Status.CANCELLED)
        self.over = self._session(timedelta(days=-5), Status.ENDED, ended_at=self.now - timedelta(days=4))
        self.kept = self._session(timedelta(days=-3), Status.ENDED, ended_at=self.now - timedelta(days=2))
        self.missed = self._missed()
        about = {"because": "selling", "text": "An offer, twice.", "now": self.now}
        self.reported = report(session=self.kept, by=self.leila, **about)
        self.warned, self.appealed = (self._warned(report(session=self.kept, by=self.amara, **about)) for _ in "ab")
        appeal(answer=self.appealed, text="That was a joke.", now=self.now)
        self.waiting = wait(need=self.released.need, now=self.now)
        note_prospect(waiting=self.waiting, mentor=self.amara, now=self.now)
        block(other=PersonFactory(name="Rui Fontes", org=commons), by=self.leila, org=commons, now=self.now)
        self.place = self._in_line()
        self.written = self._in_writing(self.coming.need, "asked")
        self._in_writing(self.released.need, "answered", answer="Say yes.\n\nWith a date.", ended_at=self.now)
        self.cohorts = [self._paired(status) for status in ("done", "doing", "failed")]
        words = CardWords(
            insight="A role can have an end date.",
            advice=[AdviceWords(text="Say yes, with a review after six months.", applies_when="The team is small")],
            actions=[ActionWords(text="Ask Marek for a review date", due=self.now.date() + timedelta(days=3))],
        )
        write_card(
            session=self.kept, by=self.leila, words=words, seen=0, may_quote=True, held_on=self.now.date(), now=self.now
        )

    def _warned(self, made) -> ReportAnswer:
        said = {"outcome": "warned", "words": "Please offer nothing."}
        return answer(report_id=made.pk, **said, by=self.manager, org=self.org, now=self.now)

    def _along(self, session) -> None:
        """Leila brings two people, one of whom has answered."""
        asked = {"org": self.org, "session": session, "brought_by": self.leila, "asked_at": self.now}
        Companion.objects.create(**asked, email="a.very.long.name.indeed@departments.town.example")
        comes = {"person": self.manager, "accepted_at": self.now}
        Companion.objects.create(**asked, email=self.manager.email, **comes)

    def _missed(self) -> MentoringSession:
        """Leila waited for Amara, who says that it was otherwise."""
        missed = self._session(timedelta(days=-1), Status.ENDED, ended_at=self.now)
        alone = {"inside": [[missed.starts_at.isoformat(), missed.ends_at.isoformat()]], "lobby": [], "waited": 1500}
        nobody = {"inside": [], "lobby": [], "waited": 0}
        facts = {"mentor": nobody, "mentee": alone, "together": 0, "told": []}
        here = {"org": self.org, "session": missed}
        HowKept.objects.create(**here, word="missed by mentor", facts=facts, rule=1, judged_at=self.now)
        Appeal.objects.create(**here, person=self.amara, text="We talked by telephone.", said_at=self.now)
        return missed

    def _came_of_requests(self) -> None:
        here = {"org": self.org}
        times = [self.offered.starts_at, self.offered.starts_at + timedelta(days=1)]
        told = {"offered": times, "offered_at": self.now, "words": "Not tonight. Tomorrow before my day starts?"}
        Ask.objects.create(**here, session=self.offered, **told)
        Ask.objects.create(**here, session=self.passed, passed_to=self.tomasz, words="He has done it twice.")
        Ask.objects.create(**here, session=self.silent, paused=True)

    def _session(self, away, status=Status.CONFIRMED, **columns) -> MentoringSession:
        need = NeedFactory(mentee=self.leila, org=self.org, stated_at=self.now, text=QUESTION)
        session = make_session(need, self.amara, self.now + away, status=status, now=self.now)
        MentoringSession.objects.within(self.org).filter(pk=session.pk).update(**columns or {"status": status})
        session.refresh_from_db()
        return session

    def _in_line(self) -> Place:
        """Leila waits, and Amara, who is on call, is rung for her."""
        soon = self.now + timedelta(hours=1)
        here = {"org": self.org, "seen_at": self.now}
        OnCall.objects.create(**here, mentor=self.amara, since=self.now, until=soon)
        place = Place.objects.create(
            **here,
            need=self.held.need,
            mentee=self.leila,
            asked_at=self.now,
            minutes=25,
            fits={str(self.amara.pk): 0.9},
        )
        Ring.objects.create(org=self.org, place=place, mentor=self.amara, wave=0, rung_at=self.now, until=soon)
        return place

    def _in_writing(self, need, state, **told) -> WrittenAsk:
        at = {"asked_at": self.now, "answer_by": self.now + timedelta(days=2)}
        two = {"mentor": self.amara, "mentee": self.leila}
        return WrittenAsk.objects.create(org=self.org, need=need, state=state, **two, **at, **told)

    def _paired(self, status) -> CohortRun:
        pair = {
            "mentee": str(self.leila.pk),
            "mentor": str(self.amara.pk),
            "score": 0.5,
            "topics": [],
            "language": "en",
        }
        alone = {"mentee": str(self.manager.pk), "ruled": {"no shared language": 1}, "fit": 0, "nearest": ""}
        kept = (
            {"pairs": [pair | {"language": "en", "hours": 1, "told": False}], "alone": [alone]}
            if status == "done"
            else {}
        )
        chosen = {"mentees": [self.leila.pk, self.manager.pk], "places": {str(self.amara.pk): 1}}
        given = {"rules": asdict(CohortRules()), "made_by": self.manager, "made_at": self.now, "told": "No language."}
        return CohortRun.objects.create(org=self.org, status=status, **given, **chosen, **kept)

    def person(self, role):
        return {"mentee": self.leila, "mentor": self.amara, "manager": self.manager, "operator": self.operator}.get(
            role
        )

    def pages(self) -> list[str]:
        """Each address of the address book, once for every thing it can show, and the links of the mails."""
        doors = [each.pk for each in (self.open, self.coming, self.asked, self.released, self.kept)]
        keys = {
            "match:need": [self.coming.need_id, self.held.need_id, self.released.need_id],
            "ask:edit": [self.coming.need_id],
            "assist:meanwhile": [self.held.need_id, self.coming.need_id],
            "people:mentor": [self.amara.pk],
            "people:block": [self.amara.pk, self.leila.pk],
            "people:story": [Profile.objects.within(self.org).get(person=self.amara).stories.get().pk],
            "book:booked": [*doors, self.held.pk, self.missed.pk],
            "book:asked": [
                each.need_id for each in (self.asked, self.offered, self.passed, self.coming, self.released)
            ],
            "writing:answer": [self.written.pk],
            "book:other_time": [self.asked.pk],
            "book:release": [self.coming.pk, self.asked.pk],
            "book:pass_on": [self.asked.pk],
            "book:ask_instead": [self.passed.pk],
            "room:lobby": [*doors, self.missed.pk],
            "kept:kept": [self.missed.pk],
            "kept:settle": [self.missed.pk],
            "reports:case": [self.reported.pk, self.appealed.report_id],
            "reports:make": [self.kept.pk],
            "now:line": [self.place.pk],
            "mentor:brief": [self.asked.pk, self.over.pk],
            "advice:card": [self.over.pk, self.kept.pk],
            "program:cohort": [each.pk for each in self.cohorts],
        }
        known = [(name, path) for name, path in ALL if not name.startswith("demo:")]  # there is no town here
        plain = {filled(path, key) for name, path in known for key in keys.get(name, [self.open.pk])}
        return [*sorted(plain), "/nowhere/", "/sessions/?side=helped", f"/takeaway/{self.kept.pk}/?change"]

    def _followed(self) -> dict[str, str]:
        """The links of the letter that asks Leila, a week later, what became of it."""
        asked = {"session": self.kept, "person": self.leila, "kind": "week"}
        until = self.now + timedelta(days=9)
        row = FollowUp.objects.create(org=self.org, **asked, due_at=self.now, until=until, handed_at=self.now)
        mail = SentMail(org=self.org, person=self.leila, reason=f"follow-up {row.pk} 0", made_at=self.now)
        return following_letters.links_of(row, mail, now=self.now)

    def letters(self) -> list[str]:
        until = {"until": self.now + timedelta(days=1), "now": self.now}
        purposes = ("accept", "decline", "brief", "other-time", "pass-on")
        answers = mail_links.fresh(self.asked, self.amara, *purposes, **until)
        changes = mail_links.fresh(self.coming, self.leila, "coming", "move", "release", **until)
        subject = {"email": self.leila.email, "next": "/ask/", "zone": ""}
        told = {"waiting": str(self.waiting.pk), "person": str(self.leila.pk)}
        others = mail_links.fresh(self.offered, self.leila, "choose", **until)
        others |= mail_links.fresh(self.passed, self.leila, "ask-instead", **until)
        others |= mail_links.fresh(self.silent, self.amara, "back", **until, kin="back ")
        written = {"written": str(self.written.pk), "person": str(self.amara.pk)}
        by_letter = links.make(ANSWER, written, lasts=timedelta(minutes=9), now=self.now)
        stop = links.make(STOP, told, lasts=timedelta(minutes=9), now=self.now)
        judged = {"answer": str(self.warned.pk), "org": str(self.org.pk), "person": str(self.leila.pk)}
        appealing = links.make(APPEAL, judged, lasts=timedelta(minutes=9), now=self.now)
        way_in = links.make("sign-in", subject, lasts=timedelta(minutes=9), now=self.now)
        others |= self._followed()
        return [
            *(urlsplit(url).path for url in (answers | changes | others).values()),
            f"/sign-in/{way_in}/",
            f"/by-mail/{STOP}/{stop}/",
            f"/by-mail/{APPEAL}/{appealing}/",
            f"/by-mail/{ANSWER}/{by_letter}/",
        ]


def shown(site, person, pages) -> list[str]:
    """The pages among these addresses that this person is shown; the way to them is not followed."""
    visitor = site.visitor(person)
    answers = {page: visitor.get(page) for page in pages}
    return [page for page, answer in answers.items() if answer.status == 200 and "</html>" in answer.text]


@pytest.mark.parametrize("role", ["anonymous", "mentee", "mentor", "manager", "operator"])
def test_every_page_is_open_to_everybody_quiet_and_not_too_wide(live_site, screen, day, role):
    pages = shown(live_site, day.person(role), day.pages())
    if role == "anonymous":
        pages += [*day.letters(), "/nowhere/", "/match/", "/sign-in/sent/"]
    else:  # what others see just like this was looked at with their eyes
        own = OWN.get(role, "/")
        pages = [page for page in pages if page.startswith(own) and not page.startswith("/design/")]
    window = screen(0, reduced_motion="reduce")
    window.context.add_init_script(path=AXE)
    if day.person(role):
        window.context.add_cookies(live_site.cookies_for(day.person(role)))
    else:
        ask(window)
        window.go("/sign-in/")
        window.page.get_by_label("mail").fill(day.leila.email)
        window.press("Send me a link")
        expect(window.page.get_by_role("heading", name="Look in your mail")).to_be_visible()

    troubles = [trouble for page in pages for trouble in looked_at(window, page)]

    assert troubles == []
    assert len(pages) >= {"anonymous": 12, "mentee": 20, "mentor": 20}.get(role, 1)


def looked_at(window, path) -> list[str]:
    """What is wrong with this page, in each of its four looks."""
    window.complaints.clear()
    window.go(path)
    troubles = []
    for size, scheme in LOOKS:
        window.page.set_viewport_size(size)
        window.page.emulate_media(color_scheme=scheme)
        where = f"{path} {size['width']} {scheme}"
        troubles += [f"{where} {found}" for found in window.page.evaluate(FOUND)]
        if (spilt := window.spills()) > 0:
            troubles.append(f"{where} is {spilt} pixels too wide")
        meant = "status of 404" if path == "/nowhere/" else "\0"
    return troubles + [f"{path} {told}" for told in window.complaints if meant not in told]


def test_the_check_would_notice(live_site, screen, day):
    window = screen(0, reduced_motion="reduce")
    window.context.add_init_script(path=AXE)
    spoil = """document.addEventListener("DOMContentLoaded", () => {
      document.querySelector("main").insertAdjacentHTML("beforeend",
        "<img src='data:,'><p>Very wide</p>");
      document.querySelector("main").lastElementChild.style.inlineSize = "2000px";
      console.error("a complaint");
    });"""
    window.context.add_init_script(spoil)

    troubles = "\n".join(looked_at(window, "/about/"))

    assert "image-alt" in troubles
    assert "pixels too wide" in troubles
    assert "a complaint" in troubles


def test_a_question_is_asked_and_booked_by_keyboard_alone(live_site, screen, day):
    window = signed_in(live_site, screen, day)
    window.go("/ask/")
    tab_to(window, window.page.get_by_label("Your question, in your own words"))
    window.page.keyboard.type(QUESTION)
    expect(window.page.locator("#reading .sentence")).to_be_visible()
    tab_to(window, window.page.get_by_role("button", name="Find people"))
    window.page.keyboard.press("Enter")
    card = window.page.get_by_role("article", name="Amara Okafor")
    tab_to(window, card.locator("button.slot").last)
    with window.page.expect_response("**/here/"):  # the page says that somebody is there; nobody presses sooner
        window.page.keyboard.press("Enter")
    book = card.get_by_role("button", name=re.compile("^Book "))
    expect(book).to_be_focused()
    window.page.keyboard.press("Enter")
    expect(window.heading()).to_contain_text("with Amara.")
    assert window.complaints == []


def test_a_page_that_greets_late_keeps_nobody_from_the_booking_they_pressed(live_site, screen, day):
    window = signed_in(live_site, screen, day)
    greetings = []

    def book(route) -> None:
        answer = route.fetch(max_redirects=0)  # it is booked, and the browser does not know yet
        greetings.pop().continue_()  # answered with 409: the time is held no more
        time.sleep(0.5)
        route.fulfill(response=answer)

    window.page.route("**/here/", lambda route: greetings.append(route))  # noqa: PLW0108 - playwright marks it
    window.page.route("**/book/", book)
    window.go(f"/match/{day.held.need_id}/")
    card = window.page.get_by_role("article", name="Amara Okafor")
    window.press(re.compile("^Book "), within=card)

    expect(window.heading()).to_contain_text("with Amara.")
    assert greetings == []


ON_THE_PAGE = "it => [it.getBoundingClientRect().x + scrollX, it.getBoundingClientRect().y + scrollY]"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_jumps_when_a_part_is_replaced(live_site, screen, day, size):
    window = signed_in(live_site, screen, day, size)
    window.context.add_init_script(SHIFTS)
    window.go("/ask/")
    question = window.page.get_by_label("Your question, in your own words")
    stood = question.evaluate(ON_THE_PAGE)
    question.fill(QUESTION)
    expect(window.page.locator("#reading .sentence")).to_be_visible()
    assert question.evaluate(ON_THE_PAGE) == stood

    jumped(window)
    for label, value, name in (("Length", "45", "minutes"), ("Kind of help", "unblock", "kind")):
        window.page.get_by_label(label).select_option(value)
        expect(window.page.locator(f"#reading [name=settled][value={name}]")).to_be_attached()
    assert jumped(window) < 0.02

    window.press("Find people")
    card = window.page.get_by_role("article", name="Amara Okafor")
    expect(card).to_be_visible()
    jumped(window)
    card.locator("button.slot").last.click()
    expect(card.get_by_text("Held for you")).to_be_visible()
    assert jumped(window) < 0.02


def test_a_question_that_was_begun_is_read_back_after_a_reload(live_site, screen, day):
    window = signed_in(live_site, screen, day)
    window.go("/ask/")
    window.page.get_by_label("Your question, in your own words").fill(QUESTION)
    window.page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('quarterhour:draft'))")

    window.page.reload()

    expect(window.page.get_by_label("Your question, in your own words")).to_have_value(QUESTION)
    expect(window.page.locator("#reading .sentence")).to_be_visible()


def jumped(window) -> float:
    """How much has moved by itself since it was asked last, in the browser's own measure. Two frames are waited for."""
    return window.page.evaluate(
        """() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() => {
          const sum = window.shifts; window.shifts = 0; tell(sum);
        })))"""
    )


def signed_in(site, screen, day, size=WIDE):
    window = screen(0, viewport=size, reduced_motion="reduce")
    window.context.add_cookies(site.cookies_for(day.leila))
    return window


def tab_to(window, thing) -> None:
    """Press Tab until this thing has the focus, and look whether everybody can see that it has."""
    expect(thing).to_be_visible()
    for _ in range(90):
        window.page.keyboard.press("Tab")
        assert window.page.evaluate(FOCUS_SHOWS), window.page.evaluate("document.activeElement.outerHTML")[:200]
        if thing.evaluate("thing => thing === document.activeElement"):
            return
    raise AssertionError(f"{thing} cannot be reached by Tab")


def test_whoever_was_slower_reads_it_first_and_then_sees_everybody(live_site, screen, day):
    window = signed_in(live_site, screen, day)
    window.go(f"/match/{day.coming.need_id}/")
    card = window.page.get_by_role("article", name="Amara Okafor")
    slot = card.locator("button.slot").last
    start = datetime.fromisoformat(slot.get_attribute("value"))
    other = NeedFactory(mentee=PersonFactory(org=day.org), org=day.org, stated_at=day.now)
    make_session(other, day.amara, start, now=day.now)

    slot.click()

    refused = window.page.locator("#refused")
    expect(refused).to_contain_text("Amara Okafor was just booked for that time. Your question is saved.")
    expect(refused.locator("button.slot")).to_have_count(3)
    expect(refused).to_be_focused()
    expect(card).to_be_visible()
    expect(window.page.get_by_role("link", name="See everybody for your question")).to_have_count(0)
    assert [told for told in window.complaints if "409" not in told] == []
