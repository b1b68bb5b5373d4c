"""Reading about people."""

from __future__ import annotations

from quarterhour.core.models import Organisation
from quarterhour.people.models import Membership, Person, Profile


def commons() -> Organisation:
    """The organisation everybody may join. Made on first use."""
    org, _ = Organisation.objects.get_or_create(slug="commons", defaults={"name": "Commons", "open_to_all": True})
    return org


def acting_in(person: Person | None, *, chosen: str | None = None) -> Organisation:
    """The organisation a person acts in: the chosen one if they belong to it, else the first they joined."""
    if person is None:
        return commons()
    places = list(Organisation.objects.filter(memberships__person=person).order_by("memberships__pk"))
    return next((org for org in places if str(org.pk) == chosen), places[0] if places else commons())


def manages(person: Person, org: Organisation) -> bool:
    return Membership.objects.filter(person=person, org=org, role=Membership.Role.MANAGER).exists()


def profile_of(person: Person, *, org: Organisation) -> Profile:
    """This person's profile in `org`, made empty on first use."""
    profile, _ = Profile.objects.within(org).get_or_create(person=person, org=org)
    return profile


def mentor_profile(mentor_id, *, visible_to: Person, org: Organisation) -> Profile:
    """The profile of a mentor as a fellow member may see it, topics and stories included.

    Raises Profile.DoesNotExist for strangers and for people who do not offer time.
    """
    seen = Profile.objects.visible_to(visible_to).mentors().filter(org=org)
    return seen.select_related("person").prefetch_related("topics", "stories").get(person_id=mentor_id)
