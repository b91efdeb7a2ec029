"""Photos of a product: add several, put one first, move, remove."""

from collections.abc import Callable, Sequence

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.extensions import limiter
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message
from marketplace.organisations.access import Helper, Member
from marketplace.products import queries, service_photos
from marketplace.products.forms import PhotosForm
from marketplace.products.models import Product
from marketplace.products.routes_base import bp, editable, me, uploaded
from marketplace.products.rules import PHOTOS
from marketplace.products.service_photos import Sizes
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.messages import say
from marketplace.web.writes import write


@bp.route("/<int:product_id>/photos", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def photos(product_id: int) -> str | Response:
    """Add photos; what is no good picture is named with its reason, the others are kept."""
    product = editable(product_id)
    form = PhotosForm(version=product.version)
    if form.accepted():
        prepared, wrong = prepare(form, product)
        if prepared:
            with write(form) as now:
                product = editable(product_id)
                service_photos.add_photos(product, prepared, actor=me(), now=now)
                for sentence in wrong:
                    flash(sentence, "problem")
                return form.done(_("The photos are added."), url_for(".photos", product_id=product_id))
            product = editable(product_id)
        for sentence in wrong:
            form.refuse(Refusal(Message(sentence), field="photos"))
    return render_template("products/photos.html", form=form, product=product, act=DoForm(formdata=None), most=PHOTOS)


def prepare(form: PhotosForm, product: Product) -> tuple[Sequence[Sizes], list[str]]:
    """Re-encode what was chosen, before any write; the sentences say what was refused and why."""
    prepared, wrong = [], []
    files = uploaded(form.photos.data)
    if not files:
        wrong.append(_("Choose at least one photo."))
    if len(files) > PHOTOS - len(product.photos):
        free = PHOTOS - len(product.photos)
        wrong.append(
            _("A product has at most %(most)s photos; there is room for %(free)s more.", most=PHOTOS, free=free)
        )
        return [], wrong
    for file in files:
        try:
            prepared.append(service_photos.prepare(file.read()))
        except Refusal as refusal:
            wrong.append(_("%(file)s: %(reason)s", file=file.filename or "", reason=say(refusal.message)))
    return prepared, wrong


def change(product_id: int, photo_id: int, act: Callable[..., None], message: str) -> Response:
    """One act on one photo."""
    form = DoForm()
    product = editable(product_id)
    if form.accepted():
        with write(form) as now:
            product = editable(product_id)
            act(product, queries.photo(product, photo_id), actor=me(), now=now)
            return form.done(message, url_for(".photos", product_id=product_id))
    for sentence in form.refusals:
        flash(sentence, "problem")
    return Response(status=303, headers={"Location": url_for(".photos", product_id=product_id)})


@bp.route("/<int:product_id>/photos/<int:photo_id>/put-first", methods=["POST"])
@allow(Member, Helper)
def put_first(product_id: int, photo_id: int) -> Response:
    """The photo that stands for the product in lists."""
    return change(product_id, photo_id, service_photos.put_first, _("This photo is the first now."))


@bp.route("/<int:product_id>/photos/<int:photo_id>/put-earlier", methods=["POST"])
@allow(Member, Helper)
def put_earlier(product_id: int, photo_id: int) -> Response:
    """One place towards the front."""
    return change(product_id, photo_id, service_photos.put_earlier, _("The order is changed."))


@bp.route("/<int:product_id>/photos/<int:photo_id>/remove", methods=["POST"])
@allow(Member, Helper)
def remove_photo(product_id: int, photo_id: int) -> Response:
    """Gone from the page; its files are swept later."""
    return change(product_id, photo_id, service_photos.remove_photo, _("The photo is removed."))
