"""Stage 4, relate: the sentences of a reading become claims.

:mod:`~kg.relate.sentence` is a sentence as the rules see it, :mod:`~kg.relate.slots` the places where subject and object
stand, :mod:`~kg.relate.relater` applies the rules and makes the claims.
"""

from kg.relate.relater import relate

__all__ = ["relate"]
