"""Pieces of advice on one decision, side by side."""

from quarterhour.engines.perspectives.shapes import Conflict, Group, Label, Layout, Missing, Piece, Stance, Verdict

__all__ = ["Conflict", "Group", "Label", "Layout", "Missing", "Piece", "Stance", "Verdict"]
