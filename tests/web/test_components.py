"""Every component, from the template a page uses, with names nobody should have to have."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from quarterhour.web.templatetags import components, pictures
from quarterhour.web.templatetags import forms as form_tags

WEB = Path(__file__).resolve().parents[2] / "src" / "quarterhour" / "web"
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="',
    "quote": "' autofocus onfocus='alert(1)",
    "right to left": "\u202eاسم طويل جدا \u2067עברית\u2069",
    "template": "{{ settings.SECRET_KEY }}{% icon 'x' %}",
    "long": "Donaudampfschifffahrtsgesellschaft" * 300,
}
VOID = {"input", "img", "br", "hr", "meta", "link", "rect", "circle", "path", "line"}
TEN_FIFTEEN = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)


class Given(forms.Form):
    length = forms.CharField(help_text="In minutes.")
    story = forms.CharField(widget=forms.Textarea)
    zone = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    road = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    shared = forms.BooleanField(required=False)
    budget = forms.IntegerField(widget=forms.NumberInput(attrs={"type": "range"}))


# Each tag as a page writes it. `name` is the hostile word, wherever a person's own words can arrive.
WRITTEN = {
    "icon": '{% icon "mail" size="large" %}',
    "mark": "{% mark %}",
    "dial": "{% dial start=start minutes=25 time=True label=name %}",
    "avatar": '{% avatar who size="large" %}',
    "quarter_clock": "{% quarter_clock 9 %}",
    "heat_chart": "{% heat_chart rows=names columns=names steps=steps label=name %}",
    "whiskers": "{% whiskers spread label=name %}",
    "strip": "{% strip nights label=name %}",
    "done_line": "{% done_line done_on today %}",
    "part": "{% part as piece %}{{ name }}{% endpart %}{{ piece }}",
    "hidden": "{% hidden name %}",
    "slot_button": '{% slot_button start 25 who=name name="start" value=name pressed=True %}',
    "slots": "{% slots days who=name %}",
    "chips": '{% chips options name="time" legend=name %}',
    "lengths": "{% lengths chosen=25 legend=name %}",
    "agenda": "{% agenda boxes start=start %}",
    "timer": "{% timer start=start minutes=25 title=name until=start words=name %}",
    "ring": "{% ring 35 60 name name label=name small=True %}",
    "week": "{% week free taken=taken label=name %}",
    "person": '{% person who line=name heading="h3" id="p1" %}',
    "quote": "{% quote name source=name marked=name lang=name %}",
    "story": "{% story name %}{{ name }}{% endstory %}",
    "mentor_card": (
        "{% part as facts %}<span>{{ name }}</span>{% endpart %}"
        '{% mentor_card who why=name id="m1" line=name view=name missing=name '
        "quality=quality on=name facts=facts footer=facts %}"
        "{% quote name %}{% endmentor_card %}"
    ),
    "interval": "{% interval 3 4 0.3 0.95 on=name %}",
    "now_offer": "{% now_offer name name start=start minutes=3 %}{{ name }}{% endnow_offer %}",
    "session": "{% session start 25 day=name when=name question=name next=True do=name %}{{ name }}{% endsession %}",
    "brief": "{% brief quarters hint=name live=True %}",
    "tracker": '{% tracker "booked" detail=name label=name %}',
    "brief_sheet": "{% brief_sheet rows %}",
    "steps": "{% steps items live=True %}",
    "figures": '{% figures items kind="three" %}',
    "bar": '{% bar 92 kind="time" label=name %}',
    "form_key": "{% form_key %}",
    "field": "{% field form.length placeholder=name %}{% field form.story kind='spoken' %}{% field form.zone %}"
    "{% field form.road %}{% field form.shared kind='toggle' label=name %}{% field form.budget hint=name %}",
    "choice": '{% choice options label=name %}{% choice options label=name name="tab" %}',
    "pick": "{% pick name name because=name several=True proposed=True %}{{ name }}{% endpick %}",
    "helpful": "{% helpful name=name chosen=3 %}",
    "helped_buttons": "{% helped_buttons 3 %}",
    "note": '{% note "differ" role="alert" %}<p>{{ name }}</p>{% endnote %}',
    "empty_place": '{% empty_place name art="rest" label=name solid=True %}<p>{{ name }}</p>{% endempty_place %}',
    "toasts": "{% toasts messages %}",
}


class Balance(HTMLParser):
    """Reads a piece of a page as a browser would: its elements, their attributes, its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def surroundings(name: str) -> dict:
    wrong = Given({"length": name, "story": "", "zone": "c", "road": "", "budget": "x"}, prefix="given")
    wrong.add_error("length", name)
    told = {
        "value": name,
        "label": name,
        "url": "/x",
        "count": 3,
        "current": True,
        "hidden": name,
        "minutes": 25,
        "start": TEN_FIFTEEN,
    }
    return {
        "name": name,
        "names": [name, name],
        "who": SimpleNamespace(pk="7", called=name),
        "start": TEN_FIFTEEN,
        "steps": [[0, 5], [1, 2]],
        "nights": ["", "failed"],
        "done_on": [date(2026, 10, 2), date(2026, 11, 3), date(2026, 11, 3)],
        "today": date(2026, 11, 26),
        "spread": [(name[:12], 3.0, 1.0, 4.0)],
        "days": [
            {
                "label": name,
                "slots": [
                    {"start": TEN_FIFTEEN, "minutes": 25, "taken": True},
                    {"start": TEN_FIFTEEN, "minutes": 25, "href": "/x"},
                ],
            }
        ],
        "options": [told, told | {"proposed": True, "checked": True}],
        "boxes": [
            {"name": name, "minutes": 2, "state": "done"},
            {"name": name, "minutes": 8, "state": "now", "spent": 3, "words": name},
        ],
        "free": {"mon": [("09:00", "09:45")]},
        "taken": {"mon": [("10:00", "11:00", "booked", name), ("12:00", "13:00", "busy", "")]},
        "quality": {"helped": 14, "of": 16, "low": 0.64, "high": 0.97},
        "quarters": ["there", "next", "", ""],
        "rows": [(name, name), (name, name, "spoken"), (name, "")],
        "items": [
            {
                "title": name,
                "label": name,
                "number": name,
                "small": name,
                "gloss": name,
                "words": name,
                "state": "now",
                "start": 0,
                "minutes": 15,
            },
            {"title": name, "icon": "bell", "state": "done", "label": name, "number": 1},
        ],
        "form": wrong,
        "messages": [
            Message(25, name, extra_tags="/undo/7"),
            Message(40, name, extra_tags='{"link": "//elsewhere", "link_words": "x"}'),
        ],
    }


def drawn(written: str, **given) -> str:
    return Template(written).render(Context(given))


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("tag", WRITTEN)
def test_words_stay_words_in_every_component(tag, hostile):
    read = Balance(drawn(WRITTEN[tag], **surroundings(hostile)))

    assert read.open == [], "something was left open"
    assert "script" not in [element for element, _ in read.elements]
    named = {attribute for _, attributes in read.elements for attribute in attributes}
    assert not {attribute for attribute in named if attribute.startswith("on") or attribute == "autofocus"}


@pytest.mark.parametrize("tag", [tag for tag in WRITTEN if "=name" in WRITTEN[tag] or "{{ name }}" in WRITTEN[tag]])
def test_the_words_are_there_as_they_were_written(tag):
    read = Balance(drawn(WRITTEN[tag], **surroundings(HOSTILE["script"])))

    told = "".join(read.words) + "".join(str(value) for _, attributes in read.elements for value in attributes.values())
    assert HOSTILE["script"] in told


def test_every_tag_is_tried_here():
    assert set(WRITTEN) == set(components.register.tags) | set(form_tags.register.tags) | set(pictures.register.tags)


def test_every_class_of_a_component_is_known_to_a_sheet():
    known = set()
    for sheet in [*WEB.glob("static/*.css"), *WEB.glob("static/components/*.css")]:
        known |= set(re.findall(r"\.([a-zA-Z][\w-]*)", sheet.read_text()))
    for tag, written in WRITTEN.items():
        for _, attributes in Balance(drawn(written, **surroundings("Amara"))).elements:
            used = set((attributes.get("class") or "").split())
            assert used <= known, f"{tag} uses {used - known}"


def test_a_slot_is_shown_on_the_readers_clock_and_sent_as_it_is():
    with timezone.override("Africa/Lagos"):
        read = drawn(
            "{% slots days who='Amara' %}", days=[{"label": "Today", "slots": [{"start": TEN_FIFTEEN, "minutes": 25}]}]
        )

    assert '<time datetime="2026-11-26T11:15:00+01:00">11:15</time>' in read
    assert 'name="start" type="submit" value="2026-11-26T10:15Z"' in read
    assert '<span class="visually-hidden"> with Amara, 25 minutes</span>' in read


def test_the_state_of_a_slot_is_its_attribute():
    written = "{% slot_button start 25 name='s' value='1' pressed=pressed taken=taken %}"

    assert 'aria-pressed="true"' in drawn(written, start=TEN_FIFTEEN, pressed=True, taken=False)
    assert 'aria-pressed="false"' in drawn(written, start=TEN_FIFTEEN, pressed=False, taken=False)
    assert "aria-pressed" not in drawn(written, start=TEN_FIFTEEN, pressed=None, taken=False)
    assert " disabled" in drawn(written, start=TEN_FIFTEEN, pressed=None, taken=True)


@pytest.mark.parametrize("quality", [None, {"helped": 1, "of": 2, "low": 0.1, "high": 0.9}])
@pytest.mark.parametrize("words", ["", "Led for two years."])
def test_a_mentor_card_always_has_its_eight_children(quality, words):
    read = drawn(
        '{% mentor_card who why=words id="m1" view=words missing=words '
        "quality=quality facts=words footer=words %}{% endmentor_card %}",
        who=SimpleNamespace(pk=1, called="Tomasz Zieliński"),
        words=words,
        quality=quality,
    )
    depth, children = 0, 0
    for closing, tag, alone in re.findall(r"<(/?)(\w+)[^>]*?(/?)>", read):
        children += depth == 1 and not closing
        depth += 0 if alone or tag in VOID else -1 if closing else 1

    assert children == 8


def test_a_field_ties_its_hint_and_its_error_to_the_control():
    form = Given({"length": ""}, prefix="given")
    read = Balance(drawn("{% field form.length hx_post='/check' %}", form=form))
    control = next(attributes for element, attributes in read.elements if element == "input")
    ids = {attributes["id"] for _, attributes in read.elements if "id" in attributes}

    assert control["aria-invalid"] == "true"
    assert control["class"] == "input"
    assert control["hx-post"] == "/check"
    assert control["aria-describedby"].split() == ["id_given-length-hint", "id_given-length-error"]
    assert set(control["aria-describedby"].split()) <= ids
    assert ("label", {"for": "id_given-length"}) in read.elements


def test_a_field_without_errors_says_nothing_of_errors():
    read = drawn("{% field form.story %}", form=Given())

    assert "aria-invalid" not in read
    assert "error" not in read
    assert 'class="input"' in read


def test_a_question_without_evidence_says_so():
    assert "Nobody has said yet" in drawn("{% interval 0 0 0 1 %}")
    assert "<b>" not in drawn("{% interval 0 0 0 1 %}")


def test_nothing_is_preselected_when_somebody_is_asked_how_much_it_helped():
    assert "checked" not in drawn("{% helpful %}")
    assert 'value="0" checked' in drawn("{% helpful chosen=0 %}")


def test_a_quote_marks_what_answers_and_leaves_it_where_it_does_not_occur():
    text = "I took the role. I put a review date in the offer."

    assert "“I took the role. <mark>I put a review date</mark> in the offer.”" in drawn(
        "{% quote t marked='I put a review date' %}", t=text
    )
    assert "<mark>" not in drawn("{% quote t marked='never said' %}", t=text)


def test_a_toast_offers_the_way_back_by_post_and_leads_nowhere_else():
    told = [
        Message(25, "Passed on to Inês.", extra_tags="/undo/7"),
        Message(25, "Odd.", extra_tags='{"undo": "//elsewhere", "link": "https://elsewhere"}'),
    ]
    read = drawn("{% toasts messages %}", messages=told, csrf_token="abc")

    assert '<form method="post" action="/undo/7"><input type="hidden" name="csrfmiddlewaretoken" value="abc">' in read
    assert read.count("<form") == 1
    assert "elsewhere" not in read


def test_toasts_for_a_part_of_a_page_find_their_corner():
    read = drawn("{% toasts messages oob=True %}", messages=[Message(40, "That did not work.")])

    assert 'id="toasts" role="status" hx-swap-oob="beforeend"' in read
    assert 'data-stays role="alert"' in read


def test_an_icon_nobody_drew_is_a_mistake_at_once():
    with pytest.raises(ValueError, match="no icon"):
        drawn("{% icon 'unicorn' %}")
    with pytest.raises(TemplateSyntaxError):
        drawn("{% mentor_card who %}")
