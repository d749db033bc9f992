"""Settings of the unit tests: properties are tried often enough to mean something, and fast."""

from hypothesis import settings

settings.register_profile("unit", deadline=None, max_examples=150, database=None)
settings.load_profile("unit")
