"""The planner's pages: read the form, call one named function, render."""
