"""What people type about themselves, in the one form in which the shop keeps it. Pure."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from shop_graphql.accounts.errors import EmailInvalid
from shop_graphql.platform.errors import Invalid

EMAIL_TYPED_MAX = 320
"""Characters looked at before any parsing; a real address has at most 254."""
DISPLAY_NAME_MAX = 100
"""Characters."""
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""Language, script and region of a BCP 47 tag: en, de-AT, zh-Hant-TW."""
LOCALE_DEFAULT = "en"


def canonical_email(typed: str) -> str:
    """The address in lower case with its domain in ASCII: one spelling for each mailbox, ready for SMTP.

    Whether the domain has a mail server is not asked: that would be a network call.

    Raises: EmailInvalid.
    Source: RFC 5321 4.1.2, RFC 5891 (domains in other scripts). Letters outside ASCII before the @ are
    refused, because most mail servers still refuse them.
    """
    if len(typed) > EMAIL_TYPED_MAX:
        raise EmailInvalid(field=("email",))
    try:
        parts = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise EmailInvalid(field=("email",)) from None
    return f"{parts.local_part}@{parts.ascii_domain}".lower()


def readable_email(kept: str) -> str:
    """A kept address with its domain in the script its owner writes."""
    if "xn--" not in kept:
        return kept
    return validate_email(kept, check_deliverability=False, allow_smtputf8=False).normalized


def canonical_display_name(typed: str) -> str:
    """The name in composed characters, runs of white space made one blank.

    Raises: Invalid for nothing, too much or characters that can't be seen.
    """
    field = ("displayName",)
    if len(typed) > 4 * DISPLAY_NAME_MAX:
        raise Invalid(field=field, message=f"A display name has at most {DISPLAY_NAME_MAX} characters.")
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 1 <= len(name) <= DISPLAY_NAME_MAX:
        raise Invalid(field=field, message=f"A display name has 1 to {DISPLAY_NAME_MAX} characters.")
    if not any(unicodedata.category(letter)[0] in "LNSP" for letter in name) or any(map(_is_hidden, name)):
        raise Invalid(field=field, message="A display name is made of characters that can be seen.")
    return name


def _is_hidden(letter: str) -> bool:
    # The two joiners are part of the spelling in several scripts and of emoji.
    return unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cn", "Cs"} and letter not in "\u200c\u200d"


def canonical_locale(typed: str | None) -> str:
    """`typed`, once it is known to be a language tag; English where none was given.

    Raises: Invalid.
    """
    if typed is None:
        return LOCALE_DEFAULT
    if LOCALE.fullmatch(typed) is None:
        raise Invalid(field=("locale",), message="A locale is a language tag such as en, de-AT or zh-Hant-TW.")
    return typed
