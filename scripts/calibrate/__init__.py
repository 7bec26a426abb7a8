"""Finds the values of a model's calibration on speech and noise that nothing is tested with."""
