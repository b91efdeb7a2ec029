"""Certificates of a product, declared and corrected by its owner."""

from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.extensions import limiter
from marketplace.files import service as files
from marketplace.files.models import StoredFile
from marketplace.files.scans import one_document
from marketplace.kernel.errors import Refusal
from marketplace.organisations.access import Helper, Member, capacities
from marketplace.products import policy, queries, service_certificates
from marketplace.products.forms import CertificateForm
from marketplace.products.models import Certificate, Product
from marketplace.products.routes_base import bp, editable, me, need, refused, uploaded
from marketplace.products.rules import CertificateState
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.writes import write


@bp.route("/<int:product_id>/certificates/new", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def declare(product_id: int) -> str | Response:
    """Number, issuer, days and a scan."""
    product = editable(product_id)
    form = CertificateForm()
    if form.accepted() and (scan := scanned(form)) is not None:
        with write(form) as now:
            product = editable(product_id)
            file = keep(form, scan, now)
            made = service_certificates.declare(product, form.paper(), actor=me(), now=now, file=file)
            return form.done(said(made), url_for(".show", product_id=product_id))
    return render_template("products/certificate.html", form=form, product=product, certificate=None)


def said(certificate: Certificate) -> str:
    """What happens next."""
    if certificate.state == CertificateState.CHECKED:
        return _("The register has this certificate: it is accepted.")
    return _("The certificate is listed as declared by yourself until an officer has checked it.")


def scanned(form: CertificateForm) -> bytes | None:
    """The paper as one PDF, its bytes on disk before the write; empty: none was chosen; None: refused at its field."""
    chosen = uploaded([form.scan.data])
    if not chosen:
        return b""
    try:
        data = one_document([chosen[0].read()])
        files.put_early(data)
    except Refusal as refusal:
        form.refuse(Refusal(refusal.message, field="scan"))
        return None
    return data


def keep(form: CertificateForm, scan: bytes, now: datetime) -> StoredFile | None:
    """The row of the scan, where there is one."""
    return files.keep(scan, form.scan.data.filename, now, me().id) if scan else None


def correctable(product_id: int, certificate_id: int) -> tuple[Product, Certificate]:
    """A certificate that its owner may still change, or a 404."""
    product = editable(product_id)
    found = queries.certificate(product, certificate_id)
    need(policy.may_correct(capacities(me()), product, found))
    return product, found


@bp.route("/<int:product_id>/certificates/<int:certificate_id>/edit", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def correct(product_id: int, certificate_id: int) -> str | Response:
    """What nobody has checked can be corrected."""
    product, found = correctable(product_id, certificate_id)
    form = CertificateForm(obj=found, version=found.version)
    if form.accepted() and (scan := scanned(form)) is not None:
        with write(form) as now:
            product, found = correctable(product_id, certificate_id)
            form.check(found)
            file = keep(form, scan, now)
            service_certificates.correct(found, product, form.paper(), actor=me(), now=now, file=file)
            return form.done(_("Saved."), url_for(".show", product_id=product_id))
    return render_template("products/certificate.html", form=form, product=product, certificate=found)


@bp.route("/<int:product_id>/certificates/<int:certificate_id>/remove", methods=["POST"])
@allow(Member, Helper)
def remove_certificate(product_id: int, certificate_id: int) -> Response:
    """A declaration is taken back."""
    form = DoForm()
    product, found = correctable(product_id, certificate_id)
    if form.accepted():
        with write(form) as now:
            product, found = correctable(product_id, certificate_id)
            service_certificates.remove(found, product, actor=me(), now=now)
            return form.done(_("The certificate is removed."), url_for(".show", product_id=product_id))
    return refused(form, product_id)
