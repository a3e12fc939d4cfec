"""All that a rebuild loads once, loaded: processes forked from one that has imported this begin at once."""

from __future__ import annotations

import datasketch

from kg import page, pipeline, stages
from kg.knowledge import knowledge_base
from tests.factory import document

LOADED = (
    datasketch,
    page,
    knowledge_base(),
    pipeline,
    stages.rules().fingerprint,
    stages.claims_of(document("قصفت روسيا إدلب.")),
)
