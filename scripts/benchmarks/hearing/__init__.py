"""The way from sound to intent, measured: our models beside other engines, on the same sound."""
