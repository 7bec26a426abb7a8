"""Measurements of the whole assistant, in audio time or as ratios where they can be."""
