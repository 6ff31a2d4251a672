"""三审三校 at the desk: who has to look at what, what they see, and what follows (decision 0044)."""
