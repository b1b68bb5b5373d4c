"""A person's calendars of elsewhere: added, changed, read again, removed. Reading itself is a job's work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from quarterhour.availability.calendar_models import BusyTime, CalendarAccount, OutsideCalendar
from quarterhour.availability.events import AccountToLookInto, AvailabilityChanged, CalendarToRead
from quarterhour.availability.models import Availability
from quarterhour.core import limits
from quarterhour.core.errors import Changed, Invalid, NotFound
from quarterhour.core.events import publish
from quarterhour.core.fetching import read_address
from quarterhour.core.sealing import seal, unseal
from quarterhour.core.text import clean
from quarterhour.people.models import Person

PURPOSE = "outside calendars"
MOST = 10
MOST_ACCOUNTS = 3
LONGEST_PASSWORD = 500
NOT_BOOKABLE = timedelta(days=14)  # the last days of what is read: further ahead than anybody may be booked
GONE = "This calendar is not among yours any more. Reload the page to see how things stand."


@transaction.atomic
def add_address(*, person: Person, address: str, name: str, now: datetime) -> OutsideCalendar:
    """Count the busy time of an ICS address. Until it has been read, all time is busy.

    Raises Invalid (also BadAddress) with a sentence for "address" or "name", TooMany for a tenth try in an hour.
    """
    target = read_address(address)
    known = list(_locked(person))
    _check_room(known, 1)
    _spend(person, now)
    if any(each.kind == OutsideCalendar.Kind.ICS and address_of(each) == target.url for each in known):
        told = "This address is among your calendars already."
        raise Invalid(told, fields={"address": told})
    whole = {"address": target.url, "login": [target.user, target.password] if target.user else None}
    return _add(person=person, kind=OutsideCalendar.Kind.ICS, name=name, shown=target.host, whole=whole, now=now)


@transaction.atomic
def add_account(*, person: Person, address: str, user: str, password: str, now: datetime) -> CalendarAccount:
    """Keep a CalDAV account and have its calendars listed. It takes no time until one of them is chosen.

    Raises Invalid (also BadAddress) with a sentence for "address", "user" or "password", TooMany.
    """
    target, user = read_address(address), clean(user)
    if not user or not password:
        missing = "user" if not user else "password"
        told = "Write the name you sign in with." if missing == "user" else "Write the password, best one for apps."
        raise Invalid(told, fields={missing: told})
    if len(user) > LONGEST_PASSWORD or len(password) > LONGEST_PASSWORD or ":" in user:
        raise Invalid("That is no name and password we can send.", fields={"user": "This name cannot be sent."})
    _spend(person, now)
    list(_locked(person))
    if CalendarAccount.objects.filter(person=person).count() >= MOST_ACCOUNTS:
        raise Invalid(f"You have {MOST_ACCOUNTS} accounts here. Remove one first.")
    account = CalendarAccount.objects.create(
        person=person,
        shown=f"{user} at {target.host}"[:300],
        sealed=seal({"address": target.url, "login": [user, password]}, purpose=PURPOSE),
        added_at=now,
    )
    publish(AccountToLookInto(org_id=None, account_id=account.pk), now=now)
    return account


@transaction.atomic
def choose(*, person: Person, account_id: UUID, numbers: Sequence[int], now: datetime) -> list[OutsideCalendar]:
    """Count these calendars of an account, by their place in its list. Those that count already stay as they are.

    Raises Invalid if none is chosen, or too many; NotFound for an account of somebody else's.
    """
    known = list(_locked(person))
    account = account_of(person, account_id)
    offered = [account.found[number] for number in dict.fromkeys(numbers) if 0 <= number < len(account.found)]
    have = {address_of(each) for each in known if each.account_id == account.pk}
    wanted = [each for each in offered if each["address"] not in have]
    if not offered:
        raise Invalid("Choose at least one calendar, or remove the account.")
    _check_room(known, len(wanted))
    return [
        _add(
            person=person,
            kind=OutsideCalendar.Kind.CALDAV,
            name=each["name"],
            shown=account.shown,
            whole={"address": each["address"]},
            now=now,
            account=account,
            known_as=each.get("known_as", []),
        )
        for each in wanted
    ]


@transaction.atomic
def change(
    *, person: Person, calendar_id: UUID, name: str, tentative: bool, unanswered: bool, known_as: str, now: datetime
) -> OutsideCalendar:
    """Say what counts in a calendar. It is read anew as a whole. Raises Invalid, NotFound."""
    row = _mine(person, calendar_id)
    addresses = [each.lower().removeprefix("mailto:") for each in clean(known_as).replace(",", " ").split()]
    if any("@" not in each or len(each) > 320 for each in addresses) or len(addresses) > 5:  # noqa: PLR2004
        told = "Write mail addresses, with commas between them, five at most."
        raise Invalid(told, fields={"known_as": told})
    row.name = clean(name)[:120] or row.shown[:120]
    row.tentative, row.unanswered, row.known_as = tentative, unanswered, addresses
    row.tag, row.whole_at = "", None
    row.save(update_fields=["name", "tentative", "unanswered", "known_as", "tag", "whole_at"])
    _read_soon(row, now)
    return row


@transaction.atomic
def write_into(*, person: Person, calendar_id: UUID | None, now: datetime) -> None:
    """Write sessions into this calendar from now on; into none with None.

    Raises NotFound, and Invalid for an ICS address.
    """
    chosen = None if calendar_id is None else _mine(person, calendar_id)
    if chosen is not None and chosen.kind != OutsideCalendar.Kind.CALDAV:
        raise Invalid("An ICS address can be read only. Connect the account to write into it.")
    mine = OutsideCalendar.objects.filter(person=person)
    mine.filter(written=True).exclude(pk=calendar_id).update(written=False)
    if chosen is not None:
        mine.filter(pk=chosen.pk).update(written=True)


@transaction.atomic
def read_again(*, person: Person, calendar_id: UUID, now: datetime) -> None:
    """Read a calendar now. Raises NotFound, TooMany."""
    row = _mine(person, calendar_id)
    _spend(person, now)
    _read_soon(row, now)


@transaction.atomic
def look_again(*, person: Person, account_id: UUID, now: datetime) -> None:
    """List the calendars of an account once more. Raises NotFound, TooMany."""
    account = account_of(person, account_id)
    _spend(person, now)
    CalendarAccount.objects.filter(pk=account.pk).update(looked_at=None, problem="")
    publish(AccountToLookInto(org_id=None, account_id=account.pk), now=now)


@transaction.atomic
def sign_in_again(*, person: Person, account_id: UUID, password: str, now: datetime) -> None:
    """A new password for an account; its calendars are read with it at once. Raises Invalid, NotFound, TooMany."""
    account = account_of(person, account_id)
    if not 0 < len(password) <= LONGEST_PASSWORD:
        told = "Write the password, best one for apps."
        raise Invalid(told, fields={"password": told})
    _spend(person, now)
    whole = {"address": address_of(account), "login": [(login_of(account) or ("", ""))[0], password]}
    CalendarAccount.objects.filter(pk=account.pk).update(
        sealed=seal(whole, purpose=PURPOSE), looked_at=None, problem=""
    )
    publish(AccountToLookInto(org_id=None, account_id=account.pk), now=now)
    for row in OutsideCalendar.objects.filter(account=account):
        _read_soon(row, now)


@transaction.atomic
def remove(*, person: Person, calendar_id: UUID, now: datetime) -> None:
    """Count this calendar no longer. Its time is free again. Raises NotFound."""
    _mine(person, calendar_id).delete()
    tell_of(person.pk, now=now)


@transaction.atomic
def remove_account(*, person: Person, account_id: UUID, now: datetime) -> None:
    """Forget an account, its password and its calendars. Raises NotFound."""
    account_of(person, account_id).delete()
    tell_of(person.pk, now=now)


def account_of(person: Person, account_id: UUID) -> CalendarAccount:
    row = CalendarAccount.objects.filter(person=person, pk=account_id).first()
    if row is None:
        raise NotFound("This account is not among yours any more. Reload the page to see how things stand.")
    return row


def address_of(row: OutsideCalendar | CalendarAccount) -> str:
    """The whole address, secrets included. Raises Sealed."""
    return str(_opened(row)["address"])


def login_of(row: OutsideCalendar | CalendarAccount) -> tuple[str, str] | None:
    """User and password, if there are any. Raises Sealed."""
    keeper = row.account if isinstance(row, OutsideCalendar) and row.account_id else row
    login = _opened(keeper).get("login")
    return (str(login[0]), str(login[1])) if isinstance(login, list) else None


def tell_of(person_id: UUID, *, now: datetime) -> None:
    """The person has other time to give than before, wherever they give any."""
    because = "a person is in one place, whatever the organisation"
    giving = Availability.objects.of_every_tenant(because=because).filter(mentor=person_id)
    for org_id in giving.order_by("org").values_list("org", flat=True):
        publish(AvailabilityChanged(org_id=org_id, mentor_id=person_id), now=now)


def keep_busy(calendar_id: UUID, spans: Sequence[tuple[int, int]], *, known_until: int, now: datetime) -> bool:
    """Replace the busy time of a calendar; what lies after `known_until` is busy. Seconds.

    Returns whether that changes anything in the weeks that can be booked.
    """
    last = known_until - int(NOT_BOOKABLE.total_seconds())
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [[lo for lo, _ in spans], [hi for _, hi in spans], now, last, calendar_id, known_until])
        (changed,) = cursor.fetchone() or (False,)
    return changed


# That the end of what we know moves on with the day is no news.
KEEP = """
WITH told AS (
  SELECT coalesce(range_agg(tstzrange(to_timestamp(lo), to_timestamp(hi))), '{}') AS busy
  FROM unnest(%s::bigint[], %s::bigint[]) AS span (lo, hi)
), known AS (SELECT tstzmultirange(tstzrange(%s, to_timestamp(%s))) AS time)
UPDATE availability_busytime AS row SET busy = told.busy + tstzmultirange(tstzrange(to_timestamp(later.at), NULL))
FROM told, known, availability_busytime AS before, (SELECT %s::uuid AS key, %s::bigint AS at) AS later
WHERE row.calendar_id = later.key AND before.calendar_id = later.key
RETURNING before.busy * known.time IS DISTINCT FROM told.busy * known.time
"""


def _add(*, person, kind, name, shown, whole, now, account=None, known_as=()) -> OutsideCalendar:
    row = OutsideCalendar.objects.create(
        person=person,
        account=account,
        kind=kind,
        name=(clean(name) or shown)[:120],
        shown=shown[:300],
        sealed=seal(whole, purpose=PURPOSE),
        known_as=list(known_as),
        added_at=now,
        due_at=now,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO availability_busytime (calendar_id, person_id, busy) VALUES (%s, %s, '{(,)}')",
            [row.pk, person.pk],
        )
    publish(CalendarToRead(org_id=None, calendar_id=row.pk), now=now)
    tell_of(person.pk, now=now)
    return row


def _read_soon(row: OutsideCalendar, now: datetime) -> None:
    OutsideCalendar.objects.filter(pk=row.pk).update(due_at=now)
    publish(CalendarToRead(org_id=None, calendar_id=row.pk), now=now)


def _locked(person: Person):
    """The person's calendars; whoever adds another one waits."""
    Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).values_list("pk").first()
    return OutsideCalendar.objects.filter(person=person)


def _mine(person: Person, calendar_id: UUID) -> OutsideCalendar:
    row = OutsideCalendar.objects.select_for_update(of=("self",)).filter(person=person, pk=calendar_id).first()
    if row is None:
        raise NotFound(GONE)
    return row


def _check_room(known: Sequence[OutsideCalendar], more: int) -> None:
    if len(known) + more > MOST:
        raise Invalid(f"You have {len(known)} calendars here, and {MOST} is the most. Remove one first.")


def _spend(person: Person, now: datetime) -> None:
    told = "That was often. Wait an hour; calendars are read every quarter of an hour by themselves."
    limits.spend(f"calendars:{person.pk}", most=30, per=timedelta(hours=1), now=now, told=told)


def _opened(row: OutsideCalendar | CalendarAccount) -> dict:
    found = unseal(row.sealed, purpose=PURPOSE)
    if not isinstance(found, dict):
        raise Changed(GONE)
    return found


__all__ = [
    "BusyTime", "account_of", "add_account", "add_address", "address_of", "change", "choose", "keep_busy", "login_of",
    "look_again", "read_again", "remove", "remove_account", "sign_in_again", "tell_of", "write_into",
]  # fmt: skip
