"""Sources, runs and reads over the API, and asking for a collection."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.shapes import AssetName, Skip
from inventory.collector import CollectorError, collectors
from inventory.generic.upload import store_upload
from inventory.models import Read, Run, Source
from inventory.queries import run_progress, sources_health
from inventory.server_paths import without_server_paths
from inventory.services import probe_source, request_run
from inventory.services.sources import workspace_of
from posture.accounts.models import APIToken
from posture.api import BadParameter
from posture.api.endpoint import Endpoint
from posture.api.fields import NoText
from posture.api.parameters import Parameter, as_number

STATUS = Parameter("status", "How it ended.", lambda rows, given: rows.filter(status=given), choices=Run.Status.values)
CHUNK = 1 << 16
FILES = ["text/csv", "application/json"]
COUNTS = "What was done: commits, blobs and bytes read (bytes), repositories, credentials, exposures, skipped."


class NewestRun(serializers.Serializer[Any]):
    """A source's newest run."""

    id = serializers.IntegerField(source="pk")
    status = serializers.ChoiceField(Run.Status.choices)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    error = NoText(help_text="What went wrong, and what to do.")


class SourceShape(serializers.Serializer[Any]):
    """A place that is collected from, with its health."""

    id = serializers.IntegerField(source="source.pk")
    name = serializers.CharField(source="source.name")
    kind = serializers.CharField(source="source.kind", help_text="Slug of its collector.")
    config = serializers.DictField(
        source="told_config", allow_null=True, help_text="Its settings, without a credential; for security engineers."
    )
    credential = NoText(
        source="source.credential", help_text="Name of the credential that opens it, never the credential."
    )
    enabled = serializers.BooleanField(source="source.enabled")
    interval = serializers.IntegerField(source="source.interval", help_text="Seconds between two collections.")
    next_due_at = serializers.DateTimeField(source="source.next_due_at")
    created_at = serializers.DateTimeField(source="source.created_at")
    assets = serializers.IntegerField(help_text="How many things it holds now.")
    is_silent = serializers.BooleanField(help_text="Whether it brought nothing for more than twice its interval.")
    last_read_at = serializers.DateTimeField(allow_null=True, help_text="When a run last brought something.")
    last_complete_at = serializers.DateTimeField(allow_null=True, help_text="When a run last read everything.")
    newest_run = NewestRun(source="run", allow_null=True, help_text="Null: it was never collected.")


class Progress(serializers.Serializer[Any]):
    """A run's reads by how far they are."""

    waiting = serializers.IntegerField()
    running = serializers.IntegerField()
    complete = serializers.IntegerField()
    partial = serializers.IntegerField()  # type: ignore[assignment]
    failed = serializers.IntegerField()


class RunShape(serializers.Serializer[Any]):
    """One collection of one source."""

    id = serializers.IntegerField(source="pk")
    source = serializers.IntegerField(source="source_id", help_text="Id of it.")  # type: ignore[assignment]
    trigger = serializers.ChoiceField(Run.Trigger.choices, help_text="Who asked for it.")
    status = serializers.ChoiceField(Run.Status.choices, help_text="How far it is, or how it ended.")
    attempt = serializers.IntegerField(help_text="How often it was begun.")
    due_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text=COUNTS)
    skipped = Skip(many=True, help_text="What was not read and why.")
    error = NoText(help_text="What went wrong, and what to do.")


class RunDetailShape(RunShape):
    """One collection with its progress; its reads are `/reads/?run=ID`."""

    progress = Progress(source="told_progress")


class ReadShape(serializers.Serializer[Any]):
    """One asset's part of a run."""

    id = serializers.IntegerField(source="pk")
    run = serializers.IntegerField(source="run_id", help_text="Id of the run.")
    asset = AssetName()
    status = serializers.ChoiceField(Run.Status.choices, help_text="How far it is, or how it ended.")
    attempt = serializers.IntegerField(help_text="How often it was begun.")
    step = NoText(help_text="What it is doing.")
    done = serializers.IntegerField(help_text="How far the step is, of `total`.")
    total = serializers.IntegerField(help_text="0: not known.")
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text=COUNTS)
    skipped = Skip(many=True, help_text="What was not read and why.")
    error = NoText(help_text="What went wrong, and what to do.")


class AbilityShape(serializers.Serializer[Any]):
    """One thing that the rights a source was given allow, or not."""

    name = serializers.CharField(help_text="In words.")
    allowed = serializers.BooleanField(allow_null=True, help_text="Null: it was not tried.")
    gives = serializers.CharField(help_text="What is known thanks to it.")
    detail = NoText(help_text="Why not, and what to do.")


class TestShape(serializers.Serializer[Any]):
    """What a source's rights allow now. No value was read and nothing was changed."""

    __test__ = False

    error = NoText(help_text="Why nothing could be tried, and what to do. Null: it was tried.")
    abilities = AbilityShape(many=True)
    cannot_know = serializers.ListField(
        child=serializers.CharField(), help_text="What this kind of source never tells from metadata alone."
    )


class UploadShape(serializers.Serializer[Any]):
    """What a file tells, and the collection that takes it in."""

    secrets = serializers.IntegerField()
    principals = serializers.IntegerField()
    grants = serializers.IntegerField()
    stores = serializers.IntegerField()
    run = RunShape()


class RawFile(BaseParser):
    """Hands the body on as it comes in: a file may be larger than memory should hold."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the stream."""
        return stream


class Sources(Endpoint):
    """The places that are collected from, with their health; for those who see everything."""

    queryset = Source.objects.all()
    serializer_class = SourceShape
    for_overseers = True
    write_scope = APIToken.Scope.COLLECT
    bodies: ClassVar[dict[str, Any]] = {
        "upload": {"text/csv": OpenApiTypes.BINARY, "application/json": OpenApiTypes.OBJECT}
    }
    statuses: ClassVar[dict[str, int]] = {"test": 200}

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Replace sources by their health."""
        only = {"pk": rows[0].pk} if self.action == "retrieve" else {}
        health: dict[int, Any] = {each.source.pk: each for each in sources_health(self.viewer, **only)}
        for each in health.values():
            config = each.source.config if self.viewer.configures else None
            vars(each)["told_config"] = config
        return [health[row.pk] for row in rows if row.pk in health]

    @action(detail=True, methods=["post"], serializer_class=RunShape)
    def collect(self, request: Request, pk: str) -> Response:
        """Ask for a collection now; the answer is the new run, or the one that is already under way."""
        if request.data:
            raise BadParameter("This address takes no body.")
        run = request_run(source=self.get_object(), trigger=Run.Trigger.PERSON)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"], serializer_class=TestShape)
    def test(self, request: Request, pk: str) -> Response:
        """Try the connection: what the given rights allow, and what is missing; for security engineers."""
        if request.data:
            raise BadParameter("This address takes no body.")
        source = self._to_set_up()
        collector = collectors().get(source.kind)
        told: dict[str, Any] = {"error": "", "abilities": [], "cannot_know": collector.cannot_know if collector else []}
        try:
            told["abilities"] = probe_source(source=source)
        except CollectorError as error:
            told["error"] = str(error)
        return Response(self.get_serializer(told).data)

    @action(detail=True, methods=["post"], serializer_class=UploadShape, parser_classes=[RawFile])
    def upload(self, request: Request, pk: str) -> Response:
        """Take in the file of a source that is uploaded: the body is the CSV or JSON itself; for security engineers.

        It is checked from its first row to its last; where something is wrong, the file of before is kept.
        """
        source = self._to_set_up()
        if source.kind != "generic" or not source.config.get("upload"):
            raise NotFound
        if request.content_type.partition(";")[0].strip().lower() not in FILES or request.stream is None:
            raise BadParameter("Send the file itself as the body, with its length and one of these types.", FILES)
        try:
            told = store_upload(iter(partial(request.stream.read, CHUNK), b""), workspace_of(source.pk))
        except CollectorError as error:
            raise BadParameter(f"The file of before is kept. {error}") from error
        run = request_run(source=source, trigger=Run.Trigger.PERSON)
        return Response(self.get_serializer({**asdict(told), "run": run}).data, status=status.HTTP_202_ACCEPTED)

    def _to_set_up(self) -> Source:
        """Return the source, for those who set up sources."""
        source: Source = self.get_object()
        if not self.viewer.configures:
            raise PermissionDenied("Security engineers set up sources. Ask one of them.")
        return source


class Runs(Endpoint):
    """Collections, the newest first; for those who see everything."""

    queryset = Run.objects.all()
    serializer_class = RunShape
    detail_serializer_class = RunDetailShape
    for_overseers = True
    newest_first = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("source", "A source by id.", lambda rows, number: rows.filter(source=number), as_number),
        STATUS,
        Parameter("trigger", "Who asked.", lambda rows, given: rows.filter(trigger=given), choices=Run.Trigger.values),
    )

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add the progress to one row's answer."""
        if self.action == "retrieve":
            rows[0].told_progress = run_progress(rows[0])
        return rows


class Reads(Endpoint):
    """Reads of single assets, the newest first."""

    queryset = Read.objects.select_related("asset").defer("asset__codeowners", "asset__cursor")
    serializer_class = ReadShape
    newest_first = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("run", "A run by id.", lambda rows, number: rows.filter(run=number), as_number),
        Parameter("asset", "An asset by id.", lambda rows, number: rows.filter(asset=number), as_number),
        STATUS,
    )

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Leave the server's folders out of errors for those who do not run it."""
        if not self.viewer.sees_everything:
            for row in rows:
                row.error = without_server_paths(row.error)
        return rows
