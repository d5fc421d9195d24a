"""The slice's tables: incidents with their parts, and what people say and do about them."""

from posture.incidents.models.incidents import Incident, Part
from posture.incidents.models.talk import Comment, Watch

__all__ = ["Comment", "Incident", "Part", "Watch"]
