"""`quarterhour index`: read all mentors anew, after an upgrade that reads more of them, or another sentence model.

Everything is kept up to date by the news of the site; this is for what was said before there was such news.
"""

from __future__ import annotations

import argparse
import sys

BATCH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument("--org", metavar="SLUG", help="one organisation; all of them when left out")


def run(given: argparse.Namespace) -> int:
    """Read and count. 0, or 2 where there is no such organisation."""
    from quarterhour.config.cli.database import database_running

    with database_running():
        import django

        django.setup()
        return index(given.org)


def index(slug: str | None) -> int:
    """Evidence, past needs, word counts and capacity of every mentor. Running it twice leaves the same."""
    from quarterhour.core import clock
    from quarterhour.core.models import Organisation
    from quarterhour.matching.capacity import count_capacity
    from quarterhour.matching.indexing import count_words, index_mentors
    from quarterhour.matching.past_needs import index_past_needs
    from quarterhour.people.models import Profile

    chosen = Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all()
    if slug and not chosen.exists():
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True))
        print(f"There is no organisation {slug}. There are: {known}.", file=sys.stderr)
        return 2
    for org in chosen.order_by("slug"):
        mentors = list(Profile.objects.within(org).mentors().order_by("person").values_list("person", flat=True))
        pieces = needs = 0
        for at in range(0, len(mentors), BATCH):
            part = mentors[at : at + BATCH]
            pieces += index_mentors(org=org, mentor_ids=part)
            needs += index_past_needs(org_id=org.pk, mentor_ids=part)
            count_capacity(org_id=org.pk, mentor_ids=part, now=clock.now())
            done = min(at + BATCH, len(mentors))
            print(f"\r{org.name}: {done} of {len(mentors)} mentors", end="", file=sys.stderr, flush=True)
        count_words(org.pk)
        if mentors:
            print(file=sys.stderr)
        print(f"{org.name}: {len(mentors)} mentors, {pieces} pieces of evidence, {needs} past needs.")
    return 0
