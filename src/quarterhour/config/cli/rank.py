"""`quarterhour rank`: why people were shown, which ranker places them, and learning one from what came of it."""

from __future__ import annotations

import argparse
import sys
from uuid import UUID


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    deeds = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    shown = deeds.add_parser("explain", help="one ranking, with every number that made it")
    shown.add_argument("id", metavar="ID", help="of a ranking, as the page of rankings shows it in its address")
    shown.add_argument("--most", type=int, default=20, help="so many places are printed")
    from quarterhour.config.cli import rank_learned

    rank_learned.add_deeds(deeds)


def run(given: argparse.Namespace) -> int:
    """Do what is asked for. 0; 2 where it cannot be done, with a sentence that says why."""
    from quarterhour.config.cli.database import database_running

    if given.deed == "explain":
        try:
            pk = UUID(given.id)
        except ValueError:
            print(f"{given.id} is not the number of a ranking. Copy it from the address of its page.", file=sys.stderr)
            return 2
        with database_running():
            import django

            django.setup()
            return explain(pk, most=given.most)
    from quarterhour.config.cli import rank_learned

    with database_running():
        import django

        django.setup()
        return rank_learned.run(given)


def explain(pk: UUID, *, most: int = 20) -> int:
    """Print one ranking. 0, or 2 where there is none."""
    from quarterhour.engines.matching import FEATURES
    from quarterhour.matching.kept import MARKET, explained

    found = explained(pk)
    if found is None:
        print("There is no ranking of that number. They are kept as long as their question is.", file=sys.stderr)
        return 2
    kept = found.ranking
    print(f"{kept.made_at:%Y-%m-%d %H:%M:%S} UTC, {kept.org.name}, ranker {kept.version}, seed {kept.seed}")
    told = "somebody fits" if kept.confident else "nobody fits surely"
    print(f"{len(kept.mentors)} people looked at, {told}. shown first: * (in the order of the cards below)")
    if kept.learned:
        print(f"Placed by the learned ranker {kept.learned.pk} of {kept.learned.made_at:%Y-%m-%d}:")
        print("fit is then how likely somebody is picked once seen and helps, beside how often they help.")
    columns = [*MARKET[:-1], *(feature.name for feature in FEATURES if feature.name in kept.columns)]
    print(f"{'':28}{'score':>8}" + "".join(f"{name[:10]:>12}" for name in columns))
    for number, (mentor, name, score, numbers) in enumerate(found.places[:most], start=1):
        mark = "*" if mentor in kept.shown else " "
        row = "".join(f"{numbers[column]:12.3f}" for column in columns)
        print(f"{mark}{number:3} {name[:22]:23}{score:8.3f}{row}")
    if found.known:
        print("The ranker alone, replayed from its features: " + ", ".join(f"{fit:.3f}" for fit in found.fits[:most]))
    if found.judged is not None:
        same = "the same." if found.judged_same else "something else."
        print(f"Asked again, the learned ranker of then says {same}")
    elif found.why_not:
        print(f"The learned ranker of then cannot be asked again: {found.why_not}")
    print("Placed again with the numbers of then: " + ("the same order." if found.same else "another order."))
    return 0
