"""How the collector of what is no longer needed goes about a process that holds much that stays."""

from __future__ import annotations

import gc


def settle() -> None:
    """What is there now stays: later collections pass it over, and come less often.

    A loaded model is very many sets and strings, through all of which each full collection would go.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
