"""`python -m quarterhour.config.cli.start`: the command without an installed script."""

import sys

from quarterhour.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
