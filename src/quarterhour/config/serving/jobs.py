"""A job worker: `python -m quarterhour.config.serving.jobs` for news and timers, with `mail` or `calendars` for those.

Mail and calendars have workers of their own, because a server that says nothing keeps whoever speaks to it for
half a minute, and a large calendar takes seconds to read. News, timers and the index wait for nobody.
"""

from __future__ import annotations

import os
import sys

MAIL, CALENDARS = "mail", "calendars"
STEPS_BACK = 5  # on a busy machine a page that somebody waits for gets three times the processor of a mail
AT_ONCE = {MAIL: 4, CALENDARS: 4, "jobs": 4}  # of mail, one at most goes to reminders, and one to what is no mail


def queues_of(name: str) -> list[str]:
    """The queues of the worker "mail", "calendars" or "jobs". Together they are all queues that any job has."""
    from procrastinate.contrib.django import app

    known = {task.queue for task in app.tasks.values()}
    own = {MAIL, CALENDARS}
    return sorted(known & {name} if name in own else known - own)


def main(name: str = "jobs") -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterhour.config.settings")
    import django

    os.nice(STEPS_BACK)
    django.setup()
    from django.core.management import call_command

    from quarterhour.config.serving import ticks

    ticks.only_the_latest()
    call_command(
        "procrastinate", "worker", "--name", name, "--queues", ",".join(queues_of(name)),
        "--concurrency", str(AT_ONCE[name]), "--delete-jobs", "successful", verbosity=0,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:2])
