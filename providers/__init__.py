"""The edge: one package per upstream API. Every package here that holds a ``PROVIDER`` value is a provider."""
