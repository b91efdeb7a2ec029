"""Photos and scans: re-encoded, at most six, in order; hostile files are refused with a reason and lose nothing."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.products.models import Certificate, Photo, Product
from marketplace.products.rules import CertificateState
from tests.factories import Factories
from tests.products.listings import listed

SignIn = Callable[[Any], FlaskClient]
Upload = tuple[io.BytesIO, str]


def picture(colour: str = "green", size: tuple[int, int] = (1600, 1200), kind: str = "JPEG") -> bytes:
    """A photo with EXIF: place and camera."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của bà Ỷ"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    return out.getvalue()


def sent(data: bytes, name: str = "anh.jpg") -> Upload:
    return io.BytesIO(data), name


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def owned(make: Factories, sign_in: SignIn) -> tuple[Product, FlaskClient]:
    """A product and its owner's browser."""
    seller = make.cooperative()
    owner = make.member(seller)
    return listed(make, seller, owner), sign_in(owner)


def photos() -> list[Photo]:
    db.session.rollback()
    return list(db.session.scalars(select(Photo).order_by(Photo.position)))


def post(browser: FlaskClient, product: Product, *files: Upload) -> Any:
    return browser.post(
        f"/products/{product.id}/photos", data={"photos": list(files)}, content_type="multipart/form-data"
    )


def test_a_photo_is_kept_in_three_sizes_without_exif(owned: tuple[Product, FlaskClient], client: FlaskClient) -> None:
    product, browser = owned
    assert post(browser, product, sent(picture())).status_code == 303
    (photo,) = photos()
    for size, wide in ((320, 320), (640, 640), (1280, 1280)):
        answer = client.get(f"/products/{product.id}/photos/{photo.id}/{size}.webp")
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert "public" in answer.headers["Cache-Control"]
        with Image.open(io.BytesIO(answer.data)) as opened:
            assert (opened.width, dict(opened.getexif())) == (wide, {})
        assert "Máy ảnh" not in answer.data.decode("latin-1")
    assert client.get(f"/products/{product.id}/photos/{photo.id}/999.webp").status_code == 404
    assert f"/products/{product.id}/photos/{photo.id}/320.webp" in text(client.get("/products"))
    assert f"/photos/{photo.id}/1280.webp" in text(client.get(f"/products/{product.id}"))


def test_photos_are_seen_by_who_sees_the_product(owned: tuple[Product, FlaskClient], client: FlaskClient) -> None:
    product, browser = owned
    post(browser, product, sent(picture()))
    (photo,) = photos()
    address = f"/products/{product.id}/photos/{photo.id}/320.webp"
    browser.post(f"/products/{product.id}/hide", data={"version": db.session.get_one(Product, product.id).version})
    assert client.get(address).status_code == 404
    assert browser.get(address).headers["Cache-Control"].startswith("private")
    other = listed_by_somebody_else(product)
    assert browser.get(f"/products/{other}/photos/{photo.id}/320.webp").status_code == 404


def listed_by_somebody_else(product: Product) -> int:
    """Another product's address does not open this one's photo."""
    fresh = Product(
        organisation_id=product.organisation_id,
        name="Khác",
        group=product.group,
        measure="kg",
        unit_id=product.unit_id,
        created_at=product.created_at,
    )
    db.session.add(fresh)
    db.session.flush()
    return fresh.id


def test_order_and_removal(owned: tuple[Product, FlaskClient]) -> None:
    product, browser = owned
    post(browser, product, *(sent(picture(colour)) for colour in ("red", "green", "blue")))
    red, green, blue = (photo.id for photo in photos())
    base = f"/products/{product.id}/photos"
    assert browser.post(f"{base}/{blue}/put-first").status_code == 303
    assert [photo.id for photo in photos()] == [blue, red, green]
    assert browser.post(f"{base}/{green}/put-earlier").status_code == 303
    assert [photo.id for photo in photos()] == [blue, green, red]
    assert browser.post(f"{base}/{blue}/put-earlier").status_code == 303
    assert [photo.id for photo in photos()] == [blue, green, red]
    assert browser.post(f"{base}/{green}/remove").status_code == 303
    assert [photo.id for photo in photos()] == [blue, red]
    post(browser, product, sent(picture("white")))
    assert [photo.id for photo in photos()][:2] == [blue, red]
    assert browser.post(f"{base}/{green}/remove").status_code == 404


def test_at_most_six(owned: tuple[Product, FlaskClient]) -> None:
    product, browser = owned
    small = [sent(picture(size=(40, 30))) for _photo in range(5)]
    assert post(browser, product, *small).status_code == 303
    answer = post(browser, product, sent(picture(size=(40, 30))), sent(picture(size=(40, 30))))
    assert answer.status_code == 422
    assert "6 ảnh" in text(answer)
    assert len(photos()) == 5
    assert post(browser, product, sent(picture(size=(40, 30)))).status_code == 303
    assert 'type="file"' not in text(browser.get(f"/products/{product.id}/photos"))


HOSTILE = {
    "nothing": b"",
    "a program called jpg": b"MZ\x90\x00" + b"\x00" * 500,
    "a page called jpg": b"<html><script>alert(1)</script>",
    "a drawing that scripts": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a cut photo": picture()[:800],
    "a photo with an archive behind": picture() + b"PK\x03\x04" + b"\x00" * 60,
    "a PDF": b"%PDF-1.7\n" + b"x" * 500,
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_files_are_refused_at_the_field(owned: tuple[Product, FlaskClient], kind: str) -> None:
    product, browser = owned
    answer = post(browser, product, sent(HOSTILE[kind], "anh cua toi.jpg"))
    if kind == "a photo with an archive behind" and answer.status_code == 303:
        (photo,) = photos()  # what was behind the picture is gone with re-encoding
        assert b"PK\x03\x04" not in browser.get(f"/products/{product.id}/photos/{photo.id}/1280.webp").data
        return
    assert answer.status_code == 422
    assert 'id="photos-error"' in text(answer)
    assert "anh cua toi.jpg" in text(answer)
    assert photos() == []


def test_good_photos_are_kept_and_the_bad_one_is_named(owned: tuple[Product, FlaskClient]) -> None:
    product, browser = owned
    answer = post(browser, product, sent(picture()), sent(HOSTILE["a PDF"], "giay to.pdf"))
    assert answer.status_code == 303
    assert len(photos()) == 1
    assert "giay to.pdf" in text(browser.get(answer.location))


def test_no_file_is_said(owned: tuple[Product, FlaskClient]) -> None:
    product, browser = owned
    assert post(browser, product).status_code == 422


PAPER = {
    "kind": "OCOP",
    "stars": "4",
    "number": "101/QĐ-UBND",
    "issuer": "UBND tỉnh",
    "issued_on": "29/02/2024",
    "last_day": "",
}


def declare(browser: FlaskClient, product: Product, **values: Any) -> Any:
    return browser.post(
        f"/products/{product.id}/certificates/new", data={**PAPER, **values}, content_type="multipart/form-data"
    )


def papers() -> list[Certificate]:
    db.session.rollback()
    return list(db.session.scalars(select(Certificate)))


def test_a_certificate_with_its_scan(
    owned: tuple[Product, FlaskClient], make: Factories, sign_in: SignIn, client: FlaskClient
) -> None:
    product, browser = owned
    assert declare(browser, product, scan=sent(picture(), "giấy.jpg")).status_code == 303
    (paper,) = papers()
    assert (paper.state, paper.last_day, paper.stars) == (CertificateState.DECLARED, date(2027, 2, 28), 4)
    address = f"/products/{product.id}/certificates/{paper.id}/scan"
    assert browser.get(address).mimetype == "application/pdf"
    buyer, unverified = make.member(make.company()), make.member(make.company(verified=False))
    assert sign_in(buyer).get(address).status_code == 200
    assert sign_in(unverified).get(address).status_code == 404
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("kind", ""),
        ("kind", "XX"),
        ("stars", ""),
        ("stars", "9"),
        ("number", ""),
        ("issued_on", "hôm qua"),
        ("issued_on", "29/02/2023"),
        ("issued_on", "05/01/26"),
        ("last_day", "01/01/2020"),
    ],
)
def test_a_wrong_certificate_is_refused_at_its_field(
    owned: tuple[Product, FlaskClient], field: str, typed: str
) -> None:
    product, browser = owned
    answer = declare(browser, product, **{field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text(answer)
    assert "UBND tỉnh" in text(answer)
    assert papers() == []


@pytest.mark.parametrize("kind", ["nothing", "a program called jpg", "a cut photo", "a PDF"])
def test_a_hostile_scan_is_refused_and_the_words_stay(owned: tuple[Product, FlaskClient], kind: str) -> None:
    product, browser = owned
    answer = declare(browser, product, scan=sent(HOSTILE[kind], "giay.pdf"))
    assert answer.status_code == 422
    assert 'id="scan-error"' in text(answer)
    assert "101/QĐ-UBND" in text(answer)
    assert papers() == []
    assert db.session.scalar(select(func.count(StoredFile.id))) == 0


def test_correct_and_remove(owned: tuple[Product, FlaskClient]) -> None:
    product, browser = owned
    declare(browser, product)
    (paper,) = papers()
    address = f"/products/{product.id}/certificates/{paper.id}"
    page = text(browser.get(f"{address}/edit"))
    assert 'value="101/QĐ-UBND"' in page
    assert 'value="29/02/2024"' in page
    stale = browser.post(f"{address}/edit", data={**PAPER, "stars": "3", "version": paper.version - 1})
    assert stale.status_code == 409
    assert browser.post(f"{address}/edit", data={**PAPER, "stars": "3", "version": paper.version}).status_code == 303
    (paper,) = papers()
    assert paper.stars == 3
    assert browser.post(f"{address}/remove").status_code == 303
    assert papers() == []
    assert browser.get(f"{address}/edit").status_code == 404
