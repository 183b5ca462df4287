"""Cash flows, reserve and indicators."""
