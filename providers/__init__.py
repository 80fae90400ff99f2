"""The edge: one package per upstream API. Every package that holds a ``PROVIDER`` value is a provider."""
