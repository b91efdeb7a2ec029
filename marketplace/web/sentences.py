"""The sentences of the forms library, which has no Vietnamese of its own: marked here, translated with ours."""

from flask_babel import gettext

from marketplace.kernel.messages import msgid

LIBRARY = (
    msgid("This field is required."),
    msgid("Invalid input."),
    msgid("Invalid email address."),
    msgid("Invalid URL."),
    msgid("Not a valid choice."),
    msgid("Invalid Choice: could not coerce."),
    msgid("Invalid choice(s): one or more data inputs could not be coerced."),
    msgid("'%(value)s' are not valid choices for this field.", value=""),
    msgid("Not a valid integer value."),
    msgid("Not a valid decimal value."),
    msgid("Not a valid date value."),
    msgid("Field must be equal to %(other_name)s.", other_name=""),
    msgid("Field must be at least %(min)d characters long.", min=0),
    msgid("Field cannot be longer than %(max)d characters.", max=0),
    msgid("Field must be between %(min)d and %(max)d characters long.", min=0, max=0),
    msgid("Number must be at least %(min)s.", min=0),
    msgid("Number must be at most %(max)s.", max=0),
    msgid("Number must be between %(min)s and %(max)s.", min=0, max=0),
)


class Sentences:
    """What WTForms asks for its messages; it fills in the values itself. Vietnamese needs no singular."""

    def gettext(self, string: str) -> str:
        """The sentence in the reader's language."""
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The same form for every number."""
        return gettext(plural)
