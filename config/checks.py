"""Which database is behind, and whether it answers: run by `check --database default`."""
