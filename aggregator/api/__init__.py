"""The read-only JSON API: thin views that read input, ask ``search`` and write out plain dicts."""
