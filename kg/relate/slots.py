"""Where a trigger's subject and object stand: the slots that ``seeds/triggers.tsv`` names.

A slot looks for a group of linked names at a place in the sentence that Arabic syntax makes likely, and gives up at
the first sign that it has left the clause. Nothing found is nothing claimed. The searches are in modules by what they look
for: :mod:`~kg.relate.doers`, :mod:`~kg.relate.owning`, :mod:`~kg.relate.described`, :mod:`~kg.relate.speaking`,
:mod:`~kg.relate.objects`, :mod:`~kg.relate.talked`, :mod:`~kg.relate.strikes`, :mod:`~kg.relate.blame`, :mod:`~kg.relate.again`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from kg.language.arabic import fold
from kg.relate.again import told_before
from kg.relate.blame import aid, bearer, blamed, charged, helper, vower
from kg.relate.described import antecedent, apposed, before, clause_head, modified, nearest, unbroken
from kg.relate.doers import agent, person_before, two_people
from kg.relate.objects import (
    acted_on,
    adjacent,
    adjectives,
    aim,
    behind,
    between,
    beyond,
    craft,
    denier,
    direct,
    gathered,
    listed,
    matter,
    members,
    owned,
    pact,
    parties,
    passed,
    policy,
    pronoun,
    receiver,
    thence,
    there,
    toward,
    undergone,
)
from kg.relate.owning import borne, carried, convened, doer, done_by, of, own_forces, owner, phrase, possessor
from kg.relate.parts import exemplified
from kg.relate.search import REACHES, Filler, behind_preposition
from kg.relate.sentence import FROM, View
from kg.relate.speaking import (
    continued,
    following,
    in_name,
    inherited,
    loyal,
    patron,
    says,
    speaker,
    spoken_for,
    spokesman,
)
from kg.relate.strikes import (
    ally,
    area,
    armed,
    beside,
    by,
    fighters,
    forces,
    holders,
    leader,
    meant_place,
    member,
    movers,
    pair,
    place_before,
    resumed,
    said_of,
    scene,
    striker,
    struck,
    suffered,
)
from kg.relate.talked import event, event_before, event_beside, event_next, topic
from kg.relate.triggers import Trigger
from kg.vocabulary import Kind

Search = Callable[[View, Trigger, Collection[Kind], Filler | None], Filler | None]
AND_PLACE = "and-place"
"""In an object: beside what was found, the place that stands right behind it."""
SPEAKER = "says"
"""Who speaks, the subject of every verb in the first person."""
SPOKEN_FOR = "spoken-for"
"""In whose name he speaks, the subject of what *we* do together."""
CONVENED = "convened"
"""The slot of whom a meeting brings together with somebody."""
IN_A_CLAUSE = "done-by"
"""The slot of a doer whom a clause about the deed names."""
OWN_NAME = frozenset({"in-name", "loyal", "patron"})
"""The slots whose trigger stands in a name."""
AND_EACH_OTHER = "and-each-other"
"""In an object: what was found also relates to one another (``اتفقت روسيا مع أميركا والأردن``)."""
EACH_OTHER, SECOND = "each-other", "second"
PAIRS = (EACH_OTHER, SECOND)
"""What may stand for the object instead of a search: the members of the subject's group, in pairs."""


def fill(slot: str, view: View, trigger: Trigger, kinds: Collection[Kind], other: Filler | None) -> Filler | None:
    """The first filler that one of a slot's alternatives (separated by spaces) finds.

    ``other`` is the subject when the object is looked for. A slot is the name of a search in ``SEARCHES`` or
    ``prep:`` and a preposition, where ``prep:ب`` and ``prep:ل`` mean the attached letters; ``near:`` is the same, at once.
    """
    for alternative in slot.split():
        if alternative in (AND_PLACE, AND_EACH_OTHER):
            continue
        name, _, preposition = alternative.partition(":")
        found = (
            behind_preposition(fold(preposition), view, trigger, kinds, other, REACHES[name])
            if preposition
            else SEARCHES[name](view, trigger, kinds, other)
        )
        if not found and preposition and other and other.first > trigger.last and name == "prep":
            found = _before_doer(fold(preposition), view, trigger, kinds, other)
        if found and not (other and found.first < other.last and other.first < found.last):
            return found
    return None


def _before_doer(
    preposition: str, view: View, trigger: Trigger, kinds: Collection[Kind], doer: Filler
) -> Filler | None:
    """The group behind a preposition between a trigger and a doer told last (``القصف على إدلب من قبل النظام``)."""
    if view.folded(doer.first - 2) != FROM or trigger.tense:
        return None
    found = behind_preposition(preposition, view, trigger, kinds, None, doer.first - trigger.last)
    return found if found and found.last <= doer.first else None


SEARCHES: dict[str, Search] = {
    search.__name__.replace("_", "-"): search
    for search in (
        agent,
        before,
        speaker,
        continued,
        following,
        inherited,
        says,
        spoken_for,
        spokesman,
        person_before,
        two_people,
        owner,
        convened,
        possessor,
        own_forces,
        of,
        carried,
        borne,
        doer,
        done_by,
        phrase,
        between,
        parties,
        policy,
        behind,
        members,
        gathered,
        listed,
        direct,
        acted_on,
        denier,
        pronoun,
        adjacent,
        antecedent,
        modified,
        apposed,
        nearest,
        event,
        event_before,
        event_beside,
        topic,
        adjectives,
        aim,
        matter,
        toward,
        owned,
        craft,
        undergone,
        in_name,
        loyal,
        patron,
        event_next,
        striker,
        by,
        beside,
        resumed,
        said_of,
        fighters,
        helper,
        aid,
        vower,
        holders,
        bearer,
        armed,
        forces,
        ally,
        blamed,
        charged,
        area,
        exemplified,
        pair,
        leader,
        meant_place,
        member,
        movers,
        struck,
        scene,
        unbroken,
        told_before,
        clause_head,
        pact,
        receiver,
        beyond,
        passed,
        there,
        thence,
        suffered,
        place_before,
    )
}
