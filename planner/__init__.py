"""The festival planner. It knows users' plans, and of the providers only SFF's URL grammar."""
