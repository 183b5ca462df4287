"""How work is carried out: local processes or a cluster, chunks that no killed worker loses, checkpoints, progress.

Knows nothing of what is computed and imports none of the other floors.
"""
