"""What a reply does to the memory of a pair. Pure: a pair and what was read go in, the new pair comes out.

A second reply amends and never duplicates; a bad value never erases anything; every change can be taken back.
"""

from worker.apply.commands import apply
from worker.apply.context import Arrival

__all__ = ["Arrival", "apply"]
