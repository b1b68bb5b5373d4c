"""How the detector of `engines.perspectives` learns, and from what."""
