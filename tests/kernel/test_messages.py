"""Messages: equal and hashable by text and values, readable in English, nested; errors carry them."""

import pytest

from marketplace.kernel.errors import NotVisible, Refusal, Repeated, Stale
from marketplace.kernel.messages import Message, msgid


def test_a_message_reads_in_english_with_its_values() -> None:
    assert str(msgid("%(count)s of %(whole)s", count=3, whole="four")) == "3 of four"


def test_a_text_without_values_is_not_formatted() -> None:
    assert str(msgid("100% silk")) == "100% silk"


def test_a_value_may_be_a_message_and_may_be_called_text() -> None:
    assert str(msgid("The %(text)s is %(state)s.", text="offer", state=msgid("open"))) == "The offer is open."


def test_messages_are_equal_and_hash_alike_whatever_the_order_of_their_values() -> None:
    one = Message("%(a)s %(b)s", {"a": 1, "b": msgid("x")})
    assert one == Message("%(a)s %(b)s", [("b", msgid("x")), ("a", 1)]) == msgid("%(a)s %(b)s", b=msgid("x"), a=1)
    assert len({one, msgid("%(a)s %(b)s", b=msgid("x"), a=1)}) == 1
    assert one != msgid("%(a)s %(b)s", a=2, b=msgid("x"))


def test_the_values_are_pairs_that_make_a_dict() -> None:
    assert dict(msgid("%(a)s", a=1).values) == {"a": 1}


def test_a_message_does_not_change() -> None:
    with pytest.raises(AttributeError):
        msgid("x").text = "y"  # type: ignore[misc]


def test_a_refusal_carries_its_sentence_and_field() -> None:
    refusal = Refusal(msgid("Too %(what)s.", what="late"), field="closes_on")
    assert (str(refusal), refusal.field) == ("Too late.", "closes_on")
    assert Refusal(msgid("No.")).field is None


def test_the_other_errors_carry_what_the_edge_needs() -> None:
    assert Stale().what is None
    assert Stale("offer").what == "offer"
    assert Repeated("/offers/1").answer == "/offers/1"
    assert isinstance(NotVisible(), Exception)
