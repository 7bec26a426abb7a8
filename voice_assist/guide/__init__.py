"""Intent to what comes next: protocols, dialogue, pacing, safety."""
