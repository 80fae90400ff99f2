"""Django's SQLite backend without its limit of 999 variables a statement, which SQLite itself raised long ago."""
