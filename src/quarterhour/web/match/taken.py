"""Somebody was quicker: other times of the same mentor at once, and the people for the question after them.

Ranking everybody anew takes many times as long as saying so, and of two hundred who press for one time, a hundred and
ninety-nine would wait for it.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions.freedom import SpanTaken
from quarterhour.web import when


def taken_page(request, need: Need, mentor: Person, taken: SpanTaken, *, minutes: int) -> HttpResponse:
    """The refusal of a time, with three others. Where scripts run, the people come by themselves.

    minutes: the length this mentor offers for the question.
    """
    page = {
        "need": need,
        "mentor": mentor,
        "told": taken.told,
        "days": when.by_day(taken.starts, minutes=minutes, now=request.now),
        "at": reverse("match:need", args=[need.pk]),
    }
    return render(request, "match/taken.html", page, status=taken.status)
