"""Insured lives: who is covered where, with which credited service."""
