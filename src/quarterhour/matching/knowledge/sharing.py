"""Advice becomes something others may find: both allow it, its author reads the words over and presses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from quarterhour.advice.models import AdvicePiece, Confirmation, Takeaway
from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.text import clean as without_control
from quarterhour.engines.knowledge import Cleaned, Doubt
from quarterhour.matching.embedding import embed
from quarterhour.matching.knowledge.cleaning import cleaned, language_for, members_named, names_around, places_of
from quarterhour.matching.knowledge_models import (
    MOST_REASON,
    MOST_TEXT,
    MOST_WHEN,
    KnowledgeConsent,
    SharedPiece,
    Tried,
)
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.rules import WrongState, check_party

MOST_KEPT, MOST_READ = 20, 10_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """A piece as it would be shown. shared: as it is shown now, None where it is not.

    source, source_when: what was cleaned. doubts: words in doubt, each once, the kept ones included.
    changed: the card says otherwise than when it was shared.
    """

    piece: AdvicePiece
    source: str
    source_when: str
    text: str
    when: str
    doubts: list[str]
    keep: list[str]
    shared: SharedPiece | None
    changed: bool = False


@transaction.atomic
def let_find(*, card: Takeaway, by: Person, allowed: bool, now: datetime) -> None:
    """Let the advice of a card be found by others of the organisation, or take that back, from this moment.

    Taking it back removes what was shared. Raises NotFound for strangers, WrongState for who has not confirmed the
    present card: consent is given to words one has seen.
    """
    check_party(by, card.session)
    mine = KnowledgeConsent.objects.within(card.org_id).filter(takeaway=card, person=by)
    if not allowed:
        mine.delete()
        SharedPiece.objects.within(card.org_id).filter(piece__takeaway=card).delete()
        return
    seen = Confirmation.objects.within(card.org_id).filter(takeaway=card, person=by, version=F("takeaway__version"))
    version = seen.values_list("version", flat=True).first()
    if version is None:
        raise WrongState("Look at the card and confirm it first, then say whether others may find its advice.")
    KnowledgeConsent.objects.within(card.org_id).update_or_create(
        takeaway=card, person=by, defaults={"version": version, "at": now, "org_id": card.org_id}
    )


def lets_find(card: Takeaway, *, visible_to: Person) -> bool:
    """Whether this side lets the advice of the card, as it stands, be found. One query."""
    mine = KnowledgeConsent.objects.visible_to(visible_to).filter(takeaway=card, version=F("takeaway__version"))
    return mine.exists()


def author_lets_find(session: MentoringSession) -> bool:
    """Whether the author of the advice of a session lets it be found, as its card stands. One query."""
    rows = KnowledgeConsent.objects.within(session.org_id).filter(takeaway__session=session, person=session.mentor_id)
    return rows.filter(version=F("takeaway__version")).exists()


def own_answer_to(shared_id: UUID, *, visible_to: Person) -> bool | None:
    """Whether it helped this reader, as they said; None where they have not. One query."""
    mine = Tried.objects.visible_to(visible_to).filter(shared=shared_id)
    return mine.values_list("helped", flat=True).first()


def proposals(session: MentoringSession, *, visible_to: Person) -> list[Proposal]:
    """The advice of a session as others would read it, for its author alone. Raises NotFound for anybody else."""
    _check_author(session, visible_to)
    pieces = list(_pieces(session))
    around = Around.of(session, texts=[text for piece in pieces for text in (piece.text, piece.applies_when)])
    shared = SharedPiece.objects.within(session.org_id).filter(piece__in=[piece.pk for piece in pieces])
    by_piece = {row.piece_id: row for row in shared}
    return [_proposal(piece, by_piece.get(piece.pk), around) for piece in pieces]


def _proposal(piece: AdvicePiece, row: SharedPiece | None, around: Around) -> Proposal:
    changed = row is not None and (row.said, row.said_when) != (piece.text, piece.applies_when)
    source, when, keep = piece.text, piece.applies_when, list[str]()
    if row is not None and not changed:
        source, when, keep = row.text, row.applies_when, list(row.keep)
    return around.propose(piece, source, when, keep=keep, shared=row, changed=changed)


def look_again(proposal: Proposal, *, session: MentoringSession, text: str, when: str, keep: Sequence[str]) -> Proposal:
    """The same piece made anew from these words, with these doubts put back. For its author, who holds the proposal."""
    text, when = without_control(text)[:MOST_READ], without_control(when)[:MOST_READ]
    around = Around.of(session, texts=[text, when, proposal.piece.text])
    return around.propose(proposal.piece, text, when, keep=keep, shared=proposal.shared, changed=proposal.changed)


class NotClean(Invalid):
    """The words given would be shown otherwise."""


@transaction.atomic
def share(
    *,
    piece_id: UUID,
    session: MentoringSession,
    by: Person,
    text: str,
    applies_when: str,
    keep: Iterable[str],
    now: datetime,
) -> SharedPiece:
    """Let these words of a piece be shown, exactly these, from now on, where the other side allows it as well.

    keep: words in doubt of which the author says that they identify nobody.
    Raises NotClean with the cleaned words where cleaning changes what was given: nobody presses for words they have
    not seen. Raises NotFound for anybody but the author, WrongState without the author's consent on the card.
    """
    _check_author(session, by)
    piece = _pieces(session).select_for_update(of=("self",)).filter(pk=piece_id).first()
    if piece is None:
        raise NotFound("This piece is no longer on the card. Look at the card once more.")
    allowed = KnowledgeConsent.objects.within(session.org_id).filter(takeaway=piece.takeaway_id, person=by)
    if not allowed.filter(version=F("takeaway__version")).exists():
        raise WrongState("Allow it on the card first: then these words can be shared.")
    text, applies_when = without_control(text), without_control(applies_when)
    kept = kept_from(keep)
    around = Around.of(session, texts=[text, applies_when, piece.text])
    shown, when = around.clean(text, keep=kept), around.clean(applies_when, keep=kept)
    if not shown.text:
        raise Invalid(
            "Nothing is left of it. Write what anybody may read.", fields={"text": "Write what anybody may read."}
        )
    if len(text) > MOST_TEXT or len(when.text) > MOST_WHEN:
        raise NotClean("That is too long. Shorten it, and look once more.")
    if (shown.text, when.text) != (text, applies_when):
        raise NotClean("We took out more of it. Read it once more, then share it.")
    row, _ = SharedPiece.objects.within(session.org_id).update_or_create(
        piece=piece,
        defaults={
            "org_id": session.org_id, "said": piece.text, "said_when": piece.applies_when, "text": text,
            "applies_when": applies_when, "keep": kept, "language": language_for(text), "shared_at": now,
        },
    )  # fmt: skip
    read([row])
    return row


def read(rows: Sequence[SharedPiece]) -> None:
    """Keep words and meaning of these pieces, and the meaning of the questions they answered."""
    asked = [row.piece.takeaway.session.need for row in rows]
    vectors = embed(
        [text for row, need in zip(rows, asked, strict=True) for text in (_read(row), need.text if need else "")]
    )
    for n, row in enumerate(rows):
        row.vector = None if vectors is None else vectors[2 * n].tolist()
        row.asked = None if vectors is None or asked[n] is None else vectors[2 * n + 1].tolist()
        row.save(update_fields=["vector", "asked"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_sharedpiece SET words = to_tsvector('english', unaccent(text || '. ' || applies_when))"
            " WHERE id = ANY(%s)",
            [[row.pk for row in rows]],
        )


@transaction.atomic
def take_out(*, shared_id: UUID, by: Person) -> SharedPiece:
    """The author takes a piece out: nobody finds it from now on. Raises NotFound for anybody else."""
    mine = SharedPiece.objects.of_every_tenant(because="an author takes out their own, whatever the organisation")
    row = mine.of_author(by).select_related("piece__takeaway__session").filter(pk=shared_id).first()
    if row is None:
        raise NotFound("This piece is no longer shared.")
    SharedPiece.objects.within(row.org_id).filter(pk=row.pk).delete()
    return row


@transaction.atomic
def say_tried(*, shared_id: UUID, by: Person, helped: bool | None, reason: str = "", now: datetime) -> SharedPiece:
    """A reader tried it: it helped, it did not, or, with None, they take their answer back.

    reason: for whom it did not, one line; only its cleaned words are kept.
    Raises NotFound for what they may not read, NotAllowed for the two whose advice it is.
    """
    rows = SharedPiece.objects.visible_to(by).select_related("piece__takeaway__session__mentor", "org")
    row = rows.select_related("piece__takeaway__session__mentee").filter(pk=shared_id).first()
    if row is None:
        raise NotFound("This advice is no longer shared.")
    session = row.piece.takeaway.session
    if by.pk in {session.mentor_id, session.mentee_id}:
        raise NotAllowed("You were there: what it did for you is counted already.")
    mine = Tried.objects.within(row.org_id).filter(shared=row, person=by)
    if helped is None:
        mine.delete()
        return row
    reason = "" if helped else _reason(reason, session, by)
    mine.update_or_create(
        shared=row, person=by, defaults={"helped": helped, "reason": reason, "at": now, "org_id": row.org_id}
    )
    return row


def _reason(said: str, session: MentoringSession, by: Person) -> str:
    given = without_control(said)
    if len(given) > MOST_REASON:
        told = f"That is {len(given):,} characters. Shorten it to {MOST_REASON}."
        raise Invalid(told, fields={"reason": told})
    names = [session.mentor.name, session.mentee.name, by.name, *members_named([given], org=session.org_id)]
    return cleaned(given, names=names, org=session.org, places=places_of(session), keep=()).text[:MOST_REASON]


@dataclass(frozen=True, slots=True)
class Around:
    """What must not be told of a session, read once for all its pieces."""

    session: MentoringSession
    names: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, session: MentoringSession, *, texts: Iterable[str]) -> Around:
        return cls(session, tuple(names_around(session, texts=texts)), tuple(places_of(session)))

    def clean(self, text: str, *, keep: Iterable[str]) -> Cleaned:
        return cleaned(text, names=self.names, org=self.session.org, places=self.places, keep=keep)

    def propose(
        self,
        piece: AdvicePiece,
        text: str,
        when: str,
        *,
        keep: Sequence[str],
        shared: SharedPiece | None,
        changed: bool,
    ) -> Proposal:
        shown, shown_when = self.clean(text, keep=keep), self.clean(when, keep=keep)
        strict, strict_when = self.clean(text, keep=()), self.clean(when, keep=())
        doubts = _said(*strict.doubts, *strict_when.doubts, *shown.doubts, *shown_when.doubts)
        return Proposal(piece, text, when, shown.text, shown_when.text, doubts, list(keep), shared, changed)


def kept_from(words: Iterable[str]) -> list[str]:
    """The words in doubt an author lets stay, as a form sends them."""
    return [word[:MOST_TEXT] for word in map(without_control, words) if word][:MOST_KEPT]


def _pieces(session: MentoringSession):
    rows = AdvicePiece.objects.within(session.org_id).filter(takeaway__session=session)
    return rows.select_related("takeaway__session__need")


def _check_author(session: MentoringSession, person: Person) -> None:
    check_party(person, session)
    if person.pk != session.mentor_id:
        raise NotFound("Only who gave the advice chooses the words in which others read it.")


def _read(row: SharedPiece) -> str:
    return f"{row.text} {row.applies_when}".strip()


def _said(*doubts: Doubt) -> list[str]:
    return list(dict.fromkeys(each.said for each in doubts))
