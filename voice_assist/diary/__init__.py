"""The diary: what is kept of each episode, on this machine alone, and what is told of it."""
