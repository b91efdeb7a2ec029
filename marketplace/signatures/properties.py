"""What a PDF says about itself: title, author and all else stay, but for what a signing program writes about itself."""

from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule, ReferenceUpdate

SAVED = {"/ModDate", "/Producer"}
FIRST_SAVED = SAVED | {"/CreationDate", "/Creator", "/Trapped"}
"""What the program writes that saved the file last, and what it may add where nothing was."""
RDF, LANGUAGE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://www.w3.org/XML/1998/namespace}lang"
XMP, PDF = "{http://ns.adobe.com/xap/1.0/}", "{http://ns.adobe.com/pdf/1.3/}"
ABOUT_SAVING = (
    f"{XMP}ModifyDate", f"{XMP}MetadataDate", f"{PDF}Producer", "{http://ns.adobe.com/xap/1.0/mm/}",
    "{http://ns.adobe.com/xap/1.0/sType/ResourceEvent#}", "{adobe:ns:meta/}", LANGUAGE, RDF,
)  # fmt: skip
"""The same in the other description: dates, the program, the history of saving, ways of writing."""
FIRST_ABOUT = {f"{XMP}CreateDate", f"{XMP}CreatorTool", "{http://purl.org/dc/elements/1.1/}format"}

Word = tuple[str, str, str]
"""A property, its language, its value."""


class SameWords(QualifiedWhitelistRule):
    """Signing programs write their name and the time into the file's properties; what they say of the contract stays."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Allows nothing, refuses other words."""
        before, after = properties(old), properties(new)
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        if not changed <= SAVED | (FIRST_SAVED - before.keys()):
            raise SuspiciousModification("the document's title or author changed")
        was, now = described(old), described(new)
        added = now - was if was else Counter(word for word in now if word[2] not in map(str, after.values()))
        if was - now or not {word[0] for word in added} <= FIRST_ABOUT - {word[0] for word in was}:
            raise SuspiciousModification("the document's description changed")
        return ()


def properties(revision: HistoricalResolver) -> generic.DictionaryObject:
    """The /Info dictionary of a revision."""
    reference = revision.trailer_view.get_value_as_reference("/Info", optional=True)
    # Asked of the revision itself: the reference alone would lead to the newest object of that number.
    found = revision(reference) if reference is not None else None
    return found if isinstance(found, generic.DictionaryObject) else generic.DictionaryObject()


def described(revision: HistoricalResolver) -> Counter[Word]:
    """The words of the XMP description of a revision."""
    reference = revision.root.get_value_as_reference("/Metadata", optional=True)
    # Of the reader, with the number of the revision: the library cannot show all streams as they once were.
    found = revision.reader.get_object(reference, revision.revision) if reference is not None else None
    if not isinstance(found, generic.StreamObject):
        return Counter()
    try:
        parser = etree.XMLParser(resolve_entities=False)
        root = etree.fromstring(found.read_data(DecodePurpose.XMP_METADATA), parser)
    except etree.XMLSyntaxError as error:
        raise SuspiciousModification("a description that cannot be read") from error
    return Counter(word for word in words(root) if not word[0].startswith(ABOUT_SAVING))


def words(element: etree._Element, of: str = "") -> Iterator[Word]:
    """Every value in it, whether written as an attribute or as an element."""
    tag = str(element.tag)
    of = of if tag.startswith(RDF) else tag
    for name, value in element.attrib.items():
        yield (of if str(name) == f"{RDF}resource" else str(name), "", settled(str(value)))
    if element.text and element.text.strip():
        yield of, str(element.get(LANGUAGE, "")), settled(element.text)
    for child in element:
        yield from words(child, of)


def settled(value: str) -> str:
    """One of two ways to write the same moment."""
    return value.strip().removesuffix("Z").removesuffix("+00:00")
