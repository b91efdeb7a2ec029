"""Writes of photos: three sizes of each are kept, the first one stands for the product in lists."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.files import service as files
from marketplace.files.images import SIZES, reencode
from marketplace.files.sniff import IMAGES
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.organisations.access import capacities
from marketplace.products import policy, queries
from marketplace.products.models import Photo, Product
from marketplace.products.rules import PHOTOS

Sizes = Mapping[int, bytes]


def prepare(data: bytes) -> Sizes:
    """Before the write: a picture re-encoded in its sizes, its bytes on disk; a Refusal says what is wrong with it."""
    sizes = reencode(data)
    for each in sizes.values():
        files.put_early(each, IMAGES)
    return sizes


def owned(product: Product, actor: User) -> None:
    """Only who may edit the product goes on."""
    if not policy.may_edit(capacities(actor), product):
        raise NotVisible


def note(product: Product, event: str, *, actor: User, now: datetime, **data: int) -> None:
    """Record what was done to the photos."""
    behalf = queries.on_behalf(actor, product.organisation_id)
    record(event, product, actor=actor.id, on_behalf_of=behalf, now=now, data=data)


def add_photos(product: Product, prepared: Sequence[Sizes], *, actor: User, now: datetime) -> None:
    """Behind those that are there; at most six in all."""
    owned(product, actor)
    free = PHOTOS - len(product.photos)
    if len(prepared) > free:
        raise Refusal(
            msgid("A product has at most %(most)s photos; there is room for %(free)s more.", most=PHOTOS, free=free),
            field="photos",
        )
    last = max((photo.position for photo in product.photos), default=-1)
    for place, sizes in enumerate(prepared, start=last + 1):
        kept = {size: files.keep(sizes[size], f"anh-{size}.webp", now, actor.id, IMAGES) for size in SIZES}
        small, medium, large = (kept[size].id for size in SIZES)
        product.photos.append(Photo(position=place, small_id=small, medium_id=medium, large_id=large))
    db.session.flush()
    note(product, "product:photos_added", actor=actor, now=now, count=len(prepared))


def put_first(product: Product, photo: Photo, *, actor: User, now: datetime) -> None:
    """The photo that stands for the product."""
    owned(product, actor)
    order(product, [photo, *(each for each in product.photos if each is not photo)])
    note(product, "product:photos_ordered", actor=actor, now=now, first=photo.id)


def put_earlier(product: Product, photo: Photo, *, actor: User, now: datetime) -> None:
    """One place towards the front."""
    owned(product, actor)
    rows = list(product.photos)
    place = rows.index(photo)
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
        order(product, rows)
        note(product, "product:photos_ordered", actor=actor, now=now, earlier=photo.id)


def remove_photo(product: Product, photo: Photo, *, actor: User, now: datetime) -> None:
    """Its files are swept once nothing points to them."""
    owned(product, actor)
    removed = photo.id
    product.photos.remove(photo)
    db.session.flush()
    note(product, "product:photo_removed", actor=actor, now=now, photo=removed)


def order(product: Product, rows: Sequence[Photo]) -> None:
    """Give the photos their places; out of the way first, because a place is taken by one photo only."""
    for place, photo in enumerate(rows):
        photo.position = -1 - place
    db.session.flush()
    for place, photo in enumerate(rows):
        photo.position = place
    db.session.flush()
    db.session.expire(product, ["photos"])
