"""`python -m worker`: the same as the command `followthrough`."""

import sys

from worker.cli import main

if __name__ == "__main__":
    sys.exit(main())
