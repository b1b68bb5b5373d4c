"""Reading about people."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from quarterhour.core.errors import NotAllowed, NotFound
from quarterhour.core.models import Organisation
from quarterhour.engines.words import tokens
from quarterhour.people import taxonomy
from quarterhour.people.models import Block, Membership, Person, Profile, Skill, Story

SURELY = 1.5  # of the taxonomy's score: every word of a name, one of them with a slip of the finger


class NoPlace(NotAllowed):
    """Somebody with an account who is a member nowhere."""


def commons() -> Organisation:
    """The organisation everybody may join. Made on first use."""
    org, _ = Organisation.objects.get_or_create(slug="commons", defaults={"name": "Commons", "open_to_all": True})
    return org


def acting_in(person: Person | None, *, chosen: str | None = None) -> Organisation:
    """The organisation a person acts in: the chosen one if they belong to it, else the first they joined.

    A visitor, None, looks at Commons. Raises NoPlace for somebody with an account who belongs nowhere:
    whoever was removed from an organisation does not go on acting in another one.
    """
    if person is None:
        return commons()
    places = [place.org for place in person.places]
    if not places:
        raise NoPlace(
            "You do not belong to any organisation here. Write to whoever runs this place to be let in again."
        )
    return next((org for org in places if str(org.pk) == chosen), places[0])


def manages(person: Person, org: Organisation) -> bool:
    return any(place.org_id == org.pk and place.role == Membership.Role.MANAGER for place in person.places)


def profile_of(person: Person, *, org: Organisation) -> Profile:
    """The profile of a person in `org`; an empty one, not kept, for somebody who has not said anything yet."""
    return Profile.objects.within(org).filter(person=person).first() or Profile(org=org, person=person)


def mentor_profile(mentor_id, *, visible_to: Person, org: Organisation) -> Profile:
    """The profile of a mentor as a fellow member may see it, topics and stories included.

    Raises Profile.DoesNotExist for strangers, for people who do not offer time, and where one of the two blocked
    the other.
    """
    seen = Profile.objects.visible_to(visible_to).mentors().filter(~blocked_beside(visible_to, "person"), org=org)
    return seen.select_related("person").prefetch_related("topics__skill", "stories").get(person_id=mentor_id)


def own_profile(person: Person, *, org: Organisation) -> Profile:
    """A person's own profile as `profile_of` tells it, with topics, skills and stories; four queries at most."""
    rows = Profile.objects.within(org).select_related("person").prefetch_related("topics__skill", "stories")
    return rows.filter(person=person).first() or Profile(org=org, person=person)


def own_story(person: Person, story_id: UUID, *, org: Organisation) -> Story:
    """One of this person's own stories. Raises NotFound for anybody else's."""
    found = Story.objects.within(org).filter(profile__person=person, pk=story_id).first()
    if found is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return found


def pins_for(names: Iterable[str]) -> dict[str, str]:
    """The skill each of these names means, where one clearly does: {name: skill's key}.

    A name is pinned to a skill that is called so, word for word, a slip of the finger forgiven: "nurse"
    is not "nurse moving into pharma". One query, none without names.
    """
    meant: dict[str, str] = {}
    for name in names:
        closest = next(iter(taxonomy.search(name, 1)), None)
        same_length = closest and len(tokens(closest.wording)) == len(tokens(name))
        if closest and same_length and closest.score >= SURELY:
            meant[name] = closest.skill.id
    if not meant:
        return {}
    known = set(Skill.objects.filter(pk__in=meant.values()).values_list("pk", flat=True))
    return {name: skill for name, skill in meant.items() if skill in known}


# --- people who never meet ---------------------------------------------------------------------------

# Whom somebody never meets, as part of a query that asks for their key twice.
NEVER_MET = (
    "SELECT blocked_id FROM people_block WHERE blocker_id = %s"
    " UNION ALL SELECT blocker_id FROM people_block WHERE blocked_id = %s"
)


def blocks_of(person: Person) -> QuerySet[Block]:
    """Whom this person blocked, the latest first, in whichever organisation. One query."""
    return Block.objects.visible_to(person).select_related("blocked").order_by("-created_at", "-pk")


def blocked_with(person: Person) -> set[UUID]:
    """Everybody whom this person never meets, whoever of the two wanted it. One query. For rules, never to be shown."""
    between = Block.objects.of_every_tenant(because=EVERYWHERE).filter(Q(blocker=person) | Q(blocked=person))
    pairs = between.values_list("blocker", "blocked")
    return {one for pair in pairs for one in pair} - {person.pk}


def is_blocked(one: Person, other: Person) -> bool:
    """Whether the two never meet, whoever of them wanted it. One query. For rules, never to be shown."""
    either = Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    return Block.objects.of_every_tenant(because=EVERYWHERE).filter(either).exists()


def blocked_beside(person: Person, column: str) -> Exists:
    """Whether the person a row names in `column` is one whom `person` never meets, as part of a query."""
    either = Q(blocker=person, blocked=OuterRef(column)) | Q(blocked=person, blocker=OuterRef(column))
    return Exists(Block.plain.filter(either))


EVERYWHERE = "whoever blocked somebody meets them in no organisation"
