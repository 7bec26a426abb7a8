"""The edges: live sound devices, recordings, the keyboard."""
