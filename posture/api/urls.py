"""What of /api/v1/ belongs to no slice: the document, and the answer to addresses that nobody has."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posture.accounts.authentication import HasScope
from posture.api.documented import document
from posture.api.endpoint import JSONOnly
from posture.api.parameters import refuse_unknown


class Schema(APIView):
    """The OpenAPI document, as JSON or YAML."""

    schema = None
    metadata_class = None
    content_negotiation_class = JSONOnly
    permission_classes = (HasScope,)
    renderer_classes = (OpenApiJsonRenderer2, OpenApiYamlRenderer)

    def get(self, request: Request) -> Response:
        """Answer with the document."""
        refuse_unknown(request, [])
        return Response(document())


class Nothing(APIView):
    """Answers every other address under /api/v1/ in the API's own shape."""

    schema = None
    metadata_class = None
    content_negotiation_class = JSONOnly

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Tell strangers to sign in, everybody else that nothing is here."""
        super().initial(request, *args, **kwargs)
        raise NotFound


urlpatterns = [
    path("schema/", Schema.as_view(), name="api-schema"),
    # Last: what no slice has.
    re_path(r"^.*$", Nothing.as_view(), name="api-nothing"),
]
