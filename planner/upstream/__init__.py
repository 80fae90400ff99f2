"""The festival as the planner meets it: OAuth, *myfestival*, tickets. Nothing here touches the database."""
