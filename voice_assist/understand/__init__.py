"""Words to intent: lexicon, matcher, and the grammar the recognizer expects."""
