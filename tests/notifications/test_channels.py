"""News through a browser and through a webhook: sealed, signed, once, and only where somebody wants it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
from tests.factories import make_session
from tests.live_server import free_port
from tests.notifications.listening import LOOPBACK, listening
from tests.notifications.push_reading import Browser

from quarterhour.core.errors import Invalid, NotFound, TooMany
from quarterhour.core.models import AuditEntry
from quarterhour.notifications import channels, delivering, push_keys, reminders, targets, webpush
from quarterhour.notifications.models import Notice, PushBrowser, PushKey, Reminder, SentMail, Webhook, Wishes

MONDAY = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)
DAY_BEFORE = MONDAY - timedelta(hours=24)


@pytest.fixture(autouse=True)
def _nobody_is_known_to_be_silent():
    delivering._silent.clear()


@pytest.fixture
def service(settings):
    """A server of somebody else's, on loopback, which the operator allowed."""
    settings.FETCH_ALLOWED = LOOPBACK
    with listening() as listener:
        yield listener


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def subscribed(service, leila, browser, now):
    """Leila's browser hears reminders and bookings."""
    return targets.add_browser(
        person=leila, endpoint=f"{service.url}/push/leila", name="Firefox on Linux", now=now, **browser.keys
    )


@pytest.fixture
def hooked(service, leila, now):
    """The secret of Leila's webhook."""
    return targets.set_webhook(person=leila, url=f"{service.url}/hook", now=now)


@pytest.fixture
def reminded(need, amara, now):
    session = make_session(need, amara, MONDAY)
    reminders.plan(session, now=now)
    return session


def notices():
    return Notice.objects.of_every_tenant(because="the test looks at all notices")


def send(at) -> int:
    with ThreadPoolExecutor(2) as pool:
        return delivering.send(delivering.due(now=at), pool=pool, now=at)


def test_a_browser_gets_the_question_and_nobody_on_the_way_reads_it(subscribed, service, browser, reminded, need):
    reminders.hand_over(now=DAY_BEFORE)

    assert send(DAY_BEFORE) == 1
    (heard,) = service.heard
    told = browser.read(heard.body)
    assert told["title"].startswith("Tomorrow 09:15: Should I say yes now")
    assert told["url"].endswith(f"/sessions/{reminded.pk}/")
    assert b"Should I" not in heard.body
    assert heard.headers["content-encoding"] == "aes128gcm"
    assert heard.headers["ttl"].isdigit()
    assert heard.headers["authorization"].startswith("vapid t=")
    assert len(heard.headers["topic"]) == 32
    subscribed.refresh_from_db()
    assert subscribed.reached_at == DAY_BEFORE


def test_the_last_one_is_urgent_and_lasts_until_the_start(subscribed, service, reminded):
    reminders.hand_over(now=MONDAY - timedelta(minutes=15))
    send(MONDAY - timedelta(minutes=15))

    (heard,) = service.heard
    assert (heard.headers["urgency"], heard.headers["ttl"]) == ("high", "900")


def test_a_webhook_gets_json_that_its_owner_can_check(hooked, service, reminded, need):
    reminders.hand_over(now=DAY_BEFORE)
    send(DAY_BEFORE)

    (heard,) = service.heard
    told = json.loads(heard.body)
    key = base64.b64decode(hooked.removeprefix("whsec_"))
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
    digest = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert heard.headers["webhook-signature"] == f"v1,{digest}"
    assert told["type"] == "session.reminder"
    assert told["data"]["question"] == need.text
    assert told["data"]["starts_at"] == "2026-11-30T09:15:00+00:00"
    assert told["data"]["with"] == "Amara Okafor"


def test_a_copy_carries_the_same_key(hooked, service, reminded):
    """What a worker killed between the answer and its note causes."""
    reminders.hand_over(now=DAY_BEFORE)
    send(DAY_BEFORE)
    notices().update(sent_at=None, due_at=DAY_BEFORE)
    send(DAY_BEFORE)

    assert len({heard.headers["webhook-id"] for heard in service.heard}) == 1
    assert len(service.heard) == 2


def test_each_reminder_goes_through_each_channel_once(subscribed, hooked, service, reminded):
    for _ in range(3):
        Reminder.objects.of_every_tenant(because="the timer lost its memory").update(handed_at=None)
        reminders.hand_over(now=DAY_BEFORE)
        send(DAY_BEFORE)

    assert sorted(heard.path for heard in service.heard) == ["/hook", "/push/leila"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(subscribed, service, reminded, status):
    service.answers = [status]
    reminders.hand_over(now=DAY_BEFORE)

    assert send(DAY_BEFORE) == 0
    assert PushBrowser.objects.count() == 0
    assert notices().exclude(gave_up_at=None).count() == 1


def test_a_server_in_trouble_is_tried_again_and_later(hooked, service, reminded):
    service.answers = [500, 503]
    reminders.hand_over(now=DAY_BEFORE)
    times = [DAY_BEFORE, DAY_BEFORE + timedelta(seconds=11), DAY_BEFORE + timedelta(seconds=32)]

    assert [send(at) for at in times] == [0, 0, 1]
    assert Webhook.objects.get().failed == ""
    assert [len(service.heard), notices().get().attempts] == [3, 3]


def test_a_server_that_says_no_is_left_alone_and_its_owner_told(hooked, service, reminded):
    service.answers = [403]
    reminders.hand_over(now=DAY_BEFORE)
    send(DAY_BEFORE)

    assert send(DAY_BEFORE + timedelta(hours=5)) == 0
    assert len(service.heard) == 1
    assert Webhook.objects.get().failed == "It answered with 403."


def test_an_address_in_our_own_network_is_never_asked(hooked, service, reminded, settings):
    settings.FETCH_ALLOWED = ()
    reminders.hand_over(now=DAY_BEFORE)
    send(DAY_BEFORE)

    assert service.heard == []
    assert notices().exclude(gave_up_at=None).count() == 1
    assert "private network" in Webhook.objects.get().failed


def test_a_server_that_is_away_costs_nobody_else_their_news(hooked, subscribed, service, reminded, browser):
    Webhook.objects.update(url=f"http://127.0.0.1:{free_port()}/")
    reminders.hand_over(now=DAY_BEFORE)

    assert send(DAY_BEFORE) == 1
    assert [heard.path for heard in service.heard] == ["/push/leila"]


def test_a_host_that_says_nothing_is_left_in_peace_for_a_while(hooked, service, reminded, leila, commons):
    hook, nobody = Webhook.objects.get(), f"http://127.0.0.1:{free_port()}/"
    Webhook.objects.update(url=nobody)
    reminders.hand_over(now=DAY_BEFORE)
    send(DAY_BEFORE)
    Webhook.objects.update(url=f"{nobody}another")
    targets.try_out(person=leila, org=commons, target=hook.pk, now=DAY_BEFORE)
    send(DAY_BEFORE + timedelta(seconds=5))

    newer = notices().get(reason__startswith="test")
    assert (newer.attempts, newer.due_at) == (0, DAY_BEFORE + delivering.REST)
    send(DAY_BEFORE + delivering.REST)
    newer.refresh_from_db()
    assert newer.attempts == 1


def test_what_is_over_is_not_told(subscribed, service, reminded):
    reminders.hand_over(now=DAY_BEFORE)

    assert send(MONDAY) == 0
    assert notices().exclude(overtaken_at=None).count() == 1


def test_a_person_chooses_per_kind_of_news(subscribed, hooked, service, leila, amara, reminded):
    quiet = {"quiet_from": time(22), "quiet_until": time(7)}
    channels.choose(
        person=leila, reminders=["webhook"], bookings=["push"], cards=[], actions=[], follow_ups=[], **quiet
    )
    reminders.hand_over(now=DAY_BEFORE)
    send(DAY_BEFORE)

    assert [heard.path for heard in service.heard] == ["/hook"]
    mails = SentMail.objects.of_every_tenant(because="the test looks at all mail")
    assert list(mails.values_list("person_id", flat=True)) == [amara.pk]


def test_bookings_always_come_by_mail_and_besides_as_chosen(subscribed, service, need, amara, now, deliver):
    from tests.notifications.conftest import TEN_FIFTEEN

    from quarterhour.sessions import services

    services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=need.mentee, now=now)
    arrived = deliver()
    send(now)

    assert set(arrived) == {"leila@town.example", "amara@town.example"}
    assert [heard.path for heard in service.heard] == ["/push/leila"]


def test_a_first_channel_hears_reminders_by_itself(subscribed, leila):
    assert Wishes.objects.get(person=leila).reminders == ["mail", "push"]


def test_quiet_hours_leave_a_day(leila):
    nothing = {news: [] for news in channels.NEWS}
    with pytest.raises(Invalid, match="14 hours at most"):
        channels.choose(person=leila, **nothing, quiet_from=time(6), quiet_until=time(22))


def test_a_browser_belongs_to_who_used_it_last(subscribed, service, amara, browser, now):
    targets.add_browser(person=amara, endpoint=f"{service.url}/push/leila", name="", now=now, **browser.keys)

    assert PushBrowser.objects.get().person_id == amara.pk


def test_there_is_room_for_ten_browsers(leila, browser, now):
    for n in range(12):
        at = now + timedelta(minutes=n)
        targets.add_browser(person=leila, endpoint=f"https://push.example/{n}", name=f"{n}", now=at, **browser.keys)

    assert set(PushBrowser.objects.values_list("name", flat=True)) == {str(n) for n in range(2, 12)}


@pytest.mark.parametrize(
    "url", ["", "ftp://town.example/", "https://", "https://a b/", "https://me:secret@town.example/", "x" * 3000]
)
def test_an_address_nothing_can_be_sent_to_is_refused(leila, url, now):
    with pytest.raises(Invalid):
        targets.set_webhook(person=leila, url=url, now=now)
    assert Webhook.objects.count() == 0


def test_on_a_site_with_encryption_a_webhook_has_it_too(leila, settings, now):
    settings.HTTPS = True
    with pytest.raises(Invalid, match="https://"):
        targets.set_webhook(person=leila, url="http://town.example/", now=now)


def test_the_secret_is_kept_sealed_and_the_act_is_noted(leila, now):
    secret = targets.set_webhook(person=leila, url="https://town.example/hook", now=now)

    assert secret not in str(Webhook.objects.values().get())
    assert AuditEntry.objects.get().detail == {"host": "town.example"}


def test_trying_out_is_for_ones_own_and_not_for_ever(hooked, service, leila, amara, commons, now):
    hook = Webhook.objects.get()
    targets.try_out(person=leila, org=commons, target=hook.pk, now=now)
    send(now)

    assert json.loads(service.heard[0].body)["type"] == "test"
    with pytest.raises(NotFound):
        targets.try_out(person=amara, org=commons, target=hook.pk, now=now)
    for _ in range(9):
        targets.try_out(person=leila, org=commons, target=hook.pk, now=now)
    with pytest.raises(TooMany):
        targets.try_out(person=leila, org=commons, target=hook.pk, now=now)


def test_what_is_long_over_is_forgotten(subscribed, service, reminded, settings):
    reminders.hand_over(now=DAY_BEFORE)
    kept = Reminder.objects.of_every_tenant(because="the test counts all reminders")

    assert reminders.forget_old(now=MONDAY + settings.KEEP - timedelta(days=2)) == 0
    assert reminders.forget_old(now=MONDAY + settings.KEEP + timedelta(days=1)) == 5
    assert kept.count() == notices().count() == 0


def test_our_key_is_made_once_and_kept_sealed(db, now):
    one, two = push_keys.public(now=now), push_keys.public(now=now)

    assert one == two == PushKey.objects.get().public
    number = push_keys.private(now=now).private_numbers().private_value.to_bytes(32, "big")
    assert webpush.packed(number) not in PushKey.objects.get().sealed_private


def test_a_changed_secret_makes_a_new_key_and_forgets_the_old_ones_browsers(subscribed, settings, now):
    before = push_keys.public(now=now)
    settings.SECRET_KEY = "another one, as long as it has to be in production"

    assert push_keys.public(now=now) != before
    assert PushBrowser.objects.count() == 0
