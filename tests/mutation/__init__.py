"""Mutation testing of the package: ``actuarial mutate``."""
