"""What can go wrong with the town, told in a sentence."""


class TownTrouble(SystemExit):
    """The town cannot be loaded here. The text says why, and what to do."""
