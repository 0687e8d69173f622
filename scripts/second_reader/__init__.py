"""What scripts/read-archive.py and scripts/read-pack.py share: readers written from docs/FORMAT.md alone."""
