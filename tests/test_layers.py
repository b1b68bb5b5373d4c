"""The architecture, checked where the linter cannot see it."""

from __future__ import annotations

import pytest
from django.apps import apps

# From the bottom: a line may point at the lines below it, neighbours leave each other alone.
LINES = [
    {"core"},
    {"people"},
    {"programs"},
    {"needs", "availability"},
    {"sessions"},
    {"advice", "trust", "network", "relationships"},
    {"matching"},
    {"assistant", "immersive", "notifications"},
    {"web", "api"},
    {"config"},
]
HEIGHT = {name: height for height, line in enumerate(LINES) for name in line}


def _module(model) -> str:
    return model.__module__.split(".")[1]


KEYS = [
    (model, field)
    for model in apps.get_models()
    if model.__module__.startswith("quarterhour.")
    for field in model._meta.get_fields()
    if (field.many_to_one or field.one_to_one or field.many_to_many)
    and not field.auto_created
    and field.related_model.__module__.startswith("quarterhour.")
]


@pytest.mark.parametrize(("model", "field"), KEYS, ids=lambda x: getattr(x, "name", getattr(x, "__name__", "")))
def test_foreign_keys_point_down(model, field):
    here, there = _module(model), _module(field.related_model)
    assert here == there or HEIGHT[there] < HEIGHT[here], f"{model.__name__}.{field.name} points up at {there}"


def test_there_are_foreign_keys_to_check():
    assert len(KEYS) > 20
