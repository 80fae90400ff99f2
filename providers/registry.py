"""Which providers there are, and what the environment says about each.

A provider is a package on ``providers.__path__`` whose ``__init__`` holds ``PROVIDER``; nothing lists them.
Imports no Django, so that settings can call it.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import SecretStr, ValidationError

import providers
from aggregator.provider import ConfigurationError, Configured, Provider, ProviderConfig

PREFIX = "PROVIDER_"

# Rooms of this package that are not providers; they are not even imported.
_ROOMS = frozenset({"management", "simulation"})


def discover() -> dict[str, Provider]:
    """Every provider by slug, in the order of the slugs.

    Raises ``TypeError`` where a package's ``PROVIDER`` is no ``Provider`` or bears another name than the
    package. It does not look at the environment.
    """
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(providers.__path__):
        if not module.ispkg or module.name in _ROOMS:
            continue
        provider = getattr(importlib.import_module(f"providers.{module.name}"), "PROVIDER", None)
        if provider is None:
            continue
        if not isinstance(provider, Provider):
            raise TypeError(f"providers.{module.name}.PROVIDER is not a Provider")
        if provider.slug != module.name:
            raise TypeError(f"providers.{module.name}.PROVIDER has the slug {provider.slug!r}")
        found[provider.slug] = provider
    return dict(sorted(found.items()))


def configure(environ: Mapping[str, str]) -> dict[str, Configured]:
    """Every provider by slug with its settings from ``PROVIDER_<SLUG>_<FIELD>``.

    An empty value counts as unset. Raises ``ConfigurationError`` for a variable that names no provider or no
    field, and for a value that its provider refuses.
    """
    known = discover()
    values: dict[str, dict[str, str]] = {slug: {} for slug in known}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and environ[variable].strip():
            slug = _slug(variable, known)
            values[slug][_field(variable, slug, known[slug].config)] = environ[variable]
    return {slug: _configured(provider, values[slug]) for slug, provider in known.items()}


def variable_of(slug: str, field: str) -> str:
    """The environment variable that sets *field* of the provider *slug*."""
    return f"{PREFIX}{slug}_{field}".upper()


def _slug(variable: str, known: Mapping[str, Provider]) -> str:
    """The provider that *variable* is meant for; the longest fits where one slug begins another."""
    fitting = [slug for slug in known if variable.startswith(variable_of(slug, ""))]
    if not fitting:
        slugs = ", ".join(slug.upper() for slug in known)
        raise ConfigurationError(variable, f"this names no provider; known are {slugs or 'none'}")
    return max(fitting, key=len)


def _field(variable: str, slug: str, config: type[ProviderConfig]) -> str:
    name = variable.removeprefix(variable_of(slug, "")).lower()
    if name not in config.model_fields:
        close = get_close_matches(name, config.model_fields, 1)
        hint = f" (did you mean {close[0].upper()}?)" if close else ""
        fields = ", ".join(field.upper() for field in config.model_fields)
        raise ConfigurationError(variable, f"{slug} has no setting of that name{hint}; it has {fields}")
    return name


def _configured(provider: Provider, values: Mapping[str, str]) -> Configured:
    unset = [name for name in provider.config.credentials if name not in values]
    if unset and len(unset) < len(provider.config.credentials):
        given = next(name for name in provider.config.credentials if name in values)
        sentence = f"this is not set, but {variable_of(provider.slug, given)} is"
        raise ConfigurationError(variable_of(provider.slug, unset[0]), sentence)
    try:
        config = provider.config.model_validate(dict(values))
    except ValidationError as error:
        needed = [str(item["loc"][0]) for item in error.errors() if item["type"] == "missing"]
        if len(needed) == error.error_count():
            return Configured(provider, None, _missing(provider, needed))
        raise _refused(provider, values, error) from None
    if not config.is_complete():
        return Configured(provider, None, _missing(provider, unset or _empty(config)), config)
    return Configured(provider, config)


def _empty(config: ProviderConfig) -> list[str]:
    return [name for name in type(config).model_fields if not getattr(config, name)]


def _missing(provider: Provider, names: list[str]) -> str:
    variables = [variable_of(provider.slug, name) for name in names]
    return f"no credentials: {' and '.join(variables)} not set" if variables else "no credentials"


def _refused(provider: Provider, values: Mapping[str, str], error: ValidationError) -> ConfigurationError:
    """The first thing that is wrong, as one line about one variable and with no secret in it."""
    problem: Any = next(item for item in error.errors() if item["type"] != "missing")
    field = str(problem["loc"][0]) if problem["loc"] else "*"
    sentence = " ".join(str(problem["msg"]).removeprefix("Value error, ").split())
    for name, value in values.items():
        if name in provider.config.secrets or _hides(provider.config, name):
            sentence = sentence.replace(value.strip(), "…")
    return ConfigurationError(variable_of(provider.slug, field), sentence)


def _hides(config: type[ProviderConfig], name: str) -> bool:
    return config.model_fields[name].annotation is SecretStr
