"""kg: from Arabic news about the Syria talks to a knowledge graph whose every edge shows its sentence.

An article goes through the stages listed in :data:`kg.pipeline.STAGES`; :mod:`kg.model` has the types between them.
"""

__version__ = "0.1.0"
