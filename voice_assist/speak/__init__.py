"""What to say, to sound: renderer port, phrasebook, playout."""
