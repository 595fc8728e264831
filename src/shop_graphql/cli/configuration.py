"""The README's table of settings, made from the settings themselves. It reads no environment and shows no value."""

import ast
import inspect
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from shop_graphql.platform.settings import Secret, Settings

BEGIN = "<!-- `make readme` writes what follows -->\n"
END = "<!-- and ends here -->\n"

IN_MAKE_RUN = {
    "DATABASE_URL": "own server",
    "REDIS_URL": "own server",
    "SMTP_URL": "own inbox",
    "SMS_URL": "own inbox",
    "STRIPE_API_KEY": "own simulator",
    "STRIPE_API_URL": "own simulator",
    "STRIPE_WEBHOOK_SECRET": "own simulator",
    "SHOP_SIGNING_KEY_FILE": "made at the first start",
}
"""What `make run` sets where nobody else does, in words."""


def settings_table() -> str:
    """Markdown: one row per setting, in the order of the class."""
    meanings, types = meanings_of(Settings), get_type_hints(Settings, include_extras=True)
    rows = ["| variable | meaning | default |", "|---|---|---|"]
    for field in msgspec.structs.fields(Settings):
        meaning = _choices(types[field.name]) + meanings[field.name]
        if types[field.name] is Secret:
            meaning = f"**Secret.** {meaning}"
        rows.append(f"| `{field.encode_name}` | {meaning} | {_default(field)} |")
    return "\n".join(rows)


def with_settings_table(readme: str) -> str:
    """The same text with a fresh table between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert end, f"the README holds {BEGIN!r} and {END!r}"
    return f"{before}{BEGIN}\n{settings_table()}\n\n{END}{after}"


def meanings_of(struct: type) -> dict[str, str]:
    """The text below each field that has one, on one line."""
    (definition,) = ast.parse(inspect.getsource(struct)).body
    assert isinstance(definition, ast.ClassDef)
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }


def _choices(annotation: Any) -> str:
    if get_origin(annotation) is not Literal:
        return ""
    return f"One of {', '.join(f'`{choice}`' for choice in get_args(annotation))}. "


def _default(field: msgspec.structs.FieldInfo) -> str:
    default = f"`{field.default}`" if field.default != "" else "none"
    instead = IN_MAKE_RUN.get(field.encode_name)
    return f"{default}; in `make run`: {instead}" if instead else default
