"""Accounts: django-allauth with our pages, the demo's outbox, and what a person may do with their own data.

Nobody needs an account to browse. Signing up, signing in, second factors, passkeys and sessions are allauth's; here
are the settings that are code (``adapter``), everything about personal data (``personal``, ``leaving``) and the pages
that allauth does not have (``views``).
"""
