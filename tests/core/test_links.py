"""Links in mails act once, on a press, and only while they are the newest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterhour.core import links
from quarterhour.core.models import SingleUseLink

DAY = timedelta(days=1)


def test_looking_changes_nothing_and_using_happens_once(db, now):
    secret = links.make("release", {"session": "7"}, lasts=DAY, now=now)
    for _ in range(3):
        assert links.look("release", secret, now=now).subject == {"session": "7"}
    assert links.use("release", secret, now=now).used_at == now
    with pytest.raises(links.LinkSpent, match="already used"):
        links.use("release", secret, now=now)


def test_it_ends_when_it_said(db, now):
    secret = links.make("release", {}, lasts=DAY, now=now)
    assert links.look("release", secret, now=now + DAY - timedelta(seconds=1))
    with pytest.raises(links.LinkSpent, match="expired"):
        links.look("release", secret, now=now + DAY)


def test_a_newer_mail_replaces_the_older_links(db, now):
    old = links.make("sign-in", {}, lasts=DAY, now=now, family="sign-in leila")
    new = links.make("sign-in", {}, lasts=DAY, now=now, family="sign-in leila")
    with pytest.raises(links.LinkSpent, match="newer mail"):
        links.use("sign-in", old, now=now)
    assert links.use("sign-in", new, now=now)


@pytest.mark.parametrize("wrong", ["", "x", "é" * 40, "\ud800", "a" * 100_000])
def test_a_secret_that_is_none_is_told_kindly(db, now, wrong):
    links.make("release", {}, lasts=DAY, now=now)
    with pytest.raises(links.LinkSpent, match="not one of ours"):
        links.look("release", wrong, now=now)


def test_a_link_for_one_thing_does_nothing_else(db, now):
    secret = links.make("release", {}, lasts=DAY, now=now)
    with pytest.raises(links.LinkSpent):
        links.use("accept", secret, now=now)


def test_the_secret_itself_is_nowhere_kept(db, now):
    secret = links.make("release", {}, lasts=DAY, now=now)
    assert secret not in str(SingleUseLink.objects.values().get())
    assert len(secret) >= 43  # 256 bits
