"""Measurements of a whole running Tagdock, each beside a yardstick taken in the same run."""
