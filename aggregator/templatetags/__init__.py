"""Template tags of the site; Django looks for them here."""
