"""An offline, voice-first, hands-free assistant for muscle cramps."""

__version__ = "0.1.0"
