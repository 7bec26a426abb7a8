"""Gives a model of ours more words: only its graph is made anew, its network stays as it is.

    python -m scripts.extend_model [MODEL]

README.md in this folder says what it needs and how it works.
"""
