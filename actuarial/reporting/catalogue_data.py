"""Texts of data files that reports show, for the catalogues of translations.

What a report shows of data is what a study holds: titles, notes, and the register of inputs with names, units, values in words and reasons. They are
gathered from the basis as a study gathers them, so that no list of files must be kept. Citations (``source``) are not translated.
"""
