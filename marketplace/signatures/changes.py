"""What may be added to a PDF behind its issued text: signature fields, their signatures and time stamps, nothing else."""

from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath
from pyhanko.sign.diff_analysis import DiffPolicy, ModificationLevel, StandardDiffPolicy, SuspiciousModification
from pyhanko.sign.diff_analysis.constants import (
    ACROFORM_EXEMPT_STRICT_COMPARISON,
    ROOT_EXEMPT_STRICT_COMPARISON,
)
from pyhanko.sign.diff_analysis.form_rules_api import (
    FieldComparisonContext,
    FormUpdate,
    FormUpdatingRule,
    _list_fields,
)
from pyhanko.sign.diff_analysis.policies import _find_orphans
from pyhanko.sign.diff_analysis.rules.file_structure_rules import (
    CatalogModificationRule,
    ObjectStreamRule,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    DSSCompareRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
)
from pyhanko.sign.diff_analysis.rules.metadata_rules import DocInfoRule, MetadataUpdateRule
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule, ReferenceUpdate
from pyhanko.sign.fields import enumerate_sig_fields

from marketplace.signatures.properties import SameWords

FORM, PERMISSIONS, STORE = "/AcroForm", "/Perms", "/DSS"
FORM_KEYS = {"/Type", "/Fields", "/SigFlags", "/DR", "/DA", "/Q", "/NeedAppearances"}
FORM_LOOKS = ("/DR", "/DA", "/Q", "/NeedAppearances")
OWN_RULES = ROOT_EXEMPT_STRICT_COMPARISON - {"/MarkInfo"}


class Certifying(QualifiedWhitelistRule):
    """The first signer may certify the document: that writes which signature does so into the catalogue."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Only where nothing was there, and only the one entry that certifying needs."""
        if PERMISSIONS in old.root or PERMISSIONS not in new.root:
            return
        permissions = new.root[PERMISSIONS]
        if not isinstance(permissions, generic.DictionaryObject) or set(permissions) != {"/DocMDP"}:
            raise SuspiciousModification("more than a certification in /Perms")
        written = new.root.raw_get(PERMISSIONS)
        if isinstance(written, generic.IndirectObject) and old.is_ref_unassignable(written.reference):
            yield ModificationLevel.FORM_FILLING, ReferenceUpdate(written.reference)


class SignatureParts(QualifiedWhitelistRule):
    """Some programs write the inner parts of a signature as things of their own: new ones, which only it leads to."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Only what was not there before."""
        for _name, value, field in enumerate_sig_fields(new, filled_status=True):
            for part in (value, field):
                for reference in new.collect_dependencies(part, since_revision=old.revision + 1):
                    if old.is_ref_unassignable(reference):
                        yield ModificationLevel.FORM_FILLING, ReferenceUpdate(reference)


class FirstForm(FormUpdatingRule):
    """What the library asks of a form that grows; it expects one from the beginning, and our papers have none."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """The first form may hold new signature fields only."""
        if FORM in old.root:
            same_looks(old, new)
            yield from super().apply(old, new)
        elif FORM in new.root:
            yield from self.first(old, new)

    def first(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """The same rules for the fields, with nothing before."""
        form = new.root[FORM]
        if (
            not isinstance(form, generic.DictionaryObject)
            or not set(form) <= FORM_KEYS
            or form.get("/Type", FORM) != FORM
        ):
            raise SuspiciousModification("a form with more than signature fields")
        written = [new.root.raw_get(FORM), form.raw_get("/Fields")]
        references = {entry.reference for entry in written if isinstance(entry, generic.IndirectObject)}
        if "/DR" in form:
            references |= new.collect_dependencies(form.raw_get("/DR"), since_revision=old.revision + 1)
        for reference in references:
            if old.is_ref_unassignable(reference):
                yield ModificationLevel.FORM_FILLING, FormUpdate(reference)
        none = generic.ArrayObject()
        specs = dict(_list_fields(none, form["/Fields"], old_path=RawPdfPath("/Root", FORM, "/Fields")))
        context = FieldComparisonContext(field_specs=specs, old=old, new=new)
        for rule in self.field_rules:
            yield from rule.apply(context)


def same_looks(old: HistoricalResolver, new: HistoricalResolver) -> None:
    """Where a form has fields with values, how they are drawn may not change: white ink hides what was signed."""
    before, after = old.root[FORM], new.root[FORM] if FORM in new.root else generic.DictionaryObject()
    others = any(entry.get_object().get("/FT") != "/Sig" for entry in before.get("/Fields", ()))
    if others and any(before.get(key) != after.get(key) for key in FORM_LOOKS):
        raise SuspiciousModification("the looks of form fields changed")


def policy(
    *more: QualifiedWhitelistRule, exempt: frozenset[str] = frozenset(), form_exempt: frozenset[str] | None = None
) -> StandardDiffPolicy:
    """The library's own rules without the one that lets form fields be refilled."""
    return StandardDiffPolicy(
        global_rules=[
            CatalogModificationRule(OWN_RULES | exempt),
            DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
            SameWords(),
            SignatureParts(),
            XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
            ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
            DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
            MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),
            *more,
        ],
        form_rule=FirstForm(
            [SigFieldCreationRule(allow_new_visible_after_certify=True), SigFieldModificationRule()], form_exempt
        ),
    )


AFTER_SIGNING: DiffPolicy = policy()
BEFORE_SIGNING = policy(
    Certifying(), exempt=frozenset({PERMISSIONS}), form_exempt=ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"}
)


def only_signed(reader: PdfFileReader, issued: int, first: int) -> bool:
    """Whether the revisions from the issued one up to the first signature's add nothing but that signature."""
    for revision in range(issued + 1, first + 1):
        try:
            found = BEFORE_SIGNING.apply(
                reader.get_historical_resolver(issued), reader.get_historical_resolver(revision)
            )
        except SuspiciousModification:
            return False
        if found.modification_level > ModificationLevel.FORM_FILLING:
            return False
    return True


def only_validated(reader: PdfFileReader, last: int) -> bool:
    """Whether what follows the last signature, covered by nothing, comes with validation data and is all in sight.

    What it changes was compared for each signature already.
    """
    for revision in range(last + 1, reader.xrefs.total_revisions):
        new = reader.get_historical_resolver(revision)
        if STORE not in new.root:
            return False
        table = {*new.object_streams_used(), reader.xrefs.get_xref_container_info(revision).stream_ref}
        if set(_find_orphans(new)) - table:
            return False
    return True
