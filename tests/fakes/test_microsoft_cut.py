"""The slice of Microsoft's description is cut as it says: prose goes, what the judge needs stays."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.fakes.microsoft_cut import OPERATIONS, TOP, Cutter
from worker.fakes.microsoft.judge import operations

COLOUR = "#/components/schemas/microsoft.graph.colour"
THING: dict[str, Any] = {
    "allOf": [
        {"properties": {"id": {"type": "string", "description": "The name. Read-only."}}, "required": ["@odata.type"]},
        {
            "properties": {
                "colour": {"anyOf": [{"$ref": COLOUR}, {"type": "object", "nullable": True}]},
                "parts": {"type": "array", "items": {"type": "string", "description": "Prose."}},
                "calendar": {"type": "string"},
                "things": {
                    "type": "array",
                    "items": {"$ref": "x/microsoft.graph.thing"},
                    "x-ms-navigationProperty": True,
                },
            }
        },
    ],
    "required": ["@odata.type", "id"],
}
GET: dict[str, Any] = {
    "operationId": "me.GetThing",
    "parameters": [{"$ref": "#/components/parameters/top"}, {"in": "path", "name": "x", "schema": {"type": "string"}}],
    "responses": {
        "2XX": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/microsoft.graph.thing"}}}}
    },
}
WHOLE: dict[str, Any] = {
    "paths": {
        "/me/thing": {"get": GET},
        "/users/{user-id}/thing": {"get": {**deepcopy(GET), "operationId": "users.GetThing"}},
    },
    "components": {
        "parameters": {
            "top": {"in": "query", "name": "$top", "required": True, "schema": {"type": "integer", "minimum": 0}}
        },
        "schemas": {"microsoft.graph.thing": THING, "microsoft.graph.colour": {"enum": ["red"], "type": "string"}},
    },
}


def test_what_is_cut() -> None:
    """Parameters of the query, types with what they inherit, values where they are used; no prose, no detours."""
    cutter = Cutter(WHOLE)
    assert cutter.operation("thing.get", "get", "/thing") == {
        "name": "thing.get",
        "http": "GET",
        "path": "/thing",
        "source": "me.GetThing",
        "parameters": {"$top": {"type": "integer", "minimum": 0, "required": True}},
        "response": {"ref": "thing"},
    }
    assert cutter.schemas == {
        "thing": {
            "type": "object",
            "properties": {
                "id": {"type": "string", "readOnly": True},
                "colour": {"enum": ["red"], "nullable": True},
                "parts": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["id"],
        }
    }


def test_both_ways_to_name_a_mailbox_take_the_same() -> None:
    """Where the description gives one's own mailbox another form than somebody else's, the cut stops."""
    other = deepcopy(WHOLE)
    other["paths"]["/users/{user-id}/thing"]["get"]["parameters"].pop()
    assert Cutter(other).operation("thing.get", "get", "/thing")
    other["paths"]["/users/{user-id}/thing"]["get"]["parameters"].clear()
    with pytest.raises(ValueError, match="differ"):
        Cutter(other).operation("thing.get", "get", "/thing")


def test_the_slice_is_that_of_the_script() -> None:
    """Whoever adds an operation to the script cuts the slice anew."""
    names = {name for name, _, _ in (*OPERATIONS, *TOP)} | {"mailboxSettings.get"}
    assert {one.name for one in operations()} == names
