"""What lies on a board, given to the engine that sets it side by side."""

from __future__ import annotations

from quarterhour.advice.decision_models import LaidPiece, Side
from quarterhour.advice.decision_queries import Board
from quarterhour.engines.perspectives import Layout, Piece, Stance, Vectors, lay_out


def laid_out(board: Board, *, vectors: Vectors | None = None) -> Layout:
    """Who agrees, who contradicts whom, what is missing. Keys are those of the laid pieces, as text.

    vectors: reads sentences, for pieces nobody placed; where all are placed everything is exact and nothing is read.
    """
    pieces = [piece_of(row, line=view.line, voice=str(view.key)) for view in board.views for row in view.pieces]
    options = [option.text for option in board.options]
    exact = all(piece.stance for piece in pieces)
    return lay_out(board.decision.question, options, pieces, vectors=None if exact else vectors)


def piece_of(row: LaidPiece, *, line: str = "", voice: str = "") -> Piece:
    return Piece(
        key=str(row.pk),
        text=row.text,
        who=line,
        stance=stance_of(row),
        conditions=tuple(filter(None, [row.condition])),
        assumptions=tuple(filter(None, [row.assumption])),
        confidence=row.confidence,
        voice=voice,
    )


def stance_of(row: LaidPiece) -> Stance | None:
    """Where it stands, as recorded. *Depends* is for its option, on a condition."""
    if row.side == Side.BESIDE:
        return Stance(option="", in_favour=True, condition=row.condition)
    if row.option is None:
        return None
    condition = row.condition or ("it depends" if row.side == Side.DEPENDS else "")
    return Stance(option=row.option.text, in_favour=row.side != Side.AGAINST, condition=condition)
