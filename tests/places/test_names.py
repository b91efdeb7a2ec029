"""How a written commune is read."""

import pytest

from marketplace.places.names import read, split_type


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Xã Mường Cang", "xã", "muong cang"),
        ("x. Mường Cang", "xã", "muong cang"),
        ("x.Mường  Cang ", "xã", "muong cang"),
        ("xa muong cang", "xã", "muong cang"),
        ("TT Than Uyên", "thị trấn", "than uyen"),
        ("TT. Than Uyên", "thị trấn", "than uyen"),
        ("Thị trấn Than Uyên", "thị trấn", "than uyen"),
        ("Mường Cang", None, "muong cang"),
        ("Phường 05", "phường", "5"),
        ("Xã", None, "xa"),
        ("Can Hồ", None, "kan ho"),
    ],
)
def test_type_and_name_are_told_apart(text: str, kind: str | None, name: str) -> None:
    written = read(text)
    assert (written.type, written.folded) == (kind, name)


def test_a_hamlet_before_and_a_district_after_do_not_disturb() -> None:
    written = read("Bản Khoang, xã Mường Mít, huyện Than Uyên, Lai Châu")
    assert (written.type, written.folded, written.around) == ("xã", "muong mit", ("than uyen", "lai chau"))
    assert read("Khu 5 - thị trấn Than Uyên").folded == "than uyen"
    assert read("Mường Than - Than Uyên").folded == "muong than"


def test_thi_xa_is_not_a_commune_called_xa() -> None:
    assert split_type("thị xã Nghĩa Lộ") == ("thị xã", "nghia lo")
    assert read("Pú Trạng, thị xã Nghĩa Lộ").folded == "pu trang"
