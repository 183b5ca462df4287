"""The law as pure functions: national scheme rules and coordination rules."""
