"""What the small scripts add, in a real browser on the page of components. No server: pages come from memory."""

import json
import re
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings
from playwright.sync_api import expect
from tests.chromium import quick

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "quarterhour" / "web" / "static"
SITE = "http://quarterhour.test"
DRAWN = "many => Number(document.querySelector('#part p')?.textContent.match(/[0-9]+/)) >= many"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages in a browser")]


@pytest.fixture(scope="module")
def pages():
    """Each address of the page of components, as the server would send it: (headers, body)."""
    told = {}
    with override_settings(ROOT_URLCONF="quarterhour.web.design.urls", SHOW_DESIGN=True):
        for address in ("/", "/room/"):
            response = Client().get(address)
            told[address] = ({"Content-Security-Policy": response["Content-Security-Policy"]}, response.content)
    return told


@pytest.fixture(scope="module")
def chromium(pages):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**quick())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, pages):
    def answer(route):
        address = urlsplit(route.request.url).path
        if address.startswith("/static/django_htmx/"):
            body = files("django_htmx").joinpath("static", address.removeprefix("/static/")).read_bytes()
            route.fulfill(body=body, content_type="text/javascript")
        elif address.startswith("/static/"):
            found = STATIC / address.removeprefix("/static/")
            route.fulfill(body=found.read_bytes(), content_type=KINDS[found.suffix])
        else:
            headers, body = pages[address]
            route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)

    context = chromium.new_context(viewport={"width": 1280, "height": 900}, timezone_id="Asia/Tokyo")
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    opened.wrong = []
    opened.on("console", lambda told: opened.wrong.append(told.text) if told.type == "error" else None)
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.route(f"{SITE}/**", answer)
    opened.goto(f"{SITE}/")
    yield opened
    context.close()
    assert opened.wrong == []


def windows(page, day="mon"):
    return page.eval_on_selector_all(f'.week [name="{day}"]', "fields => fields.map((field) => field.value)")


def test_a_block_of_the_week_moves_by_arrows_and_says_where_it_is(page):
    page.locator('.day[data-key="mon"] button.block').focus()

    page.keyboard.press("ArrowDown")
    assert windows(page) == ["09:15-10:00"]
    page.keyboard.press("Shift+ArrowDown")
    assert windows(page) == ["09:15-10:15"]
    expect(page.locator("[data-week-told]")).to_have_text("Monday 09:15 to 10:15.")
    expect(page.locator('[data-length="mon"]')).to_have_text("1 h")

    page.keyboard.press("ArrowRight")
    assert windows(page) == ["09:15-10:15"], "Tuesday has something at 9:45"
    expect(page.locator("[data-week-told]")).to_have_text("No room there.")


def test_a_block_of_the_week_goes_with_delete_and_focus_stays_in_the_week(page):
    page.locator('.day[data-key="mon"] button.block').focus()
    page.keyboard.press("Delete")

    assert windows(page) == []
    expect(page.locator("[data-week-told]")).to_have_text("Monday 09:00 removed.")
    assert page.evaluate("document.activeElement.matches('.week button.block')")


def test_what_is_booked_takes_no_width_from_the_hours_it_lies_in(page):
    free = '.day[data-key="thu"] button.block'
    alone = page.locator(free).first.bounding_box()
    booked = page.locator('.day[data-key="thu"] .booked')
    row, span = (
        page.locator(free).first.evaluate(f"b => b.style.getPropertyValue('--{each}')") for each in ("row", "span")
    )
    booked.evaluate(f"b => b.setAttribute('style', '--row: {row}; --span: {span}')")
    assert page.locator(free).first.bounding_box() == alone
    assert booked.bounding_box()["width"] == alone["width"]


def test_on_a_phone_the_numbers_of_the_days_say_that_they_are_minutes(page):
    said = page.locator(".week-frame > p.only-narrow")
    expect(said).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(said).to_be_visible()
    expect(said).to_have_text("Minutes to give, day by day")
    expect(page.get_by_role("group", name="Minutes to give, day by day")).to_be_visible()


def test_a_pointer_draws_a_block_where_there_is_none(page):
    day = page.locator('.day[data-key="sat"]')
    day.scroll_into_view_if_needed()
    box = day.bounding_box()
    row = box["height"] / 40
    page.mouse.move(box["x"] + 20, box["y"] + row * 8.5)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + row * 10.5, steps=4)
    page.mouse.up()

    assert windows(page, "sat") == ["10:00-10:45"]


def test_what_is_being_written_survives_the_page(page):
    page.fill("#d-ask", "Should I move to Porto?")
    page.wait_for_timeout(400)
    page.reload()

    expect(page.locator("#d-ask")).to_have_value("Should I move to Porto?")


def test_what_was_saved_since_has_the_last_word_over_a_draft(page):
    draft = {"at": 9e15, "words": {"question": ["what the server showed then", "an old draft"]}}
    page.evaluate("draft => localStorage.setItem('quarterhour:draft:design', draft)", json.dumps(draft))
    page.reload()

    expect(page.locator("#d-ask")).to_have_value(re.compile("^I have been offered the team lead role[.]"))


def test_a_toast_waits_under_the_pointer_and_leaves_afterwards(page):
    page.clock.install()
    page.reload()
    toast = page.locator(".toast", has_text="Passed on to Inês.")
    toast.hover()
    page.clock.run_for(15_000)
    expect(toast).to_have_count(1)

    page.mouse.move(5, 5)
    page.clock.run_for(11_000)
    expect(toast).to_have_count(0)
    expect(page.locator(".toast[data-stays]"), "what went wrong stays until it is closed").to_have_count(1)
    page.locator(".toast[data-stays] [data-dismiss]").click()
    page.clock.run_for(500)
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (390, 600), (1280, 900)])
def test_a_toast_in_a_room_lies_over_nothing_that_is_pressed(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{SITE}/room/")
    told = "You have been somebody else for a while, and now you are Leila Haddad again. The card is kept."
    corner = page.locator("#toasts")
    corner.evaluate("(here, told) => { here.innerHTML = `<div class='toast' data-stays><p>${told}</p></div>` }", told)
    toast = page.locator("#toasts .toast").bounding_box()
    assert toast["y"] >= 0
    for each in page.locator("button, a.button, textarea, input").all():
        box = each.bounding_box()
        if box and box["y"] < height:
            under = box["y"] + box["height"] <= toast["y"] or box["y"] >= toast["y"] + toast["height"]
            beside = box["x"] + box["width"] <= toast["x"] or box["x"] >= toast["x"] + toast["width"]
            assert under or beside, each.evaluate("e => e.outerHTML.slice(0, 200)")


def test_the_clock_moves_without_a_new_page_and_stays_in_the_readers_zone(page):
    page.clock.install(time="2026-11-26T09:04:30Z")
    page.reload()
    page.clock.run_for(61_000)
    shown = page.locator("[data-clock]")

    expect(shown).to_have_text("Thu 26 Nov, 09:05 Lisbon")
    expect(shown).to_have_attribute("datetime", "2026-11-26T09:05")
    expect(shown.locator(".dial-span")).to_have_count(1)


def test_a_toolbar_is_one_stop_and_arrows_go_through_it(page):
    page.goto(f"{SITE}/room/")
    bar = page.get_by_role("toolbar")
    expect(bar.locator('[tabindex="0"]')).to_have_count(1)

    bar.get_by_role("button", name="Mute").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Camera"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == "Leave"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Mute"


def test_a_dialog_asks_and_escape_is_a_way_out(page):
    expect(page.locator("#d-release")).to_be_hidden()
    page.get_by_role("link", name="Release it").click()
    expect(page.locator("#d-release")).to_be_visible()
    box = page.locator("#d-release").bounding_box()
    assert abs(box["x"] + box["width"] / 2 - 640) < 10, "it stands in the middle"

    page.keyboard.press("Escape")
    expect(page.locator("#d-release")).to_be_hidden()


def test_focus_goes_to_the_first_error(page):
    assert page.evaluate("document.activeElement.name") == "length"


def test_dark_is_chosen_at_once_and_kept_for_the_next_page(page):
    page.get_by_label("Dark").check()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")


def ask(page, *, trigger="click", **answer):
    """Adds a button that asks by htmx, and what it is told."""
    page.route(f"{SITE}/asked", lambda route: route.fulfill(content_type="text/html", **answer))
    page.evaluate(
        """trigger => {
            const place = document.querySelector('#main');
            place.insertAdjacentHTML('afterbegin', `<div id="place"><button hx-get="/asked" hx-target="#place"
                hx-trigger="${trigger}">Ask by htmx</button></div>`);
            htmx.process(place);
        }""",
        trigger,
    )


def test_what_is_on_its_way_shows_only_while_it_is(page):
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route(f"{SITE}/rest", hold)
    page.evaluate("""() => {
        const place = document.querySelector('#main');
        place.insertAdjacentHTML('afterbegin', `<section id="rest" hx-get="/rest" hx-trigger="ask">
            <div class="on-its-way stack"><span class="skeleton" style="--h: 5rem"></span></div></section>`);
        htmx.process(place);
    }""")
    bars = page.locator("#rest .skeleton")
    expect(bars).to_be_hidden()
    page.evaluate("htmx.trigger('#rest', 'ask')")
    expect(bars).to_be_visible()
    for _ in range(200):  # the bars show before the request has come through
        if waiting:
            break
        page.wait_for_timeout(50)
    waiting[0].fulfill(body="<p>Here they are</p>", content_type="text/html")
    expect(page.get_by_text("Here they are", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_note_in_the_room_moves_nothing(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{SITE}/room/")
    page.evaluate("""document.querySelector('.videos').insertAdjacentHTML('beforeend', '<div class="told"></div>')""")
    moved = """() => new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((each) => sum += each.value))
            .observe({ type: "layout-shift" });
        setTimeout(() => {
            document.querySelector('.told').innerHTML = `<div class="note differ"><div><p>${"Words. ".repeat(30)}</p><p
                class="row tight"><button class="button quiet small">Try again</button></p></div></div>`;
        }, 100);
        setTimeout(() => resolve(sum), 700);
    })"""
    before = page.locator(".video").first.bounding_box()
    assert page.evaluate(moved) == 0
    assert page.locator(".video").first.bounding_box() == before
    note, videos = page.locator(".told").bounding_box(), page.locator(".videos").bounding_box()
    assert videos["y"] <= note["y"]
    assert note["y"] + note["height"] <= videos["y"] + videos["height"]
    inside = page.get_by_role("button", name="Try again")
    inside.scroll_into_view_if_needed()
    expect(inside).to_be_in_viewport()


def test_a_part_that_renews_itself_waits_for_whoever_is_in_it(page):
    came = []

    def renew(route):
        came.append(route)
        route.fulfill(
            body=f"""<div id="part" data-gently hx-get="/part" hx-trigger="every 100ms" hx-swap="outerHTML">
            <p>Number {len(came)}.</p><details><summary>Why not</summary><input aria-label="Words"></details></div>""",
            content_type="text/html",
        )

    page.route(f"{SITE}/part", renew)
    page.evaluate("""() => {
        const place = document.querySelector('#main');
        place.insertAdjacentHTML('afterbegin',
            '<div id="part" hx-get="/part" hx-trigger="load" hx-swap="outerHTML"></div>');
        htmx.process(place);
    }""")
    page.wait_for_function(DRAWN, arg=3)
    page.evaluate("document.querySelector('#part details').open = true")
    page.wait_for_timeout(300)  # what was on its way has come
    page.evaluate("document.querySelector('#part details').open = true")
    page.wait_for_timeout(300)
    held = len(came)
    page.wait_for_timeout(500)
    assert len(came) == held, "nothing is drawn anew under somebody's hands"

    page.evaluate("document.querySelector('#part details').open = false")
    page.wait_for_function(DRAWN, arg=held + 2)
    page.locator("#part summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.wait_for_timeout(300)
    page.locator("#part summary").focus()
    held = len(came)
    page.wait_for_timeout(500)
    assert len(came) <= held + 1, "nor under the keyboard"


def test_enter_takes_a_word_over_and_sends_no_form(page):
    page.evaluate("""() => {
        const place = document.querySelector('#main');
        place.insertAdjacentHTML('afterbegin', `<form id="whole" action="/elsewhere" method="post"><input
            id="topic" name="topic" data-enter="change"><button>Send</button></form>`);
        window.told = [];
        for (const news of ["change", "submit"]) document.querySelector("#whole").addEventListener(news, (event) => {
            event.preventDefault();
            told.push(`${news} ${document.querySelector("#topic").value}`);
        });
    }""")
    page.press("#topic", "Enter")
    assert page.evaluate("told") == []
    page.type("#topic", "Delegation")
    page.press("#topic", "Enter")
    assert page.evaluate("told") == ["change Delegation"]
    assert page.evaluate("document.activeElement.id") == "topic"


def test_a_very_long_question_scrolls_in_its_box(page):
    page.fill("#d-ask", "A long story. " * 700)
    box, screen = page.locator("#d-ask").bounding_box()["height"], 900
    assert 200 < box < 0.6 * screen
    assert page.evaluate("document.querySelector('#d-ask').scrollHeight") > 2 * screen


def test_a_refusal_is_told_where_the_server_says(page):
    told = "<div class='note differ'>Amara was just booked.</div>"
    ask(page, status=409, body=told, headers={"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"})
    page.get_by_role("button", name="Ask by htmx").click()

    expect(page.locator("#notices")).to_have_text("Amara was just booked.")
    assert page.get_by_role("button", name="Ask by htmx").get_attribute("aria-busy") is None
    page.wrong = [told for told in page.wrong if "409" not in told]


def test_a_broken_server_is_told_and_the_page_stays(page):
    ask(page, status=502, body="<h1>Bad gateway</h1>")
    page.get_by_role("button", name="Ask by htmx").click()
    page.locator(".toast", has_text="Nothing you wrote is lost.").wait_for()

    expect(page.get_by_text("Bad gateway")).to_have_count(0)
    page.wrong = [told for told in page.wrong if "502" not in told]


def test_focus_goes_to_the_new_heading_when_the_old_place_is_gone(page):
    ask(page, body="<h2>Three people, three roads</h2><p>...</p>")
    page.get_by_role("button", name="Ask by htmx").click()

    expect(page.get_by_role("heading", name="Three people, three roads")).to_be_focused()


def test_a_part_that_renews_itself_moves_nobody(page):
    page.locator("#d-ask").focus()
    ask(page, trigger="load", body="<h2 data-focus>Two wait</h2>")
    page.get_by_role("heading", name="Two wait").wait_for()
    page.wait_for_timeout(100)

    assert page.evaluate("document.activeElement.id") == "d-ask"


def test_a_form_is_not_sent_twice_by_an_impatient_hand(page):
    sent, busy = page.evaluate(
        """() => {
            const button = document.querySelector('form.ask [type="submit"]');
            let sent = 0;
            addEventListener('submit', (event) => {
                sent += !event.defaultPrevented;
                event.preventDefault();
            });
            button.click();
            button.click();
            return [sent, button.getAttribute('aria-busy')];
        }"""
    )

    assert (sent, busy) == (1, "true")


def test_every_page_is_the_same_page_without_scripts(chromium, pages):
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.set_content(pages["/"][1].decode())

    expect(opened.locator("[data-needs-script]").first).to_be_hidden()
    expect(opened.locator(".week button.block")).to_have_count(5)
    expect(opened.locator("h1")).to_have_text("Every part, in every state")
    context.close()


@pytest.mark.parametrize("address", ["/", "/room/"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_components_have_no_barrier_a_machine_can_find(page, address, width, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(SITE + address)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))")

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "something is wider than the page"


def test_a_held_time_is_let_go_with_its_page_and_kept_on_the_way_to_the_next(page):
    page.evaluate("""() => {
        window.sent = [];
        navigator.sendBeacon = (to, words) => window.sent.push(`left ${to} ${[...words.keys()]}`);
        window.fetch = async (to) => (window.sent.push(`here ${to}`), new Response(null, { status: 204 }));
        const held = document.createElement("p");
        Object.assign(held.dataset, { held: "/left/", here: "/here/" });
        document.querySelector("main").append(held);
        held.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
        window.leave = () => window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    }""")
    assert page.evaluate("window.sent") == ["here /here/"]

    page.evaluate("""() => {
        const form = document.querySelector("main").appendChild(document.createElement("form"));
        form.dispatchEvent(new SubmitEvent("submit", { bubbles: true }));
        window.leave();
    }""")
    assert page.evaluate("window.sent") == ["here /here/"], "the confirmation keeps it"

    page.evaluate("window.leave()")
    assert page.evaluate("window.sent") == ["here /here/", "left /left/ csrfmiddlewaretoken"]

    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.evaluate("window.sent.at(-1)") == "here /here/", "back by the back button"


@pytest.mark.parametrize("width", [390, 1024])
def test_a_wide_table_breaks_no_word_and_scrolls_by_itself(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.evaluate("""() => {
        const cells = ["Commons", "0.62", "Bhattacharjee"].map((word) => `<td><span>${word}</span></td>`).join("");
        document.querySelector('#main').insertAdjacentHTML('afterbegin', `<div class="scroll-x" id="wide"><table
            class="table wide"><tbody><tr>${cells.repeat(4)}</tr></tbody></table></div>`);
    }""")
    lines = page.eval_on_selector_all("#wide td span", "spans => spans.map((each) => each.getClientRects().length)")
    assert set(lines) == {1}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_dialog_leaves_a_margin_on_a_phone(page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.get_by_role("link", name="Release it").click()
    expect(page.locator("#d-release")).to_be_visible()
    box = page.locator("#d-release").bounding_box()
    assert box["x"] >= 8
    assert box["x"] + box["width"] <= 320 - 8
