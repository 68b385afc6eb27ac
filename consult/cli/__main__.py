"""The command line's entry: `python -m consult.cli`."""

from __future__ import annotations

from consult.cli.main import main

if __name__ == "__main__":
    main()
