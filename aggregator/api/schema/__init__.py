"""The OpenAPI description, made from the same tables that the answers are made from.

drf-spectacular walks the addresses and puts the document together. A view of ours says in ``describe`` what its
operation is; a view of another room may use drf-spectacular's own decorators instead.
"""

import json
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from aggregator.api.deprecations import Deprecation
from aggregator.api.fields import Json
from aggregator.api.schema.components import HEADERS, RESPONSES, SCHEMAS, SECURITY


class Described(AutoSchema):
    """Takes an operation as the view says it; a view that says nothing is left out."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Json | None:
        """The operation object of *method* on *path*, or None."""
        operation: Json | None = self.view.describe()  # type: ignore[attr-defined]
        ending: Deprecation | None = self.view.deprecation  # type: ignore[attr-defined]
        if operation is None or ending is None:
            return operation
        told = f"{ending.sentence}\n\n{operation['description']}"
        return {**operation, "deprecated": True, "description": told}


def add_components(result: Json, generator: SchemaGenerator, request: Any, public: bool) -> Json:
    """Put into the document what its operations refer to. A hook of drf-spectacular's."""
    components = result.setdefault("components", {})
    parts = {"schemas": SCHEMAS, "responses": RESPONSES, "headers": HEADERS, "securitySchemes": SECURITY}
    for name, added in parts.items():
        components[name] = dict(sorted({**components.get(name, {}), **added}.items()))
    return result


@lru_cache(maxsize=1)
def document() -> Json:
    """The whole description. Made once a process."""
    generator: Any = SchemaGenerator  # drf-spectacular leaves it untyped
    made: Json = json.loads(json.dumps(generator().get_schema(request=None, public=True)))
    return made
