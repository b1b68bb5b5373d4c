"""Every component in all its states, from the templates pages use. Not shown in production."""

from __future__ import annotations

from datetime import datetime
from functools import wraps
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from quarterhour.web.drawing import ICONS

LISBON = ZoneInfo("Europe/Lisbon")
QUESTION = (
    "I have been offered the team lead role. I like building, and I am afraid of losing it. "
    "Should I say yes now, or stay an engineer for another year?"
)
LONG = "Rechtsschutzversicherungsgesellschaftsfachangestellte"
FORTY = "Wolfeschlegelsteinhausenbergerdorff-Okafor"
RIGHT_TO_LEFT = "نور الهدى عبد الرحمن"


class Sample(forms.Form):
    """One field of each kind, some of them wrong."""

    mail = forms.EmailField(label="Your work address", help_text="We send a link. No password to remember.")
    length = forms.IntegerField(label="Length of a session", widget=forms.TextInput)
    insight = forms.CharField(label="What I see differently now", widget=forms.Textarea(attrs={"rows": 2}))
    notice = forms.ChoiceField(label="Notice I need", choices=[("12", "12 hours"), ("2", "2 hours"), ("24", "1 day")])
    budget = forms.IntegerField(
        label="Minutes a week",
        widget=forms.NumberInput(attrs={"type": "range", "min": 15, "max": 240, "step": 15}),
        help_text="About two people. You offer about 4 hours, so people can choose.",
    )
    day = forms.DateField(label="By when", widget=forms.DateInput(attrs={"type": "date"}))
    captions = forms.BooleanField(label="Captions on my screen", required=False)
    outside = forms.BooleanField(label="People outside my company", required=False)
    on_call = forms.BooleanField(label="On call until 12:00", required=False)
    road = forms.ChoiceField(
        label="How it went", choices=[("did", "I did it"), ("not", "Not yet")], widget=forms.RadioSelect
    )
    code = forms.CharField(label="Or type the six figures from the mail")


def shown(view):
    """For development and demonstration; elsewhere there is no such page."""

    @wraps(view)
    def guarded(request):
        if not getattr(settings, "SHOW_DESIGN", False):
            raise Http404
        with timezone.override(LISBON):
            return view(request)

    return guarded


@shown
def design(request):
    """All components on one page; the story is that of Thursday 26 November 2026."""
    return render(request, "design/design.html", _surroundings() | _components())


@shown
def room(request):
    """The room's own components, on its dark stage."""
    return render(request, "design/room.html", _surroundings() | _room())


def _at(day: int, hour: int, minute: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LISBON)


def _someone(seed: str, called: str, line: str) -> SimpleNamespace:
    return SimpleNamespace(pk=seed, called=called, line=line)


def _surroundings() -> dict:
    words = [
        ("Ask", "pen-line", "page"),
        ("Sessions", "calendar", ""),
        ("Decide", "scale", ""),
        ("Network", "waypoints", ""),
    ]
    return {
        "here": {"when": _at(26, 9, 4), "zone": "Europe/Lisbon", "zone_label": "Lisbon"},
        "navigation": [
            {"label": label, "icon": icon, "url": "#", "current": at, "count": None} for label, icon, at in words
        ],
        "question": QUESTION,
        "amara": _someone("amara", "Amara Okafor", "Director of engineering, Lagos"),
        "tomasz": _someone("tomasz", "Tomasz Zieliński", "Staff engineer, Kraków"),
        "ines": _someone("ines", "Inês Carvalho", "Head of platform, Porto"),
        "leila": _someone("leila", "Leila Haddad", "Backend engineer, Lisbon"),
        "ruth": _someone("ruth", "Ruth Abrams", "Engineering manager, Haifa"),
        "forty": _someone("forty", FORTY, LONG),
        "nur": _someone("nur", RIGHT_TO_LEFT, "مديرة هندسة البرمجيات، القاهرة"),
    }


def _components() -> dict:
    sample = Sample(
        {
            "mail": "leila@mare-energy.example",
            "length": "90",
            "insight": "A role can have an end date.",
            "notice": "12",
            "budget": 60,
            "day": "2026-11-30",
            "captions": "on",
            "outside": "on",
            "on_call": "on",
            "code": "",
        }
    )
    sample.add_error(
        "length",
        "90 minutes is longer than a micro session. Choose 15 to 60, or start a relationship for longer work.",
    )
    sample.errors.pop("road", None)
    sample.errors.pop("code", None)
    return {
        "form": sample,
        "icons": list(ICONS),
        "lengths": [(minutes, f"{minutes} minutes") for minutes in (0, 15, 25, 30, 45, 60)],
        "starts": [_at(26, 10, minute) for minute in (0, 5, 15, 30, 45, 50)],
        "ten_fifteen": _at(26, 10, 15),
        "eleven_thirty": _at(26, 11, 30),
        "fourteen": _at(26, 14, 0),
        "nine_four": _at(26, 9, 4),
        "quarters_one": ["there", "", "", ""],
        "quarters_three": ["there", "next", "there", "there"],
        "quarters_all": ["there"] * 4,
        "days": [
            {
                "label": "Today",
                "slots": [
                    {"start": _at(26, 10, 15), "minutes": 25, "pressed": True},
                    {"start": _at(26, 11, 30), "minutes": 25, "pressed": False},
                ],
            },
            {
                "label": "Tue 1 Dec",
                "slots": [
                    {"start": _at(1, 8, 45, 12), "minutes": 25, "pressed": False},
                    {"start": _at(1, 13, 0, 12), "minutes": 25, "taken": True},
                ],
            },
        ],
        "other_days": [
            {
                "label": "Tomorrow",
                "slots": [{"start": _at(27, hour, minute), "minutes": 25} for hour, minute in ((9, 0), (9, 30))],
            }
        ],
        "sure": {"helped": 14, "of": 16, "low": 0.64, "high": 0.97},
        "early": {"helped": 3, "of": 4, "low": 0.30, "high": 0.95},
        "unknown": {"helped": 0, "of": 0, "low": 0.0, "high": 1.0},
        "times": [
            {"value": "1230", "label": "Today 12:30", "minutes": 25, "start": "12:30", "checked": True},
            {"value": "1305", "label": "Today 13:05", "minutes": 25, "start": "13:05"},
            {"value": "other", "label": "Another time"},
        ],
        "topics": [
            {"value": "grades", "label": "Job grades and levels", "checked": True},
            {"value": "back", "label": "Stepping back from lead", "proposed": True},
            {"value": "long", "label": LONG},
        ],
        "sides": [
            {"label": "I asked", "url": "#asked", "current": True},
            {"label": "I helped", "url": "#helped", "count": 3},
        ],
        "boxes": [
            {"name": "Context", "minutes": 2, "state": "done"},
            {"name": "Dig", "minutes": 9},
            {"name": "Options", "minutes": 8},
            {"name": "Commit", "minutes": 6},
        ],
        "next_steps": [
            {
                "title": "09:05, Amara has your question",
                "words": "She reads it before you meet",
                "icon": "circle-check",
                "state": "done",
            },
            {
                "title": "Ringing Tomasz Zieliński",
                "words": "21 seconds left, then Jun Takahashi",
                "state": "now",
                "start": 0,
                "minutes": 28,
            },
            {"title": "10:05, the doors open", "words": "Check your microphone in peace", "icon": "video"},
            {"title": "10:15, you talk", "start": 15, "minutes": 25, "time": True},
        ],
        "sheet": [
            ("She asks", "Should I say yes now, or stay an engineer for another year?", "spoken"),
            ("Tried", "Covered for her lead in August. Liked the people, missed the quiet.", "spoken"),
            ("Decides by", "Friday 4 December. Two others are giving her a view as well."),
        ],
        "figures": [
            {"label": "Met", "number": 34},
            {"label": "Acted", "number": 30},
            {"label": "Helped", "number": 25, "small": "of 30", "gloss": "asked 30 days later"},
        ],
        "free": {
            "mon": [("09:00", "09:45")],
            "tue": [("09:45", "10:15"), ("14:00", "14:30")],
            "thu": [("12:30", "13:45")],
            "fri": [("15:00", "15:45")],
        },
        "taken": {
            "mon": [("12:00", "13:15", "busy", "")],
            "wed": [("08:00", "18:00", "busy", "")],
            "thu": [("11:15", "11:45", "booked", "Leila")],
        },
        "weekdays": ["Mon", "Tue", "Wed", "Thu", "Fri"],
        "hours": ["8", "10", "12", "14", "16", "18"],
        "warmth": [[1, 2, 2, 2, 3, 0], [0, 3, 3, 2, 2, 1], [1, 2, 2, 2, 4, 2], [0, 3, 2, 2, 2, 0], [1, 2, 1, 1, 0, 5]],
        "nights": [""] * 6 + ["unsure"] + [""] * 4 + ["failed", ""],
        "messages": [
            Message(25, "Passed on to Inês.", extra_tags="/undo/7"),
            Message(
                25, "Booked: today 10:15 with Amara.", extra_tags='{"link": "/room/7", "link_words": "Open the room"}'
            ),
            Message(40, "Amara was just booked for 10:15. Your question is saved."),
        ],
    }


def _room() -> dict:
    return {
        "ten_fifteen": _at(26, 10, 15),
        "boxes": [
            {"name": "Context", "minutes": 2, "state": "done"},
            {"name": "Dig", "minutes": 9, "state": "done"},
            {
                "name": "Options",
                "minutes": 8,
                "state": "now",
                "spent": 3,
                "words": "At least two, with what each costs",
            },
            {"name": "Commit", "minutes": 6},
        ],
        "tabs": [
            {"value": "agenda", "label": "Agenda"},
            {"value": "notes", "label": "Notes", "current": True},
            {"value": "chat", "label": "Chat", "count": 1},
        ],
    }
