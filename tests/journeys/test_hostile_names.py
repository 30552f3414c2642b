"""Names that a database could stumble over, in every place of a path or query, on each engine."""

from tests.houses import Home
from tests.journeys.people import waiting_minor
from tests.web.calls import CALLS

NAMES = (
    *("%00", "a%00b", "%FF%FE", "null", "9223372036854775808", "-1", "' OR 1=1--", "%C3%28", "%F0%9F%98%80"),
    *("%E2%80%AE", "x" * 3000, "%25", "%5C", "%22", ";DROP TABLE subjects", "_%25_", "%0A", "robin@mail.example"),
)


def test_no_name_in_a_path_makes_the_database_stumble(home: Home) -> None:
    waiting_minor(home)
    before = home.rows()
    paths = [
        (call.method, call.path.replace("alex", name).replace("some", name), name)
        for call in CALLS
        for name in NAMES
        if {"alex", "some"} & set(call.path.split("/")) and call.body is None
    ]
    found = {(method, path): home.call(method, path, key=home.keys["game"]).status_code for method, path, _ in paths}
    assert {call: status for call, status in found.items() if status != 404} == {}
    assert home.rows() == before


def test_no_value_in_a_query_makes_the_database_stumble(home: Home) -> None:
    places = (
        "/v1/purges?cursor={}",
        "/v1/purges?holder={}",
        "/v1/events?cursor={}",
        "/v1/requirements?country=US&locale={}",
    )
    told = {
        (place, name): home.call(
            "GET", place.format(name.replace(";", "%3B").replace("#", "")), key=home.keys["game"]
        ).status_code
        for place in places
        for name in NAMES
    }
    assert {call: status for call, status in told.items() if status not in {200, 400, 422}} == {}
