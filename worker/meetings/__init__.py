"""Which events are 1:1s, between whom, and what they are to the meetings that we remember. Pure."""

from worker.meetings.judging import LeftAlone, OneOnOne, World, judge
from worker.meetings.matching import Reading, match, rhythm, status_of

__all__ = ["LeftAlone", "OneOnOne", "Reading", "World", "judge", "match", "rhythm", "status_of"]
