"""The review sheet: all that a content pack says and does, on paper, for a clinician to agree to or to change."""
