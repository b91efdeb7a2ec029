"""Forms: the order in which their errors are listed."""

import gc
from weakref import ref

from marketplace.organisations.forms import RegisterForm
from marketplace.web.forms import Form, as_listed


def test_fields_stand_as_the_class_lists_its_parts() -> None:
    places = as_listed(RegisterForm)
    page = ["name", "tax_code", "sector", "province", "unit", "title", "basis", "person_name", "password", "consent"]
    assert sorted(page, key=lambda name: places[name]) == page


def test_a_form_made_for_one_request_goes_with_it() -> None:
    made = type("Made", (Form,), {})
    as_listed(made)
    gone = ref(made)
    del made
    gc.collect()
    assert gone() is None
