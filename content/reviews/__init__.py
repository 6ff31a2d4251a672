"""三审三校 at the desk: who looks at what, what they see, what follows (decision 0044)."""
