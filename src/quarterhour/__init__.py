"""Micromentoring: a question at nine, a conversation with the right person at a quarter past."""

__version__ = "0.1.0"
