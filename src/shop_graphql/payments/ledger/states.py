"""The kinds of accounts."""

from enum import StrEnum


class AccountKind(StrEnum):
    GATEWAY_CLEARING = "gateway_clearing"
    BANK = "bank"
    SELLER_PAYABLE = "seller_payable"
    SELLER_RESERVE = "seller_reserve"
    COMMISSION = "commission"
    TAX_PAYABLE = "tax_payable"
    SHIPPING = "shipping"
    GATEWAY_FEES = "gateway_fees"
    REFUNDS_CLEARING = "refunds_clearing"
    DISPUTES = "disputes"
    ROUNDING = "rounding"
