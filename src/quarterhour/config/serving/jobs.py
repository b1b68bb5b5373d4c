"""The job worker: news from the outbox, mail, timers. `python -m quarterhour.config.serving.jobs`."""

from __future__ import annotations

import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterhour.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency", "4", "--delete-jobs", "successful", verbosity=0)


if __name__ == "__main__":
    main()
