"""`quarterhour rank train`, `models` and `use`: a ranker from a site's own outcomes, and which one places people."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from quarterhour.core.models import Organisation

LEAST_WEEKS, MOST_WEEKS = 2, 104


def add_deeds(deeds) -> None:
    """Describe the deeds to the parser of `quarterhour rank`."""
    train = deeds.add_parser("train", help="learn a ranker from what came of past rankings, and judge it (extra: rank)")
    train.add_argument("--org", metavar="SLUG", help="an organisation; Commons, if unset")
    train.add_argument("--weeks", type=_weeks, default=52, help="look back so many weeks; 52 if unset")
    train.add_argument("--held-out", type=_weeks, default=4, help="judge on the last so many of them; 4 if unset")
    train.add_argument("--out", type=Path, metavar="FILE", help="write the report, .json or anything else for Markdown")
    train.add_argument("--seed", type=int, default=0, help="of everything random; the same seed, the same ranker")
    train.add_argument("--dry-run", action="store_true", help="learn and judge, and keep nothing")
    train.add_argument(
        "--switch",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="put it in force where it is surely better; on if unset",
    )
    models = deeds.add_parser("models", help="the learned rankers that are kept, and which places people")
    models.add_argument("--org", metavar="SLUG", help="of one organisation; of all, if unset")
    use = deeds.add_parser("use", help="put a ranker in force")
    use.add_argument("which", metavar="default|ID", help="the default one, or the number of a learned one")
    use.add_argument("--org", metavar="SLUG", help="whose default; Commons, if unset")


def _weeks(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"{text} weeks cannot be: 1 to {MOST_WEEKS} can.")
    return number


def run(given: argparse.Namespace) -> int:
    """Do the deed. 0; 2 where it cannot be done."""
    from quarterhour.core.errors import QuarterhourError

    try:
        return {"train": _train, "models": _models, "use": _use}[given.deed](given)
    except QuarterhourError as error:
        print(error.told, file=sys.stderr)
    except OSError as error:
        print(f"The report cannot be written: {error}", file=sys.stderr)
    return 2


def _train(given: argparse.Namespace) -> int:
    from quarterhour.config.cli.evaluate_experts import Progress
    from quarterhour.config.cli.rank_report import told
    from quarterhour.core import clock
    from quarterhour.core.errors import Invalid
    from quarterhour.matching.learning import keep_ranker, train

    if given.held_out >= given.weeks:
        raise Invalid("There must be weeks to learn from: --held-out has to be smaller than --weeks.")
    org, now = _organisation(given.org), clock.now()
    found = train(org, weeks=given.weeks, held_out=given.held_out, now=now, seed=given.seed, tell=Progress())
    report = told(found.report, org=org.name, since=found.since, until=found.until)
    if given.out:
        as_json = json.dumps(found.report, indent=2) + "\n"
        given.out.write_text(as_json if given.out.suffix == ".json" else report, encoding="utf-8")
        print(f"The report stands in {given.out}.")
    else:
        print(report)
    if given.dry_run:
        print("Nothing was kept: --dry-run.")
        return 0
    row = keep_ranker(found, org=org, switch=given.switch, by="system", now=now)
    if row.active:
        print(f"Learned ranker {row.pk} places people from now on. Back: quarterhour rank use default{_of(given)}")
    elif row.taken:
        print(f"Kept as {row.pk}, not in force. To use it: quarterhour rank use {row.pk}")
    else:
        print(f"Kept as {row.pk}, not taken. {found.gate.needed}")
    return 0


def _models(given: argparse.Namespace) -> int:
    from quarterhour.matching.learned_models import LearnedRanker

    because = "who runs the installation lists its rankers"
    rows = LearnedRanker.objects.of_every_tenant(because=because).defer("heads").select_related("org")
    if given.org:
        rows = rows.filter(org=_organisation(given.org))
    rows = list(rows.order_by("org__slug", "-made_at"))
    if not rows:
        print("No ranker was learned yet; the default places people. To try: quarterhour rank train")
    for row in rows:
        gain = row.report["judged"]["difference"]
        state = "in force" if row.active else ("taken" if row.taken else "not taken")
        print(
            f"{row.pk}  {row.org.slug:16} {row.made_at:%Y-%m-%d %H:%M}  {row.version:10} {state:10}"
            f" {gain['value']:+6.1f} helps for 100 questions ({gain['low']:+.1f} to {gain['high']:+.1f})"
        )
    return 0


def _use(given: argparse.Namespace) -> int:
    from quarterhour.core import clock
    from quarterhour.core.errors import Invalid
    from quarterhour.matching.learned import heads_of_row, row_of
    from quarterhour.matching.learning import use_default, use_ranker

    if given.which == "default":
        org = _organisation(given.org)
        was = use_default(org, by="system", now=clock.now())
        print(f"The default ranker places people in {org.name}{'' if was else ', as before'}.")
        return 0
    try:
        pk = UUID(given.which)
    except ValueError:
        raise Invalid(f"{given.which} is no ranker: give default, or a number that rank models lists.") from None
    row = row_of(pk)
    heads_of_row(row)  # what cannot be used here is not put in force
    use_ranker(row, by="system", now=clock.now())
    print(f"Learned ranker {row.pk} places people in {row.org.name} from now on.")
    return 0


def _of(given: argparse.Namespace) -> str:
    return f" --org {given.org}" if given.org else ""


def _organisation(slug: str | None) -> Organisation:
    from quarterhour.core.errors import NotFound
    from quarterhour.core.models import Organisation
    from quarterhour.people.queries import commons

    if slug is None:
        return commons()
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:10])
        raise NotFound(f"There is no organisation {slug} here. There are: {known}.")
    return found
