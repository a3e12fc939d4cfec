"""How the articles of a graph are worked on: in this process, in several, or on many machines.

An engine is handed :class:`Task` after task and gives what was found in each, in any order. Every article is worked on
by itself, so that all engines give the same bytes.
"""

from kg.engine.local import Local
from kg.engine.work import Engine, Task, Worker

__all__ = ["Engine", "Local", "Task", "Worker"]
