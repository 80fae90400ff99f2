"""What programs read instead of pages: calendars and news of any filtered listing, and what search engines ask for.

It stands above ``web`` and says things in its words, so that a calendar and a page never differ.
"""
