"""A small validator for the words of JSON Schema that api/openapi.yaml uses; an unknown word is an error, so that
nothing goes unchecked. And a client that checks every answer against the description that the server itself gives.
"""
import http.client
import json
import re
from urllib.parse import quote, urlencode

TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int,
    "number": (int, float)
}
IGNORED = {"description", "default", "format", "title", "examples"}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and not (name in ("integer", "number") and isinstance(value, bool))


def resolve(spec, schema):
    while "$ref" in schema:
        node = spec
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def faults(spec, schema, value, at="$"):
    """Sentences about what of `value` does not follow `schema`."""
    schema = resolve(spec, schema)
    out = []
    for word, want in schema.items():
        if word in IGNORED or word in ("items", "properties", "additionalProperties"):
            continue
        elif word == "type":
            names = want if isinstance(want, list) else [want]
            if not any(is_type(value, n) for n in names):
                return [f"{at}: {value!r} is not {names}"]
        elif word == "enum":
            out += [] if value in want else [f"{at}: {value!r} is not one of {want}"]
        elif word == "pattern":
            out += [] if not isinstance(value, str) or re.search(want, value) else [f"{at}: {value!r} is not {want}"]
        elif word in ("minimum", "maximum"):
            if is_type(value, "number") and (value < want if word == "minimum" else value > want):
                out.append(f"{at}: {value!r}, {word} {want}")
        elif word in ("minLength", "minItems", "maxLength", "maxItems"):
            if isinstance(value, str if word.endswith("Length") else list):
                if (len(value) < want if word.startswith("min") else len(value) > want):
                    out.append(f"{at}: length {len(value)}, {word} {want}")
        elif word == "required":
            if isinstance(value, dict):
                out += [f"{at}: '{key}' is missing" for key in want if key not in value]
        elif word == "allOf":
            for part in want:
                out += faults(spec, part, value, at)
        elif word == "anyOf":
            if all(faults(spec, part, value, at) for part in want):
                out.append(f"{at}: {value!r} is none of anyOf")
        else:
            out.append(f"{at}: the schema word '{word}' is not known here")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            out += faults(spec, schema["items"], item, f"{at}[{i}]")
    if isinstance(value, dict):
        known, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
        # What a client cannot know of is not in our own answers either.
        is_open = not known and not isinstance(rest, bool)
        for key, item in value.items():
            if key in known:
                out += faults(spec, known[key], item, f"{at}.{key}")
            elif is_open:
                out += faults(spec, rest, item, f"{at}.{key}")
            elif known:
                out.append(f"{at}: '{key}' is not described")
    return out


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """One user's browser: keeps the cookie and the CSRF token."""

    def __init__(self, host, port, spec=None):
        self.host, self.port, self.spec = host, port, spec
        self.cookie = self.csrf = None
        self.operations = {}
        for path, methods in (spec or {"paths": {}})["paths"].items():
            for method, operation in methods.items():
                if method != "parameters":
                    self.operations[operation["operationId"]] = (method.upper(), path, operation)

    def raw(self, method, target, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request(method, target, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def headers(self):
        out = {}
        if self.cookie:
            out["Cookie"] = f"quaywatch_session={self.cookie}"
        if self.csrf:
            out["X-CSRF-Token"] = self.csrf
        return out

    def call(self, operation_id, path=None, query=None, body=None, content_type="application/json", headers=None):
        method, template, operation = self.operations[operation_id]
        target = re.sub(r"\{(\w+)\}", lambda m: quote(str((path or {})[m.group(1)]), safe=""), template)
        if query:
            target += "?" + urlencode(query)
        sent = {**self.headers(), **(headers or {})}
        wrong = []
        if body is not None:
            sent["Content-Type"] = content_type
            schema = operation["requestBody"]["content"].get(content_type, {}).get("schema", {})
            is_file = isinstance(body, bytes)
            wrong = [] if is_file else faults(self.spec, schema, body)
            body = body if is_file else json.dumps(body)
        answer = self.raw(method, target, body, sent)
        if wrong and answer.status < 300:
            raise AssertionError(f"{operation_id} took a request that is not described: " + "; ".join(wrong[:8]))
        self.check(operation_id, operation, answer)
        if operation_id == "signIn" and answer.status == 200:
            self.cookie = re.match(r"quaywatch_session=([0-9a-f]+);", answer.headers["set-cookie"]).group(1)
            self.csrf = answer.json["csrf_token"]
        return answer

    def check(self, operation_id, operation, answer):
        described = operation["responses"].get(str(answer.status)) or operation["responses"].get("default")
        if described is None and operation_id in ("getHealth", "getOpenApi"):
            raise AssertionError(f"{operation_id}: {answer.status} is not described")
        described = resolve(self.spec, described) if described else {}
        if answer.status == 204:
            return
        kind = answer.headers.get("content-type", "").split(";")[0]
        if kind not in described.get("content", {}):
            raise AssertionError(f"{operation_id}: {answer.status} with {kind} is not described: {answer.body[:300]}")
        if "json" in kind:
            wrong = faults(self.spec, described["content"][kind]["schema"], answer.json)
            if wrong:
                raise AssertionError(f"{operation_id} {answer.status}: " + "; ".join(wrong[:8]))
