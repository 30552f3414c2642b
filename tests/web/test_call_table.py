"""Which call an address and a method lead to."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from agegate.web.call_table import CallTable
from agegate.web.refusals import MethodNotAllowed, PathUnknown


async def nothing(_: Request) -> Response:
    return Response()


ADDRESSES = ["/livez", "/v1/purges", "/v1/purges/{id}", "/v1/purges/{id}/legs/{holder}", "/g/{link}", "/static/a.css"]
TABLE = CallTable([*(Route(path, nothing) for path in ADDRESSES), Route("/v1/purges", nothing, methods=["POST"])])


def found(path: str, method: str = "GET") -> tuple[str, dict[str, str]]:
    """The template of the call that is found, and what was filled in."""
    scope = {"path": path, "method": method}
    return TABLE.find(scope).path, scope["path_params"]  # type: ignore[return-value]  # a scope holds all kinds of things


@pytest.mark.parametrize(
    ("path", "template", "filled"),
    [
        ("/livez", "/livez", {}),
        ("/v1/purges", "/v1/purges", {}),
        ("/v1/purges/p1", "/v1/purges/{id}", {"id": "p1"}),
        ("/v1/purges/legs", "/v1/purges/{id}", {"id": "legs"}),
        ("/v1/purges/p1/legs/h1", "/v1/purges/{id}/legs/{holder}", {"id": "p1", "holder": "h1"}),
        ("/g/{link}", "/g/{link}", {"link": "{link}"}),
        ("/static/a.css", "/static/a.css", {}),
    ],
)
def test_an_address_leads_to_its_call(path: str, template: str, filled: dict[str, str]) -> None:
    assert found(path) == (template, filled)


@pytest.mark.parametrize(
    "path",
    ["", "/", "*", "livez", "/livez/", "//livez", "/livez\n", "/LIVEZ", "/v1", "/v1/", "/v1/purges/",
     "/v1/purges//legs/h1", "/v1/purges/p1/legs", "/v1/purges/p1/legs/", "/v1/purges/p1/legs/h1/x", "/g", "/g/",
     "/g/a/b", "/static/b.css"],
)  # fmt: skip
def test_an_address_that_is_none_leads_nowhere(path: str) -> None:
    with pytest.raises(PathUnknown):
        found(path)


def test_each_method_of_an_address_has_its_call() -> None:
    scopes = [{"path": "/v1/purges", "method": method} for method in ("GET", "HEAD", "POST")]
    assert [TABLE.find(scope).methods for scope in scopes] == [{"GET", "HEAD"}, {"GET", "HEAD"}, {"POST"}]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "get", ""])
def test_another_method_is_refused_with_those_that_are_taken(method: str) -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        found("/v1/purges", method)
    assert refused.value.allowed == ("GET", "HEAD", "POST")


@pytest.mark.parametrize("paths", [("/a/b", "/a/{c}"), ("/a/{c}/d", "/a/b/e")])
def test_a_word_that_is_known_and_filled_in_is_refused_at_the_start(paths: tuple[str, str]) -> None:
    for order in (paths, paths[::-1]):
        with pytest.raises(ValueError, match="known and filled in"):
            CallTable([Route(path, nothing) for path in order])


def test_what_is_no_single_address_is_refused_at_the_start() -> None:
    routes: list[BaseRoute] = [Mount("/static", routes=[])]
    with pytest.raises(TypeError):
        CallTable(routes)
