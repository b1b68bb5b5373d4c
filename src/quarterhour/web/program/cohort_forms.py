"""Choosing a cohort: who asks, who gives and how many places, under which rules. Everybody takes part until unticked.

A page shows a part of the people at a time, so the form carries who was unticked and whose places were changed
elsewhere in two fields of their own: an organisation of ten thousand needs no more fields than one of ten.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from uuid import UUID

from django import forms

from quarterhour.core.errors import Invalid
from quarterhour.core.text import clean
from quarterhour.matching.cohort_people import Someone
from quarterhour.matching.cohort_rules import MOST_HOURS, CohortRules, Plan, places_from, rules_from
from quarterhour.web.people.forms import Form, Words

BARRED = str.maketrans("łøđħı", "lodhi")  # letters whose stroke is no accent of their own
SHOWN = 80  # people of each list at a time


class RulesForm(Form):
    share_a_language = forms.BooleanField(label="They share a language", required=False)
    other_area = forms.BooleanField(label="They work in different areas", required=False)
    new_pairs = forms.BooleanField(label="They have not met before", required=False)
    shared_hours = Words(
        label="Least hours a week that suit both",
        widget=forms.NumberInput(attrs={"min": 0, "max": MOST_HOURS, "inputmode": "numeric"}),
    )
    fairness = Words(
        label="Best total, or best for the worst off",
        widget=forms.NumberInput(attrs={"type": "range", "min": 0, "max": 1, "step": "0.1"}),
    )
    everyone = forms.BooleanField(label="Everyone first: as many pairs as can be", required=False)

    @classmethod
    def of(cls, rules: CohortRules) -> RulesForm:
        return cls(initial=asdict(rules))

    def rules(self) -> CohortRules:
        """The rules that were chosen. Raises Invalid with a sentence for each field."""
        self.is_valid()
        return rules_from(self.cleaned_data)


@dataclass(slots=True)
class Chosen:
    """Who takes part as far as the form knows. out: unticked. typed: places as they were typed, by person."""

    out: set[UUID] = field(default_factory=set)
    typed: dict[UUID, str] = field(default_factory=dict)
    find_asks: str = ""
    find_gives: str = ""
    wrong: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, data) -> Chosen:
        """What a form says. Keys that are none are nobody's."""
        ticked, shown = _keys(data.getlist("asks")), _keys(data.get("shown", "").split())
        chosen = cls(
            out=(_keys(data.get("out", "").split()) | shown) - ticked,
            find_asks=clean(data.get("find_asks", ""))[:80],
            find_gives=clean(data.get("find_gives", ""))[:80],
        )
        for pair in data.get("kept", "").split():
            key, _, text = pair.partition(":")
            chosen._type(key, text)
        for name, text in data.items():
            if name.startswith("places-"):
                chosen._type(name.removeprefix("places-"), text)
        return chosen

    def _type(self, key: str, text: str) -> None:
        for known in _keys([key]):
            self.typed[known] = clean(text)[:20]

    def tick(self, people: Iterable[Someone], *, ticked: bool) -> None:
        keys = {one.id for one in people}
        self.out = self.out - keys if ticked else self.out | keys

    def plan(self, people: Mapping[UUID, Someone], form: RulesForm) -> Plan:
        """What is to be paired. Raises Invalid; what is wrong with somebody's places stands in `wrong`."""
        fields: dict[str, str] = {}
        rules = CohortRules()
        try:
            rules = form.rules()
        except Invalid as error:
            fields = dict(error.fields)
        places = {one.id: self._places(one) for one in people.values() if one.mentor}
        if self.wrong:
            fields["places"] = "Look at the places marked above."
        if fields:
            raise Invalid("Some of this needs another look. What you chose is kept.", fields=fields)
        asking = tuple(one.id for one in people.values() if one.asks and one.id not in self.out)
        return Plan(mentees=asking, places={key: count for key, count in places.items() if count}, rules=rules)

    def _places(self, one: Someone) -> int:
        if one.id not in self.typed:
            return one.places
        try:
            return places_from(self.typed[one.id])
        except Invalid as error:
            self.wrong[one.id] = error.told
            return 0


def lists(people: Mapping[UUID, Someone], chosen: Chosen) -> dict:
    """Both lists as the page draws them, a part of each, and what is carried for those not in sight."""
    asking = [one for one in people.values() if one.asks]
    giving = [one for one in people.values() if one.mentor]
    found_asking = found(asking, chosen.find_asks)
    found_giving = sorted(found(giving, chosen.find_gives), key=lambda one: one.id not in chosen.wrong)
    seen = {one.id for one in found_giving[:SHOWN]}
    changed = {one.id: chosen.typed[one.id] for one in giving if one.id in chosen.typed and one.id not in seen}
    shown = found_asking[:SHOWN]
    in_sight = {one.id for one in shown}
    return {
        "asking": [{"one": one, "ticked": one.id not in chosen.out} for one in shown],
        "asking_all": len(asking),
        "asking_found": len(found_asking),
        "ticked": sum(one.id not in chosen.out for one in asking),
        "shown": " ".join(str(one.id) for one in shown),
        "out": " ".join(str(one.id) for one in asking if one.id in chosen.out and one.id not in in_sight),
        "giving": [
            {"one": one, "places": chosen.typed.get(one.id, str(one.places)), "wrong": chosen.wrong.get(one.id, "")}
            for one in found_giving[:SHOWN]
        ],
        "giving_all": len(giving),
        "giving_found": len(found_giving),
        "places": sum(_whole(chosen.typed.get(one.id), one.places) for one in giving),
        "kept": " ".join(f"{key}:{text}" for key, text in changed.items() if " " not in text),
        "chosen": chosen,
    }


def found(people: Iterable[Someone], words: str) -> list[Someone]:
    """Those whose name or role holds every word, accents aside, by name."""
    wanted = _plain(words).split()
    those = [one for one in people if all(word in _plain(f"{one.name} {one.role}") for word in wanted)]
    return sorted(those, key=lambda one: _plain(one.name))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(BARRED)
    return "".join(c for c in folded if not unicodedata.combining(c))


def _whole(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    try:
        return places_from(text)
    except Invalid:
        return 0


def _keys(texts: Iterable[str]) -> set[UUID]:
    keys = set()
    for text in texts:
        try:
            keys.add(UUID(text))
        except ValueError:
            continue
    return keys
