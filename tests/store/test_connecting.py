"""A connection to PostgreSQL: bounded in time, to a server that takes writes, and never the operator's words lost."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from agegate.environment import CannotStart
from agegate.settings import database_faults
from agegate.store.connecting import Limits, advice_on, parameters_of
from agegate.store.engine import open_engine, reading


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    opened = open_engine(postgres_url)
    yield opened
    opened.dispose()


@pytest.mark.parametrize(
    ("name", "value"),
    [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")],
)
def test_nothing_takes_for_ever_on_any_connection(engine: Engine, name: str, value: str) -> None:
    for opened in (engine, reading(engine)):
        with opened.connect() as connection:
            assert connection.execute(text(f"SHOW {name}")).scalar() == value


def test_a_statement_that_takes_too_long_is_ended(postgres_url: str) -> None:
    engine = open_engine(postgres_url, Limits(statement=0.05))
    with engine.connect() as connection, pytest.raises(OperationalError, match="statement timeout"):
        connection.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()


def test_the_operators_own_limit_in_the_address_wins(postgres_url: str) -> None:
    engine = open_engine(f"{postgres_url}?options={quote('-c statement_timeout=7000')}")
    with engine.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "7s"
    engine.dispose()


def test_of_several_hosts_the_one_that_answers_is_taken(postgres_url: str) -> None:
    place = postgres_url.partition("@")[2].partition("/")[0]
    engine = open_engine(postgres_url.replace(place, f"127.0.0.1:9,{place}"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        (("owner@", "nobody@"), "knows no such user"),
        (("/agegate_test", "/none_agegate_test"), "has no such database"),
        (("127.0.0.1", "nohost.invalid"), "check its name"),
    ],
)
def test_a_start_that_fails_says_what_to_do(postgres_url: str, instead: tuple[str, str], said: str) -> None:
    address = postgres_url.replace(*instead, 1)
    with pytest.raises(CannotStart, match=said):
        open_engine(address)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ('server at "h", port 1 failed: FATAL:  sorry, too many clients already', "max_connections"),
        ('failed: FATAL:  password authentication failed for user "x"', "the user and the password"),
        ("failed: server does not support SSL, but SSL was required", "TLS"),
        ("failed to resolve host 'database.example': [Errno -2] Name or service not known", "check its name"),
        ('server at "password.example" failed: Connection refused', "that the server runs"),
    ],
)
def test_what_the_server_says_is_told_as_what_to_do(message: str, said: str) -> None:
    assert said in advice_on(message)


def test_a_server_that_takes_no_writes_is_passed_over(postgres_url: str) -> None:
    with pytest.raises(CannotStart, match="does not answer"):
        open_engine(f"{postgres_url}?options={quote('-c default_transaction_read_only=on')}")


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("", "target_session_attrs", "read-write"),
        ("?target_session_attrs=any", "target_session_attrs", "any"),
        ("", "connect_timeout", 3),
        ("?connect_timeout=9", "connect_timeout", "9"),
        ("?sslmode=verify-full&sslrootcert=/etc/ca.pem", "sslmode", "verify-full"),
        ("?sslmode=verify-full&sslrootcert=/etc/ca.pem", "sslrootcert", "/etc/ca.pem"),
        ("?sslcert=/c.pem&sslkey=/k.pem", "sslkey", "/k.pem"),
    ],
)
def test_what_the_driver_is_told(words: str, name: str, value: object) -> None:
    assert parameters_of(f"postgresql://app@one:1,two:2/agegate{words}", Limits())[name] == value


@pytest.mark.parametrize(
    ("address", "sound"),
    [
        ("sqlite:////var/lib/agegate/db", True),
        ("postgresql:///agegate", True),
        ("postgresql:///agegate?host=/var/run/postgresql", True),
        ("postgresql://app@127.0.0.1/agegate", True),
        ("postgresql://app:secret@localhost:5432/agegate", True),
        ("postgresql://app@[::1]:5432/agegate", True),
        ("postgresql://app@db.example/agegate?sslmode=verify-full", True),
        ("postgresql://app@a:1,b:2/agegate?sslmode=verify-ca", True),
        ("postgresql://app@db.example/agegate", False),
        ("postgres://app@db.example/agegate", False),
        ("postgresql://app@db.example/agegate?sslmode=require", False),
        ("postgresql://app@db.example/agegate?sslmode=disable", False),
        ("postgresql://app@127.0.0.1:5432,db.example:5432/agegate", False),
        ("postgresql:///agegate?host=db.example", False),
        ("postgresql://app@[2001:db8::1]:5432/agegate", False),
        ("postgresql://app@127.0.0.1/agegate?host=db.example", False),
    ],
)
def test_in_production_a_database_elsewhere_proves_who_it_is(address: str, sound: bool) -> None:
    found = database_faults(address)
    assert (not found, "secret" in str(found)) == (sound, False)


def test_an_address_never_shows_in_the_words_about_it() -> None:
    assert "hush" not in str(database_faults("postgresql://app:hush@db.example/agegate"))
    assert "hush" not in repr(SecretStr("postgresql://app:hush@db.example/agegate"))
