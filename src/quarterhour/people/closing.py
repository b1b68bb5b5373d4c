"""An account is closed by whoever looks after the installation, and opened again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quarterhour.core import audit
from quarterhour.people.models import Person
from quarterhour.people.services import sign_out_everywhere


@transaction.atomic
def close(*, person: Person, by: Person, now: datetime) -> None:
    """Nobody signs in as this person, finds them or books them any more. What they wrote with others stays.

    What they have ahead stands above: `sessions.apart.let_everything_go` gives it back first.
    """
    person.is_active = False
    person.save(update_fields=["is_active"])
    sign_out_everywhere(person)
    audit.note(act="closed account", on=f"person {person.pk}", by=str(by.pk), now=now)


@transaction.atomic
def open_again(*, person: Person, by: Person, now: datetime) -> None:
    """They can sign in again. What was given back stays given back."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    audit.note(act="opened account", on=f"person {person.pk}", by=str(by.pk), now=now)
