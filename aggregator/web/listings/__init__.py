"""The programme in its four views. The query string is all of a page's state: ``state`` reads and writes it."""
