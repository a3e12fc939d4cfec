"""The application: which address is answered by what."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.serve import endpoint, pages
from kg.serve.guard import OWN_POLICY, Guard
from kg.serve.pool import Pool

_STATIC = pathlib.Path(__file__).with_name("static")
_THINGS = ("id", "article", "claim", "evidence", "graph", "activity", "software", "model")
"""The first parts of our IRIs."""


ROUTES = [
    Route("/", pages.home),
    Route(endpoint.PATH, endpoint.sparql, methods=["GET", "POST"], name="sparql"),
    Route(f"{endpoint.PATH}/", endpoint.sparql, methods=["GET", "POST"]),
    Route("/query", pages.query),
    Route("/search", pages.search),
    Route("/articles", pages.articles),
    Route("/kind/{kind}", pages.listing),
    Route(OWN_POLICY, pages.explore),
    Route("/near", pages.near),
    Route("/find", pages.named),
    Route("/vocabulary.json", pages.vocabulary),
    Route("/health", pages.health),
    Route("/ontology", pages.ontology),
    Mount("/static", StaticFiles(directory=_STATIC)),
    *(Route(f"/{kind}/{{slug}}", pages.thing, name=kind) for kind in _THINGS),
]


def application(pool: Pool, *, names: Sequence[str] = (), origins: Sequence[str] = ()) -> Starlette:
    """The application over a pool that is open as long as it runs.

    ``names`` are host names by which others know this machine; ``origins`` the sites whose pages may ask, ``*`` for all.
    """
    middleware = [Middleware(Guard, names=names, shared=bool(origins))]
    if origins:
        middleware.append(
            Middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"])
        )
    handlers = {HTTPException: pages.failure, Exception: pages.failure}
    app = Starlette(routes=ROUTES, middleware=middleware, exception_handlers=handlers)
    app.state.pool, app.state.explorer = pool, [None, b""]
    return app
