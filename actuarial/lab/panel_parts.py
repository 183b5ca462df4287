"""Parts of the lab's panel: choices, sliders, and what is said about a setting in words and in a table."""

from __future__ import annotations

from html import escape
from typing import Final

import ipywidgets as widgets
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR
from actuarial.basis.errors import InputError
from actuarial.lab.explorer import Answer
from actuarial.lab.scheme_answer import SchemeAnswer
from actuarial.lab.setting import Lever
from actuarial.reporting import numbers

WIDE: Final = {"description_width": "170px"}
_YEAR: Final = 2050
_COLUMNS: Final = ["Country", f"PAYG cost rate in {_YEAR}", "Net cost, share of earnings", "in the base", "Net cost, million USD"]


def dropdown(title: str, options: tuple[str, ...], value: str) -> widgets.Dropdown:
    """A choice. Raises :class:`InputError` for a value that is not among the options."""
    if value not in options:
        raise InputError(f"{title.lower()}: found '{value}'; there are: {', '.join(options)}")
    return widgets.Dropdown(options=options, value=value, description=title)


def slider(lever: Lever) -> widgets.FloatSlider:
    """A lever, told when it is let go; rates in percentage points."""
    scale = 100.0 if _is_rate(lever) else 1.0
    return widgets.FloatSlider(
        value=scale * lever.base, min=scale * lever.low, max=scale * lever.high, step=scale * lever.step, description=lever.title,
        tooltip=lever.unit, readout_format="+.2f" if _is_rate(lever) else ".2f", continuous_update=False, style=WIDE,
        layout=widgets.Layout(width="430px", flex="0 0 430px"),
    )  # fmt: skip


def _is_rate(lever: Lever) -> bool:
    """Shown in percentage points."""
    return lever.base == 0.0


def shown(lever: Lever, value: float) -> float:
    """A value as its slider shows it."""
    return 100.0 * value if _is_rate(lever) else value


def chosen(lever: Lever, position: float) -> float:
    """The value that a slider stands at."""
    return round(position / 100.0 if _is_rate(lever) else position, 10)


def heading(text: str) -> widgets.HTML:
    """A heading within the panel."""
    return widgets.HTML(f'<b style="line-height:2.2">{escape(text)}</b>')


def small(text: str) -> str:
    """A remark; ``text`` is HTML."""
    return f'<p style="color:#555;font-size:12px;line-height:1.35;max-width:560px;margin:2px 8px">{text}</p>'


def sentence(now: Answer, base: Answer, country: str) -> str:
    """What the setting comes to, in words."""
    scheme, before = now.scheme(country), base.scheme(country)
    cost, was = (s.value(s.net_cost) for s in (scheme, before))
    money = [numbers.money(abs(value), scheme.model.currency) for value in (cost, was)]
    verb = ["costs" if value >= 0 else "saves" for value in (cost, was)]
    share = numbers.small_rate(cost / scheme.earnings_value)
    moved = now.setting != base.setting
    if _keeps_accounts(scheme):
        was_then = f" In the base: {escape(money[1])}." if moved else ""
        text = f"keeps accounts: payouts put off less administration come to {escape(money[0])} at present value ({share} of insurable earnings)"
        whole = f"<b>{escape(scheme.model.country_name)}</b> {text}. They are paid later; it is no saving.{was_then}"
        return f'<p style="font-size:15px">{whole}</p>'
    same = f" In the base it {verb[1]} {escape(money[1])}." if moved else ""
    text = f"<b>{escape(scheme.model.country_name)}</b>: over 75 years the instrument {verb[0]} the scheme {escape(money[0])} at present value"
    return f'<p style="font-size:15px">{text} ({share} of insurable earnings).{same}</p>'


def overview(now: Answer, base: Answer, country: str) -> str:
    """All schemes in a table, the chosen one in bold."""
    rows = []
    for code, scheme in now.schemes.items():
        before = base.scheme(code)
        cost = scheme.value(scheme.net_cost)
        name = f"<b>{escape(scheme.model.country_name)}</b>" if code == country else escape(scheme.model.country_name)
        rows.append(
            (
                name, numbers.rate(scheme.payg[1, _YEAR - FIRST_YEAR]), numbers.small_rate(cost / scheme.earnings_value),
                numbers.small_rate(before.value(before.net_cost) / before.earnings_value),
                numbers.decimal(cost / scheme.model.basis.exchange_rate / 1e6, 1),
            )
        )  # fmt: skip
    table: str = pd.DataFrame(rows, columns=_COLUMNS).to_html(index=False, escape=False, border=0, justify="left", col_space=110)
    accounts = [scheme.model.country_name for scheme in now.schemes.values() if _keeps_accounts(scheme)]
    note = f"Accounts ({escape(', '.join(accounts))}): payouts put off less administration, no net cost and no saving." if accounts else ""
    return table + small(note)


def _keeps_accounts(scheme: SchemeAnswer) -> bool:
    return scheme.model.basis.kind == "account"
