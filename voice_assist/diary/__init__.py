"""The diary of cramps: what is kept on this machine, and what is made of it."""
