"""What an auditor does with finished runs: verify them, make them again, compare and trace their figures."""
