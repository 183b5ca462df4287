"""With minus without the instrument, by scheme, corridor and sex."""
