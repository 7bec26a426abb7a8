"""Sound to words: gate, recognizer port, the Vosk engine, its supervised child."""
