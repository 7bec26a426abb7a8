"""On duty for months: alone and awake, by the hours of the day, started anew, called by a switch, its faults said."""
