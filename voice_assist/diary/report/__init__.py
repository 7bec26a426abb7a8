"""The doctor's report: a diary as one page that needs nothing but itself, for a screen, a printer, a screen reader."""
