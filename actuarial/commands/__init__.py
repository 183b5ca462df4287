"""Verbs of the command line and the options they share; each in a module of its own, hooked into ``cli``."""
