"""One module per kind of object: the columns it is read from, its fields, and the function that writes it.

``COLUMNS`` are read with ``values()``: a list of fifty builds no model instance. ``write`` turns such rows into dicts
and asks the database a number of times that does not depend on how many there are. What is unknown is null or empty,
never left out.
"""
