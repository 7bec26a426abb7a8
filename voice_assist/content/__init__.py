"""Load and validate a content pack. The loader is the validator: there is no second schema."""
