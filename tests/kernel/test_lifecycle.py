"""Lifecycles: the table is the only truth, also for every pair that is not in it."""

from enum import StrEnum
from itertools import product

import pytest

from marketplace.kernel.errors import Refusal
from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import msgid


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WALLED_UP = "walled_up"


class Act(StrEnum):
    CLOSE = "close"
    OPEN = "open_again"
    WALL_UP = "wall_up"


TABLE = {
    (Door.OPEN, Act.CLOSE): Door.SHUT,
    (Door.SHUT, Act.OPEN): Door.OPEN,
    (Door.SHUT, Act.WALL_UP): Door.WALLED_UP,
}
DOOR = Lifecycle("door", TABLE)


@pytest.mark.parametrize(("state", "act"), list(product(Door, Act)))
def test_every_state_crossed_with_every_act(state: Door, act: Act) -> None:
    if (state, act) in TABLE:
        assert DOOR.allows(state, act)
        assert DOOR.after(state, act) is TABLE[state, act]
        return
    assert not DOOR.allows(state, act)
    with pytest.raises(Refusal) as refused:
        DOOR.after(state, act)
    assert dict(refused.value.message.values) == {"state": state.value, "act": act.value}


def test_acts_of_a_state_and_all_of_them() -> None:
    assert DOOR.acts(Door.SHUT) == (Act.OPEN, Act.WALL_UP)
    assert DOOR.acts(Door.WALLED_UP) == ()
    assert DOOR.acts() == (Act.CLOSE, Act.OPEN, Act.WALL_UP)


def test_states_in_the_order_of_the_table_and_the_first_of_them_is_initial() -> None:
    assert DOOR.states == (Door.OPEN, Door.SHUT, Door.WALLED_UP)
    assert DOOR.initial is Door.OPEN
    assert Lifecycle("door", TABLE, initial=Door.SHUT).states[0] is Door.SHUT


def test_labels_make_the_refusal_readable() -> None:
    labels = {Door.WALLED_UP: msgid("Walled up"), Act.CLOSE: msgid("Close the door")}
    with pytest.raises(Refusal, match="“Close the door” is not possible while the state is “Walled up”") as refused:
        Lifecycle("door", TABLE, labels=labels).after(Door.WALLED_UP, Act.CLOSE)
    assert msgid("Walled up") in dict(refused.value.message.values).values()


def test_half_the_labels_are_not_enough_to_name_both() -> None:
    with pytest.raises(Refusal, match="can no longer be done"):
        Lifecycle("door", TABLE, labels={Door.WALLED_UP: msgid("Walled up")}).after(Door.WALLED_UP, Act.CLOSE)


def test_without_labels_no_code_stands_in_the_sentence() -> None:
    with pytest.raises(Refusal) as refused:
        DOOR.after(Door.WALLED_UP, Act.CLOSE)
    assert "walled" not in str(refused.value)


def test_a_lifecycle_that_cannot_begin_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no acts"):
        Lifecycle("nothing", {})
    with pytest.raises(ValueError, match="nothing can be done"):
        Lifecycle("door", TABLE, initial=Door.WALLED_UP)
