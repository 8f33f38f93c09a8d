"""fhirclient, which nobody here wrote: its models take what the service gives; its client creates, finds, updates."""

import importlib
import json
from typing import Any

import httpx
from fhirclient.client import FHIRClient
from fhirclient.models.procedure import Procedure

from bodymap.atlas import load_atlas
from bodymap.fhir.definitions import definitions
from tests.fhir.test_http_creating import visit
from tests.fhir.test_http_transactions import ROOT, anew, client, places_of, post

__all__ = ("client",)


def accepted(resource: dict[str, Any]) -> None:
    """Raises where the model of a resource's type does not take it."""
    module = importlib.import_module(f"fhirclient.models.{resource['resourceType'].lower()}")
    getattr(module, resource["resourceType"])(json.loads(json.dumps(resource)), strict=True)


def test_its_models_take_every_resource(client: httpx.Client) -> None:
    """Sessions with all that belongs to them, histories, capabilities, outcomes and definitions are R4 to them."""
    places = places_of(post(client, anew("signed-session", "fhirclient")).json())
    session = places[2]
    for path in ("metadata", f"{session}/$everything", f"{session}/_history", "Procedure?_count=3", "Nothing/1"):
        accepted(client.get(f"{ROOT}/{path}").json())
    for resource in definitions(load_atlas()):
        accepted(resource)


def test_its_client_creates_reads_searches_and_updates(client: httpx.Client) -> None:
    """A visit is created, found by its identifier, changed and read again, without knowing bodymap."""
    server = FHIRClient(settings={"app_id": "tests", "api_base": f"{str(client.base_url).rstrip('/')}{ROOT}"}).server
    made = Procedure(Procedure(visit("FC-1")).create(server))
    [found] = Procedure.where({"identifier": "https://clinic.example/session|FC-1"}).perform_resources_iter(server)
    assert found.id == made.id
    assert found.update(server)["meta"]["versionId"] == "1"
    found.encounter = None
    found.note = [importlib.import_module("fhirclient.models.annotation").Annotation({"text": "Sore"})]
    found.update(server)
    again = Procedure.read(made.id, server)
    assert (again.meta.versionId, again.note[0].text) == ("2", "Sore")
