"""The OpenAPI document of the connector API as a judge: does what is said keep to it?"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs
import requests
import yaml

DOCUMENT = Path(__file__).parents[1] / "docs" / "connector-api.yaml"
Json = dict[str, Any]


class Contract:
    """Checks requests, answers and callbacks against ``docs/connector-api.yaml``."""

    def __init__(self) -> None:
        self.document: Json = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
        self._validators: dict[str, Any] = {}

    def check(self, answer: requests.Response) -> None:
        """Raise when the answer's type or body is not what the document says, or when it was given
        to a request that the document has not. Orders of a batch are judged one by one there."""
        asked = answer.request
        path = str(asked.path_url).split("/v1", 1)[1].split("?")[0]
        operation = self.operation(str(asked.method), path)
        if operation is None:
            return
        media = answer.headers["Content-Type"].split(";")[0]
        self.check_answer(operation, answer.status_code, media, answer.json())
        if answer.ok and path != "/orders/batch":
            body = asked.body if isinstance(asked.body, bytes) else (asked.body or "").encode()
            self.check_request(operation, str(asked.path_url), asked.headers, body, more=True)

    def check_answer(self, operation: Json, status: int, media: str, value: Any) -> None:
        """Raise when an answer to an operation is not one that the document has."""
        described = self._described(operation, str(status))
        assert media in described["content"], f"{operation['operationId']} answered {media}"
        self.validate(described["content"][media]["schema"], value)

    def check_request(
        self,
        operation: Json,
        target: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        more: bool = False,
    ) -> None:
        """Raise when a request has a parameter, header or body that the document has not; ``more``
        allows parameters that it doesn't know."""
        known = [self._found(parameter) for parameter in operation.get("parameters", ())]
        query = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
        assert more or set(query) <= {each["name"] for each in known if each["in"] == "query"}
        given = {"query": query, "header": headers}
        for parameter in known:
            if parameter["in"] in given:
                self._check_parameter(parameter, given[parameter["in"]].get(parameter["name"]))
        assert headers["Authorization"].startswith("Bearer ")
        asked = self._found(operation.get("requestBody", {}))
        if asked:
            assert headers["Content-Type"].split(";")[0] == "application/json"
            self.validate(asked["content"]["application/json"]["schema"], json.loads(body))
        else:
            assert not body

    def check_callback(self, value: Any) -> None:
        """Raise when a callback's body is not what the document says."""
        self.validate({"$ref": "#/components/schemas/Callback"}, value)

    def validate(self, schema: Json, value: Any) -> None:
        """Raise when a value does not match a schema of the document."""
        key = repr(schema)
        if key not in self._validators:
            whole = schema | {"components": self.document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        self._validators[key].validate(value)

    def operation(self, method: str, path: str) -> Json | None:
        """The operation at a path behind the version; None for one that the document lacks."""
        for template, methods in self.document["paths"].items():
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
                found: Json | None = methods.get(method.lower())
                return found
        return None

    def _check_parameter(self, parameter: Json, given: str | None) -> None:
        if given is None:
            assert not parameter.get("required"), f"{parameter['name']} is missing"
            return
        schema = parameter["schema"]
        self.validate(schema, int(given) if schema["type"] == "integer" else given)

    def _described(self, operation: Json, status: str) -> Json:
        return self._found(operation["responses"].get(status, operation["responses"]["default"]))

    def _found(self, thing: Json) -> Json:
        """A thing itself, or what it refers to."""
        if "$ref" not in thing:
            return thing
        found: Any = self.document
        for name in thing["$ref"].split("/")[1:]:
            found = found[name]
        return dict(found)
