"""Template tags of the planner."""
