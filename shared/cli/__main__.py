"""`python -m shared.cli`: the same as `gongkai`."""

from shared.cli import main

main()
