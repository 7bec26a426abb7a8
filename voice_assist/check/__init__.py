"""The spoken self-test: what is measured, what it means, and how it is told."""
