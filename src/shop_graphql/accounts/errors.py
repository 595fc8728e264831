"""Why an account was refused."""

from shop_graphql.platform.errors import ErrorCode, ShopError


class EmailInvalid(ShopError):
    code = ErrorCode.EMAIL_INVALID
    message = "This is not an e-mail address that mail can be sent to."


class EmailTaken(ShopError):
    code = ErrorCode.EMAIL_TAKEN
    message = "An account with this e-mail address exists already."


class PasswordTooShort(ShopError):
    code = ErrorCode.PASSWORD_TOO_SHORT
    message = "A password has at least 15 characters; a few words with spaces between them will do."


class PasswordTooLong(ShopError):
    code = ErrorCode.PASSWORD_TOO_LONG
    message = "A password has at most 256 characters."


class PasswordTooCommon(ShopError):
    code = ErrorCode.PASSWORD_TOO_COMMON
    message = "This password is easy to guess: it is a common one, a pattern, or made of your own name or address."


class CredentialsInvalid(ShopError):
    """The address is unknown, the password is wrong or the account is closed; the caller can't tell which."""

    code = ErrorCode.CREDENTIALS_INVALID
    message = "The e-mail address or the password is wrong."
