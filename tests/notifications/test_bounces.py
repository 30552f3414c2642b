"""What a mail that comes back says, in the shapes of many mail servers."""

from time import perf_counter

import pytest

from notifications.addresses import BadMailAddress
from notifications.bounces import Bounce, NotAMessage, Nothing, read_bounce
from notifications.transports import open_transport
from tests.notifications.bounce_samples import LOST, NAME, PASSES, SAYS_NOTHING, SENDER, bounce


@pytest.mark.parametrize("shape", LOST)
def test_a_mail_that_is_lost_is_named(shape: str) -> None:
    read = read_bounce(bounce(shape))
    assert isinstance(read, Bounce)
    assert NAME in read.names


@pytest.mark.parametrize("shape", PASSES)
def test_what_may_pass_is_no_loss(shape: str) -> None:
    assert read_bounce(bounce(shape)) is Nothing.TEMPORARY


@pytest.mark.parametrize("shape", SAYS_NOTHING)
def test_every_other_mail_says_nothing(shape: str) -> None:
    assert read_bounce(bounce(shape)) is Nothing.NO_BOUNCE


@pytest.mark.parametrize("recipient", [f"bounces+{NAME}@agegate.example", f"BOUNCES+{NAME.upper()}@AGEGATE.EXAMPLE"])
def test_the_return_path_names_a_mail_whose_message_id_was_changed_on_the_way(recipient: str) -> None:
    assert read_bounce(bounce("ses", to=SENDER), recipient) == Bounce((NAME,))


def test_the_return_path_is_also_found_in_the_header_of_the_bounce() -> None:
    assert read_bounce(bounce("ses", to=f"bounces+{NAME}@agegate.example")) == Bounce((NAME,))


def test_a_loss_without_a_name_says_that_it_has_none() -> None:
    assert read_bounce(bounce("ses")) is Nothing.NAMELESS


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (b"Action: failed\nStatus: 5.2.2", Bounce),
        (b"ACTION: Failed (bounced)\nSTATUS: 5.0.0 (unknown)", Bounce),
        (b"Action: failed\nDiagnostic-Code: smtp; 550 no such user", Bounce),
        (b"Action: failed\nStatus: odd\nDiagnostic-Code: smtp; 554-5.7.1 refused", Bounce),
        (b"Action: failed\nStatus: 4.2.2", Nothing.TEMPORARY),
        (b"Action: failed\nDiagnostic-Code: smtp; 451 later", Nothing.TEMPORARY),
        (b"Action: delayed\nStatus: 5.1.1", Nothing.TEMPORARY),
        (b"Action: failed", Nothing.NO_BOUNCE),
        (b"Action: failed\nStatus: 2.0.0", Nothing.NO_BOUNCE),
        (b"Action: expanded\nStatus: 5.1.1", Nothing.NO_BOUNCE),
        (b"Status: 5.1.1", Nothing.NO_BOUNCE),
        (b"Action: \xff\xfe\nStatus: 5.1.1", Nothing.NO_BOUNCE),
    ],
)
def test_action_and_code_decide_together(fields: bytes, said: type[Bounce] | Nothing) -> None:
    read = read_bounce(
        bounce("postfix").replace(b"Action: failed\nStatus: 5.1.1", fields).replace(b"550 5.1.1 <", b"<", 2)
    )
    assert (type(read) is Bounce) if said is Bounce else read is said


@pytest.mark.parametrize("content", [b"", b"\n\n", b"no header at all\n", b"\x00\xff" * 50])
def test_what_has_no_header_is_no_mail(content: bytes) -> None:
    with pytest.raises(NotAMessage):
        read_bounce(content)


@pytest.mark.parametrize("shape", ["huge", "nested"])
def test_a_hostile_bounce_is_read_in_no_time(shape: str) -> None:
    content = bounce(shape)
    began = perf_counter()
    read_bounce(content)
    assert perf_counter() - began < 2


@pytest.mark.parametrize("at", range(0, 2400, 97))
def test_a_bounce_that_is_cut_anywhere_is_read_without_a_fault(at: int) -> None:
    assert read_bounce(b"X: y\n" + bounce("gmail")[:at]) is not None


def test_the_address_for_bounces_leaves_room_for_the_name_of_a_mail() -> None:
    with pytest.raises(BadMailAddress):
        open_transport("smtp://mx.example", SENDER, "a-far-too-long-box@agegate.example")
