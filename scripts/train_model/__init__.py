"""How our recognizer model is made: from a folder of speech to a folder that Vosk loads."""

import os

# Before NumPy is loaded, here and in the process that prepares the passes: its small products, shared out among threads
# beside a training, wait for each other and take five times as long. PyTorch is told its threads by name.
os.environ.setdefault("OMP_NUM_THREADS", "1")
