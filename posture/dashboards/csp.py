"""The one exception from the strict policy: Plotly sets style attributes, so pages with charts may carry them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def with_charts(view: View) -> View:
    """Allow inline styles, and nothing else, on a page with charts; scripts stay our own."""
    relaxed: Any = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(view)
    decorated: View = relaxed
    return decorated
