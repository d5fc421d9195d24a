"""What people say about a part, and who wants to hear of it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from posture.incidents.models.incidents import Part


class Comment(models.Model):
    """Words of a person about a part, for whoever sees the part."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="comments")
    author = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=5000)
    created_at = models.DateTimeField(default=timezone.now)

    team_paths = ("part__team",)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Watch(models.Model):
    """A person who is told of what happens to a part."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="watches")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")

    team_paths = ("part__team",)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["part", "user"], name="one_watch_per_person")]

    def __str__(self) -> str:
        return f"watch {self.pk}"
