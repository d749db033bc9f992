"""Pictures of every page for the documentation, taken of a Tagdock at work."""
