"""Tax codes: one spelling to compare, one to show, and which of them are a person's."""

import pytest

from marketplace.kernel.identifiers import (
    compact_tax_code,
    format_tax_code,
    is_personal_tax_code,
    public_tax_code,
)


@pytest.mark.parametrize(
    "text", ["0090000019", " 0090000019 ", "009 000 0019", "0090.000.019", "009-0000019", "009–0000019"]
)
def test_spaces_dots_and_dashes_are_for_the_eye(text: str) -> None:
    assert compact_tax_code(text) == "0090000019"


def test_the_suffix_of_a_dependent_unit_is_set_off() -> None:
    assert format_tax_code("0090000019002") == "0090000019-002"
    assert format_tax_code("0090000019") == "0090000019"
    assert format_tax_code("009000001901") == "009000001901"


def test_twelve_digits_are_a_person() -> None:
    assert is_personal_tax_code("0900 0000 0001")
    assert not is_personal_tax_code("0090000019")
    assert not is_personal_tax_code("0090000019002")
    assert not is_personal_tax_code("٠٩٠٠٠٠٠٠٠٠٠١")


def test_a_persons_number_is_not_shown() -> None:
    assert public_tax_code("001199000011") is None
    assert public_tax_code("0090000019") == "0090000019"
    assert public_tax_code(None) is None
