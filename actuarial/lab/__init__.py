"""The lab: a study by hand in five lines, and a model of it that answers while a slider moves."""
