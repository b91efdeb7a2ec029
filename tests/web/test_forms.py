"""Forms: the order in which their errors are listed."""

from marketplace.organisations.forms import RegisterForm
from marketplace.web.forms import as_listed


def test_fields_stand_as_the_class_lists_its_parts() -> None:
    places = as_listed(RegisterForm)
    page = ["name", "tax_code", "sector", "province", "unit", "title", "basis", "person_name", "password", "consent"]
    assert sorted(page, key=lambda name: places[name]) == page
