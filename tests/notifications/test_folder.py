"""Mail as files."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from django.core import mail

from quarterhour.notifications import folder
from quarterhour.notifications.folder import FolderBackend


@pytest.fixture
def kept(tmp_path, settings):
    settings.MAIL_FOLDER = tmp_path / "mail"
    return settings.MAIL_FOLDER


def message(subject: str) -> mail.EmailMessage:
    return mail.EmailMessage(subject, "Grüße", "Quarterhour <q@localhost>", ["leila@town.example"])


def test_each_message_becomes_one_file_that_only_its_owner_reads(kept):
    sent = FolderBackend().send_messages([message("one"), message("two")])

    files = sorted(kept.iterdir())
    assert sent == len(files) == 2
    read = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    assert [m["Subject"] for m in read] == ["one", "two"]
    assert read[0].get_content().strip() == "Grüße"
    assert all(f.suffix == ".eml" and f.stat().st_mode & 0o077 == 0 for f in files)


def test_names_sort_by_time_even_within_one_moment(kept):
    for number in range(20):
        FolderBackend().send_messages([message(f"{number:02}")])

    subjects = [message_from_bytes(f.read_bytes())["Subject"] for f in sorted(kept.iterdir())]
    assert subjects == sorted(subjects)


def test_a_full_disk_leaves_no_half_file_and_is_told(kept, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.Path, "replace", full)

    with pytest.raises(OSError, match="No space"):
        FolderBackend().send_messages([message("one")])
    assert list(kept.iterdir()) == []


def test_whoever_looks_for_mails_while_one_is_written_finds_none(kept, monkeypatch):
    seen = []
    real = folder.Path.replace

    def look_first(self, target):
        seen.append(sorted(each.name for each in kept.glob("*.eml")))
        return real(self, target)

    monkeypatch.setattr(folder.Path, "replace", look_first)
    FolderBackend().send_messages([message("one")])
    assert seen == [[]]
    assert len(list(kept.glob("*.eml"))) == 1
