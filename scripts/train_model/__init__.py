"""How our recognizer model is made: from a folder of speech to a folder that Vosk loads."""
