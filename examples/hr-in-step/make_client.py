"""Write a client from an OpenAPI document: a class with a method for each operation, by the standard library alone."""

import json
import re
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from typing import Any

HEAD = '''"""Written by make_client.py from the OpenAPI document of version {version}. Do not edit it."""

from collections.abc import Callable
from typing import Any

Send = Callable[[str, str, dict[str, Any], Any], Any]


class Client:
    """A method for each operation. `send(method, path, query, body)` asks and answers what came."""

    def __init__(self, send: Send) -> None:
        self._send = send
'''
METHOD = '''
    def {name}(self{arguments}) -> Any:
        """{words}"""
        query = {query}
        return self._send("{method}", f"{path}", {{n: v for n, v in query.items() if v is not None}}, {body})
'''


def client_source(document: Mapping[str, Any]) -> str:
    """The source of a client."""
    methods = (_method(path, method, told) for path, method, told in _operations(document))
    return HEAD.format(version=document["info"]["version"]) + "".join(methods)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield path, method.upper(), told


def _method(path: str, method: str, told: Mapping[str, Any]) -> str:
    names = re.findall(r"{(\w+)}", path)
    query = [each["name"] for each in told["parameters"] if each["in"] == "query"]
    has_body = "requestBody" in told
    arguments = "".join(f", {name}: str" for name in names) + (", body: Any" if has_body else "")
    if query:
        arguments += ", *" + "".join(f", {_python(name)}: Any = None" for name in query)
    return METHOD.format(
        name=told["operationId"].partition(".")[2],
        arguments=arguments,
        words=told["summary"].replace('"', "'"),
        query="{" + ", ".join(f'"{name}": {_python(name)}' for name in query) + "}",
        method=method,
        path=path,
        body="body" if has_body else "None",
    )


def _python(name: str) -> str:
    return f"{name}_" if iskeyword(name) else name


if __name__ == "__main__":
    with urllib.request.urlopen(sys.argv[1]) as answer:  # noqa: S310  (the address that whoever runs this gives)
        sys.stdout.write(client_source(json.load(answer)))
