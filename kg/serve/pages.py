"""The pages: HTML for people, RDF for programs that ask for it, at the address that is the end of the thing's IRI."""

from __future__ import annotations

import asyncio
import functools
import urllib.parse
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from kg import queries
from kg.errors import QueryError
from kg.ids import BASE
from kg.page import Server, render
from kg.page.plain import plain
from kg.project import ontology_texts
from kg.rdf import ONTOLOGY
from kg.resources import PACKAGE
from kg.serve import stored
from kg.serve.exchange import RETRY_AFTER, fields, perform, read, respond
from kg.serve.jobs import Job
from kg.serve.media import GRAPHS, HTML, choose, wanted
from kg.serve.pool import Pool
from kg.serve.texts import LANGUAGES, Language, labels, words

COOKIE = "lang"
_PAGED = {"id": "entity", "article": "article", "claim": "claim"}
_EXPLORER = Server("/near?id=", "/find?name=", home="/", entity="/id/")
_MOST_DIGITS = 6
_MOST_SHOWN = 200_000
"""Bytes of Turtle on a page."""


async def home(request: Request) -> Response:
    """The first page."""
    return _page(request, "home", await read(request, _pool(request), "home"))


async def listing(request: Request) -> Response:
    """The entities of a kind."""
    found = await read(request, _pool(request), "listing", kind=request.path_params["kind"], page=_number(request))
    return _page(request, "listing", found)


async def articles(request: Request) -> Response:
    """The articles."""
    return _page(request, "articles", await read(request, _pool(request), "articles", page=_number(request)))


async def search(request: Request) -> Response:
    """What a search finds."""
    sought = _parameter(request, "q")
    found = await read(request, _pool(request), "find", words=sought, page=_number(request))
    return _page(request, "search", found)


async def thing(request: Request) -> Response:
    """Anything that has an IRI of ours: a page where there is one for its kind, else its triples."""
    kind, _, slug = request.url.path.lstrip("/").partition("/")
    wants = wanted(request.headers.get("accept", ""), _parameter(request, "format"))
    if choose(wants, (HTML, *GRAPHS.values())) != HTML:
        return await _triples(request, f"{kind}/{slug}", wants)
    if kind not in _PAGED:
        return await _source(request, f"{kind}/{slug}")
    arguments: dict[str, Any] = {"slug": slug}
    if kind == "id":
        arguments |= {"predicate": _parameter(request, "predicate"), "page": _number(request)}
    response = _page(request, _PAGED[kind], await read(request, _pool(request), _PAGED[kind], **arguments))
    response.headers["link"] = ", ".join(
        f'<{request.url.path}?format={name}>; rel="alternate"; type="{media}"' for name, media in GRAPHS.items()
    )
    return response


async def query(request: Request) -> Response:
    """The page to write queries on, with a named query or one's own in the editor."""
    given = {name: values[0] for name, values in fields(request.scope["query_string"]).items()}
    named = queries.available()
    sparql, chosen = given.get("query", ""), given.get("name", "")
    if chosen:
        sparql = _filled(chosen, given)
    data = {"named": named, "sparql": sparql or named[0].sparql, "given": given, "endpoint": request.url_for("sparql")}
    return _page(request, "query", data | {"base": BASE})


async def vocabulary(request: Request) -> Response:
    """What the editor completes, with the labels of our own terms."""
    found = await read(request, _pool(request), "vocabulary")
    return JSONResponse(
        found | {"labels": {ONTOLOGY + name: text for name, text in labels(_language(request)).items()}}
    )


async def health(request: Request) -> Response:
    """Whether the server answers queries, by having one answered."""
    answer = await perform(
        request, _pool(request), Job("query", {"sparql": "ASK {}", "wants": ["*/*"], "default": [], "named": []})
    )
    with answer.file:
        done = answer.reply.state.value
    return JSONResponse({"status": "ok" if done == "done" else done, "quads": _pool(request).quads})


async def ontology(request: Request) -> Response:  # noqa: ARG001 every page has a request
    """The ontology, in Turtle."""
    return Response("\n".join(ontology_texts("*.ttl").values()), media_type=GRAPHS["ttl"])


async def explore(request: Request) -> Response:
    """The page that ``kg html`` writes, which here asks for what it does not have yet and leads back to the other pages.

    It brings a policy of its own, which allows just its own script. It is made once for each loading of the graph.
    """
    pool, kept = _pool(request), request.app.state.explorer
    if kept[0] != pool.stamp:
        found = await read(request, pool, "first")
        kept[:] = pool.stamp, await asyncio.to_thread(_explorer, found)
    return HTMLResponse(kept[1])


def _explorer(found: dict[str, Any]) -> bytes:
    claims, told = stored.values(found)
    return render(claims, told, server=_EXPLORER).encode("utf-8", "replace")


async def near(request: Request) -> Response:
    """What is around an entity, for the explorer's page."""
    return await _part(request, "near", slug=_parameter(request, "id"))


async def named(request: Request) -> Response:
    """The entities of a name and what is around them, for the explorer's page."""
    return await _part(request, "named", words=_parameter(request, "name"))


async def _part(request: Request, view: str, **arguments: str) -> Response:
    found = await read(request, _pool(request), view, **arguments)
    return JSONResponse(await asyncio.to_thread(stored.part, found))


async def failure(request: Request, error: Exception) -> Response:
    """Why there is no page: as a page for browsers, as text for programs."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    detail = error.detail if isinstance(error, HTTPException) else "an error of this program; its log says more"
    headers = dict(getattr(error, "headers", None) or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = RETRY_AFTER
    wants = wanted(request.headers.get("accept", ""))
    if request.url.path == "/sparql" or HTML not in wants:
        return PlainTextResponse(f"{detail}\n", status, headers)
    return _page(request, "error", {"status": status, "detail": detail}, status=status, headers=headers)


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


def _parameter(request: Request, name: str) -> str:
    return fields(request.scope["query_string"]).get(name, [""])[0]


def _number(request: Request) -> int:
    """Which page of several is wanted."""
    number = _parameter(request, "page")
    return max(1, int(number)) if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS else 1


def _filled(name: str, given: Mapping[str, str]) -> str:
    """A named query with the parameters of the address."""
    try:
        found = queries.load(name)
        return found.fill({key: given[key] for key, _ in found.parameters if given.get(key)})
    except QueryError as error:
        raise HTTPException(400, str(error)) from error


async def _triples(request: Request, name: str, wants: tuple[str, ...]) -> Response:
    return respond(await perform(request, _pool(request), Job("thing", {"name": name, "wants": wants})))


async def _source(request: Request, name: str) -> Response:
    """The triples of a thing that has no page of its own, as Turtle to read."""
    answer = await perform(request, _pool(request), Job("thing", {"name": name, "wants": [GRAPHS["ttl"]]}))
    if answer.reply.state.value != "done":
        return respond(answer)
    with answer.file:
        beginning = answer.file.read(_MOST_SHOWN).decode(errors="ignore")
        data = {"iri": BASE + name, "name": name, "turtle": beginning, "cut": bool(answer.file.read(1))}
        return _page(request, "source", data)


def _page(
    request: Request,
    template: str,
    data: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A template filled in, in the language of the address, or else of the cookie."""
    language = _language(request)
    body = _environment().get_template(f"{template}.html.jinja").render(
        data, language=language, words=words(language), labels=labels(language), here=_Address(request), formats=GRAPHS
    )  # fmt: skip
    response = HTMLResponse(body.encode("utf-8", "replace"), status, headers)
    response.headers["vary"] = "Accept, Cookie"
    if _parameter(request, "lang"):
        response.set_cookie(COOKIE, language, samesite="lax", httponly=True)
    return response


def _language(request: Request) -> Language:
    wanted_language = _parameter(request, "lang") or request.cookies.get(COOKIE, "")
    return "en" if wanted_language == "en" else LANGUAGES[0]


class _Address:
    """The address of the page, and what it becomes with other parameters."""

    def __init__(self, request: Request) -> None:
        self.path = request.url.path
        self._given = {name: values[0] for name, values in fields(request.scope["query_string"]).items()}

    def but(self, **changed: object) -> str:
        """This address with some parameters changed.

        Only a template calls this.
        """
        given = {name: value for name, value in {**self._given, **changed}.items() if value not in ("", None)}
        return f"{self.path}?{urllib.parse.urlencode(given)}" if given else self.path


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE / "serve" / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["plain"] = plain
    return environment
