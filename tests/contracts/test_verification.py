"""What the public page calls a party: the name of an organisation, never that of a person."""

import pytest

from marketplace.contracts.models import Party
from marketplace.contracts.verification import public_name
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Kind
from marketplace.places.models import AdminUnit

STRANGER, HOUSEHOLD = "A party without an account here", "Household business"


@pytest.mark.parametrize(
    ("party", "shown"),
    [
        (Party(name="Công ty TNHH Mua Thử"), "Công ty TNHH Mua Thử"),
        (Party(name="HTX Thử"), "HTX Thử"),
        (Party(name="Siêu thị Thử", tax_code="0090000019"), "Siêu thị Thử"),
        (Party(name="Example Foods Ltd", abroad=True), "Example Foods Ltd"),
        (Party(name="Lò Thị Ỷ"), STRANGER),
        (Party(name="Lò Thị Ỷ", tax_code="001199000011"), HOUSEHOLD),
        (Party(name="Hộ ông Lò Văn Ỷ"), HOUSEHOLD),
        (Party(name="Nhà hàng Ỷ", organisation=Organisation(kind=Kind.COMPANY)), "Nhà hàng Ỷ"),
        (Party(name="Lò Thị Ỷ", organisation=Organisation(kind=Kind.HOUSEHOLD)), HOUSEHOLD),
    ],
)
def test_no_name_of_a_person(party: Party, shown: str) -> None:
    assert str(public_name(party)) == shown


def test_a_household_is_named_by_its_commune() -> None:
    party = Party(name="Hộ ông Lò Văn Ỷ", seat=AdminUnit(name="Xã Thử"))
    assert str(public_name(party)) == "Household business in Xã Thử"
