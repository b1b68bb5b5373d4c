"""Accounts, profiles, stories: what happens to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from quarterhour.core import audit, events
from quarterhour.core.errors import Changed, Invalid, NotAllowed, NotFound
from quarterhour.core.models import Organisation
from quarterhour.people import rules, taxonomy
from quarterhour.people.events import AccountOpened, PersonBlocked, PersonUnblocked, ProfileChanged
from quarterhour.people.models import Block, Membership, Person, Profile, Skill, Story, Topic
from quarterhour.people.queries import commons, pins_for

CHANGED = (
    "This profile was changed in another tab or on another device. What you typed is kept here. "
    "Look at what stands there now, then save yours or leave it."
)
UNKNOWN_PLACE = "UTC"


# --- accounts --------------------------------------------------------------------------------------


@transaction.atomic
def enter_by_mail(*, email: str, zone: str, now: datetime) -> Person:
    """The person who has shown that this address is theirs; a new account if nobody has it yet.

    email: as `rules.address` returns it. zone: the browser's guess, used where we know nothing better.
    A new account becomes a member of Commons; nobody who was removed from somewhere comes back this way.
    Raises NotAllowed if the account is closed.
    """
    guess = zone if zone in rules.zones() else ""
    person, fresh = _account_of(email, guess or UNKNOWN_PLACE)
    if not person.is_active:
        raise NotAllowed("This account is closed. Write to whoever runs this place if that is a mistake.")
    if guess and not fresh and person.last_login is None and person.zone == UNKNOWN_PLACE:
        person.zone = guess
        person.save(update_fields=["zone"])
    if fresh:
        Membership.objects.create(person=person, org=commons())
        events.publish(AccountOpened(org_id=None, person_id=person.pk), now=now)
    return person


def join(*, person: Person, org: Organisation, now: datetime) -> None:
    """A member of an organisation that is open to all, from now on; who is one already stays what they are.

    Raises NotAllowed where somebody there has to let people in.
    """
    if not org.open_to_all:
        raise NotAllowed(f"{org.name} lets people in by itself. Ask somebody there how to become a member.")
    _, fresh = Membership.objects.get_or_create(person=person, org=org)
    if fresh:
        person.__dict__.pop("places", None)
        audit.note(act="joined", on=f"person {person.pk}", by=str(person.pk), org_id=org.pk, now=now)


def _account_of(email: str, zone: str) -> tuple[Person, bool]:
    known = Person.objects.alias(lowered=Lower("email")).filter(lowered=email)
    person = known.first()
    if person is not None:
        return person, False
    try:
        with transaction.atomic():
            return Person.objects.create_user(email, zone=zone), True
    except IntegrityError:
        # Two links of one new address, pressed at once on two devices: the other was quicker.
        return known.get(), False


def rename(person: Person, name: str) -> None:
    """Call this person so from now on. Raises Invalid with a sentence."""
    person.name = rules.called(name)
    person.save(update_fields=["name"])


def move_to(person: Person, zone: str) -> None:
    """Show this person's times on the clock of another place. Raises Invalid with a sentence."""
    person.zone = rules.known_zone(zone)
    person.save(update_fields=["zone"])


def sign_out_everywhere(person: Person) -> None:
    """End every session of this person. The one at hand lives on if its hash is renewed afterwards.

    Each session carries a hash of the password column. Nobody has a password here, so the column holds
    a random mark, and a new mark ends them all without looking for them.
    """
    person.set_unusable_password()
    person.save(update_fields=["password"])


# --- people who never meet -------------------------------------------------------------------------


@transaction.atomic
def block(*, other: Person, by: Person, org: Organisation, now: datetime) -> Block:
    """From now on these two never meet. Blocking twice is no mistake.

    Their rows are locked as a booking locks them, so that nothing is booked between the two meanwhile.
    What is booked already stands above: `sessions.apart.block` calls this and lets it go.
    Raises Invalid for oneself.
    """
    if other.pk == by.pk:
        raise Invalid("That is you. Choose somebody else.")
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=[other.pk, by.pk]).order_by("pk").values("pk"))
    mine = Block.objects.visible_to(by)
    known = mine.filter(blocked=other).first()
    if known is not None:
        return known
    made = Block.objects.create(org=org, blocker=by, blocked=other, created_at=now)
    audit.note(act="blocked", on=f"person {other.pk}", by=str(by.pk), org_id=org.pk, now=now)
    events.publish(PersonBlocked(org_id=org.pk, blocker_id=by.pk, blocked_id=other.pk), now=now)
    return made


@transaction.atomic
def unblock(*, other: Person, by: Person, now: datetime) -> None:
    """Take one's own block back; one the other made stays. Doing it twice is no mistake."""
    known = Block.objects.visible_to(by).filter(blocked=other).first()
    if known is None:
        return
    known.delete()
    audit.note(act="unblocked", on=f"person {other.pk}", by=str(by.pk), org_id=known.org_id, now=now)
    events.publish(PersonUnblocked(org_id=known.org_id, blocker_id=by.pk, blocked_id=other.pk), now=now)


# --- profiles --------------------------------------------------------------------------------------


@transaction.atomic
def save_profile(*, person: Person, org: Organisation, words: rules.ProfileWords, seen: int, now: datetime) -> Profile:
    """Write a profile and its topics as the form has them.

    seen: the version the form was made from. Raises Changed if there is a newer one by now.
    """
    profile = _locked(person, org)
    if profile.version != seen:
        raise Changed(CHANGED)
    Person.objects.filter(pk=person.pk).update(name=words.name, zone=words.zone)
    person.name, person.zone = words.name, words.zone
    before = {column: getattr(profile, column) for column in words.columns}
    for column, value in words.columns.items():
        setattr(profile, column, value)
    same_topics = _keep_topics(profile, words.topics)
    profile.version += 1
    profile.save()
    if not same_topics or before != dict(words.columns):
        _tell(profile, now)
    return profile


def _keep_topics(profile: Profile, words: Sequence[rules.TopicWords]) -> bool:
    """Make the topics those, keeping what is known of the ones that stay. Returns whether nothing changed."""
    kept = {topic.name.casefold(): topic for topic in profile.topics.all()}
    wanted = [each.name.casefold() for each in words]
    pins = pins_for([each.name for each in words if each.name.casefold() not in kept])
    before = [(topic.name, topic.level, topic.confirm) for topic in kept.values()]
    Topic.objects.within(profile.org_id).filter(
        pk__in=[topic.pk for name, topic in kept.items() if name not in wanted]
    ).delete()
    for position, each in enumerate(words):
        topic = kept.get(each.name.casefold()) or Topic(
            org_id=profile.org_id, profile=profile, skill_id=pins.get(each.name)
        )
        topic.name, topic.level, topic.confirm, topic.position = each.name, each.level, each.confirm, position
        topic.save()
    return before == [(each.name, each.level, each.confirm) for each in words]


@transaction.atomic
def offer_time(
    *,
    person: Person,
    org: Organisation,
    topics: Sequence[rules.TopicWords] = (),
    story: rules.StoryWords | None = None,
    now: datetime,
) -> Profile:
    """Let people find this person. New topics join those they have; the story is added.

    Raises Invalid, with the fields, while there is no topic or no story: nobody could see why to ask them.
    """
    profile = _locked(person, org)
    named = [(each.name.casefold(), each) for each in topics]
    have = {
        topic.name.casefold(): rules.TopicWords(name=topic.name, level=topic.level, confirm=topic.confirm)
        for topic in profile.topics.all()
    }
    joined = {**have, **{key: replace(each, confirm=have[key].confirm) if key in have else each for key, each in named}}
    missing = {}
    if not joined:
        missing["topics"] = "Name one thing people could ask you about."
    if story is None and not profile.stories.exists():
        missing["text"] = "Tell one story. It is what people read before they ask."
    if missing:
        raise Invalid(rules.AMISS, fields=missing)
    _keep_topics(profile, list(joined.values()))
    if story is not None:
        _add_story(profile, story)
    profile.is_mentor = True
    profile.mentor_since = profile.mentor_since or now
    profile.lengths = profile.lengths or [15, 25]
    profile.helps_with = profile.helps_with or ["decide", "unblock"]
    profile.version += 1
    profile.save()
    _tell(profile, now)
    return profile


@transaction.atomic
def stop_offering(*, person: Person, org: Organisation, now: datetime) -> Profile:
    """Nobody finds this person any more. What is booked stays booked, what they wrote stays written."""
    return _set(person, org, now, is_mentor=False)


@transaction.atomic
def pause(*, person: Person, org: Organisation, until: date, now: datetime, today: date) -> Profile:
    """No new sessions before the day `until`. Raises Invalid unless it lies ahead, within a year."""
    return _set(person, org, now, paused_until=rules.pause_until(until, today=today))


@transaction.atomic
def resume(*, person: Person, org: Organisation, now: datetime) -> Profile:
    return _set(person, org, now, paused_until=None)


def _set(person: Person, org: Organisation, now: datetime, **columns: object) -> Profile:
    profile = _locked(person, org)
    for column, value in columns.items():
        setattr(profile, column, value)
    profile.save(update_fields=list(columns))
    _tell(profile, now)
    return profile


# --- stories ---------------------------------------------------------------------------------------


@transaction.atomic
def add_story(*, person: Person, org: Organisation, words: rules.StoryWords, now: datetime) -> Story:
    """Add a story at the end. Raises Invalid when there are too many to be read."""
    profile = _locked(person, org)
    story = _add_story(profile, words)
    _tell(profile, now)
    return story


@transaction.atomic
def change_story(
    *, person: Person, org: Organisation, story_id: UUID, words: rules.StoryWords, seen: str, now: datetime
) -> Story:
    """Tell a story differently. seen: its `mark` when the form was made.

    Raises Changed if it reads differently by now, NotFound if it is not this person's.
    """
    profile = _locked(person, org)
    story = _own_story(profile, story_id)
    if mark_of(story) != seen:
        raise Changed("This story was changed in another tab. What you typed is kept here.")
    if (story.text, story.title, story.year) != (words.text, words.title, words.year):
        story.text, story.title, story.year = words.text, words.title, words.year
        story.save(update_fields=["text", "title", "year"])
        _tell(profile, now)
    return story


@transaction.atomic
def remove_story(*, person: Person, org: Organisation, story_id: UUID, now: datetime) -> dict:
    """Take a story away. Returns what `restore_story` needs to bring it back; JSON can hold it."""
    profile = _locked(person, org)
    story = _own_story(profile, story_id)
    remains = {"title": story.title, "text": story.text, "year": story.year, "position": story.position}
    story.delete()
    _tell(profile, now)
    return remains


@transaction.atomic
def restore_story(*, person: Person, org: Organisation, remains: Mapping, now: datetime) -> Story:
    """Bring back a story that was just removed, at its place."""
    profile = _locked(person, org)
    story = Story.objects.create(org=org, profile=profile, **remains)
    _tell(profile, now)
    return story


def mark_of(story: Story) -> str:
    """A short mark that changes whenever the story does, for forms to send back."""
    from hashlib import sha256

    return sha256(f"{story.title}\0{story.text}\0{story.year}".encode()).hexdigest()[:16]


def _add_story(profile: Profile, words: rules.StoryWords) -> Story:
    count = profile.stories.count()
    if count >= rules.MOST_STORIES:
        raise Invalid(f"You have told {count} stories. Take one away before you add another.")
    return Story.objects.create(
        org_id=profile.org_id,
        profile=profile,
        title=words.title,
        text=words.text,
        year=words.year,
        position=count,
    )


def _own_story(profile: Profile, story_id: UUID) -> Story:
    story = Story.objects.within(profile.org_id).filter(profile=profile, pk=story_id).first()
    if story is None:
        raise NotFound("This story is not there any more. Reload the page to see those that are.")
    return story


def _locked(person: Person, org: Organisation) -> Profile:
    """The profile of a person, made if need be, locked until the transaction ends."""
    Profile.objects.within(org).get_or_create(person=person, org=org)
    return Profile.objects.within(org).select_for_update().get(person=person)


def _tell(profile: Profile, now: datetime) -> None:
    events.publish(ProfileChanged(org_id=profile.org_id, profile_id=profile.pk), now=now)


# --- skills ----------------------------------------------------------------------------------------


def load_skills() -> int:
    """Bring the skill table in line with the taxonomy shipped with this version. Returns how many there are.

    Can be run any number of times; how often a skill was asked for is kept. Skills that left the
    taxonomy stay, since topics may be pinned to them.
    """
    rows = [
        Skill(id=each.id, label=each.label, area=each.area, spellings="\n".join(_spellings(each)))
        for each in taxonomy.skills()
    ]
    Skill.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["label", "area", "spellings"],
    )
    return len(rows)


def _spellings(skill: taxonomy.Skill) -> list[str]:
    """Label, synonyms and labels in other languages, lower case, each once."""
    others = (words for in_language in skill.labels.values() for words in in_language)
    return list(dict.fromkeys(each.rstrip("*").lower() for each in (*skill.names(), *others)))
