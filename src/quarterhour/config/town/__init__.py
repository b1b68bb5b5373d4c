"""The demo town: people, questions and sessions of an imaginary place, written by hand and grown with care.

`load` fills an empty database, `refresh` makes sure that there is something to see right now. What is in
the town is decided by pure functions (`growth.grow`); `rows` and `loader` put it into tables.
"""

from quarterhour.config.town.trouble import TownTrouble

__all__ = ["TownTrouble", "load", "refresh"]


def load(*args, **kwargs):
    """See `loader.load`. Imported on first use, so that reading the data needs no Django."""
    from quarterhour.config.town.loader import load as run

    return run(*args, **kwargs)


def refresh(*args, **kwargs):
    """See `today.refresh`."""
    from quarterhour.config.town.today import refresh as run

    return run(*args, **kwargs)
