"""Whether a clause is a commitment, and whose."""

from quarterhour.engines.takeaway.case import Case, Commitment
from quarterhour.engines.takeaway.doubt import in_doubt
from quarterhour.engines.takeaway.named import by_subject
from quarterhour.engines.takeaway.unnamed import without_subject


def commitment(case: Case) -> Commitment | None:
    """The commitment this clause makes, or None."""
    line, clause = case.around.line, case.clause
    if line.mark == "ticked" or line.section == "not":
        return None
    found = by_subject(case, clause.subject) if clause.subject else without_subject(case)
    if found is None or in_doubt(case.text, clause.start, clause.end, case.cast, verb=found.verb):
        return None
    return found
