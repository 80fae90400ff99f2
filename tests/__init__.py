"""The tests. ``python -m tests`` runs them on everything the machine has; see ``tests/__main__.py``."""
