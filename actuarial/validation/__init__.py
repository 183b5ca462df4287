"""Evidence that the toolkit computes what it says: published figures, closed forms, identities and second implementations."""
