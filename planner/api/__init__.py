"""``/api/v1/me/``: the same plan and the same rules as the pages, as JSON, for whoever it belongs to."""
