"""Why a payment was refused."""

from shop_graphql.payments.rows import PaymentRow
from shop_graphql.platform.errors import ErrorCode, ShopError


class PaymentDeclined(ShopError):
    """The card was refused; `payment` is the failed attempt, and nothing was charged."""

    code = ErrorCode.PAYMENT_DECLINED
    message = "The card was declined; try another one."

    def __init__(self, payment: PaymentRow) -> None:
        super().__init__(field=("paymentMethod",))
        self.payment = payment
        self.decline_code = payment.decline_code or "card_declined"


class PaymentMethodUnknown(ShopError):
    code = ErrorCode.INVALID
    message = "The payment gateway does not know this payment method."


class PaymentInProgress(ShopError):
    code = ErrorCode.PAYMENT_IN_PROGRESS
    message = "Another payment for this order is under way; wait for its outcome."


class PreviousAttemptOpen(PaymentInProgress):
    """A failed attempt could still be paid at the gateway: to be called off there before another one begins."""


class GatewayAway(ShopError):
    """Nothing was begun: only for what may be asked again without harm."""

    code = ErrorCode.PAYMENT_GATEWAY_UNAVAILABLE
    message = "The payment gateway does not answer; try again in a moment."
