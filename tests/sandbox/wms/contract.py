"""The OpenAPI document as a judge: does an answer keep to it?"""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import requests
import yaml

DOCUMENT = Path(__file__).parents[3] / "docs" / "connector-api.yaml"


class Contract:
    """Checks answers and callbacks against ``docs/connector-api.yaml``."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text())
        self._validators: dict[str, Any] = {}

    def check(self, answer: requests.Response) -> None:
        """Raise when the answer's type or body is not what the document says."""
        path = str(answer.request.path_url).split("/v1", 1)[1].split("?")[0]
        operation = self._operation(path, str(answer.request.method).lower())
        if operation is None:
            return
        described = self._described(operation, str(answer.status_code))
        media = answer.headers["Content-Type"].split(";")[0]
        assert media in described["content"], f"{path} answered {media}"
        self.validate(described["content"][media]["schema"], answer.json())

    def check_callback(self, value: Any) -> None:
        """Raise when a callback's body is not what the document says."""
        self.validate({"$ref": "#/components/schemas/Callback"}, value)

    def validate(self, schema: dict[str, Any], value: Any) -> None:
        """Raise when a value does not match a schema of the document."""
        key = repr(schema)
        if key not in self._validators:
            whole = schema | {"components": self.document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        self._validators[key].validate(value)

    def _operation(self, path: str, method: str) -> dict[str, Any] | None:
        for template, methods in self.document["paths"].items():
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
                found: dict[str, Any] | None = methods.get(method)
                return found
        return None

    def _described(self, operation: dict[str, Any], status: str) -> dict[str, Any]:
        described = operation["responses"].get(status, operation["responses"]["default"])
        if "$ref" in described:
            name = described["$ref"].rsplit("/", 1)[1]
            described = self.document["components"]["responses"][name]
        found: dict[str, Any] = described
        return found
