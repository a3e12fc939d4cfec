"""The SPARQL 1.1 Protocol: https://www.w3.org/TR/sparql11-protocol/, its query half."""

from __future__ import annotations

import urllib.parse

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.serve.exchange import Fields, body_of, fields, perform, respond
from kg.serve.jobs import Job
from kg.serve.media import from_browser, wanted
from kg.serve.pool import Pool

PATH = "/sparql"
_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_OF_UPDATES = ("update", "using-graph-uri", "using-named-graph-uri")
_READ_ONLY = "this endpoint only reads; sources are changed with kg add and kg remove"


async def sparql(request: Request) -> Response:
    """Answer a query by GET, by a posted form, or by a posted query; without one, describe the service."""
    pool: Pool = request.app.state.pool
    given = fields(request.scope["query_string"])
    if request.method == "POST":
        given = await _posted(request, pool, given)
    _refuse_updates(given)
    wants = wanted(request.headers.get("accept", ""), _first(given, "format") or _first(given, "output"))
    if "query" not in given:
        return await _about(request, pool, wants)
    if from_browser(wants):
        return RedirectResponse(f"/query?{urllib.parse.urlencode({'query': _single(given)})}", 303)
    job = Job(
        "query",
        {
            "sparql": _single(given),
            "wants": wants,
            "default": given.get("default-graph-uri", []),
            "named": given.get("named-graph-uri", []),
        },
    )
    return respond(await perform(request, pool, job))


async def _about(request: Request, pool: Pool, wants: tuple[str, ...]) -> Response:
    """The page to write queries on for a browser, the service description for anything else."""
    if request.method == "POST":
        raise HTTPException(400, "there is no query in this request")
    if from_browser(wants):
        return RedirectResponse("/query", 303)
    job = Job("service", {"endpoint": str(request.url.replace(query="")), "wants": wants})
    return respond(await perform(request, pool, job))


async def _posted(request: Request, pool: Pool, given: Fields) -> Fields:
    """The fields of the address, with those of the body; a query in the address does not count."""
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].strip(' "').casefold() or "utf-8"
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPException(415, f"write requests in UTF-8, not {charset[:40]}")
    body = await body_of(request, pool)
    beside = {name: values for name, values in given.items() if name != "query"}
    match media.strip().casefold():
        case "application/x-www-form-urlencoded":
            posted = fields(body)
            return {name: [*beside.get(name, []), *posted.get(name, [])] for name in {**beside, **posted}}
        case "application/sparql-query":
            return {**beside, "query": [_decoded(body)]}
        case "application/sparql-update":
            raise HTTPException(403, _READ_ONLY)
    raise HTTPException(415, f"post a query as {_QUERY}, or as the field query of {_FORM}")


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HTTPException(400, f"the query is not UTF-8: {error}") from error


def _refuse_updates(given: Fields) -> None:
    if any(name in given for name in _OF_UPDATES):
        raise HTTPException(403, _READ_ONLY)


def _first(given: Fields, name: str) -> str:
    return given.get(name, [""])[0]


def _single(given: Fields) -> str:
    """The query.

    Raises:
        HTTPException: there are several.

    """
    if len(given["query"]) != 1:
        raise HTTPException(400, f"a request has one query; this one has {len(given['query'])}")
    return given["query"][0]
