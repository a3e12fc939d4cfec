"""Whether a verb and a name agree: ``اتهم روسيا`` accuses Russia, ``اتهمت روسيا`` is what Russia does."""

from __future__ import annotations

import functools

from kg.knowledge import knowledge_base
from kg.language.arabic import ALEF, HEH, key, stems, without_article
from kg.language.cues import has_role
from kg.language.inflect import TEH, Agreement
from kg.language.titles import COMMAS, role_of
from kg.language.words import QUOTES
from kg.model import Entity
from kg.relate.sentence import FROM, Group, Place, View
from kg.vocabulary import PERSONS, Kind

FEMININE_ENDINGS = (HEH, ALEF + TEH)


def disagrees(view: View, verb: Agreement | None, start: int, behind: Place | None) -> bool:
    """Whether a name behind a verb that ends before ``start`` cannot be its subject; no if nothing tells."""
    if verb is None or behind is None:
        return False
    return verb is Agreement.MANY or _head_gender(view, start, behind) not in (None, verb)


def clashes(view: View, verb: Agreement | None, before: Group) -> bool:
    """Whether a group before a verb cannot be its subject: all its names are of another gender."""
    of_part = view.folded(before.first - 1) == FROM and view.is_role(before.first - 2, "part")
    if verb in (None, Agreement.MANY) or of_part:
        return False  # «مجموعات من فيلق الشام تسحب» agrees with the groups
    return all(gender(view, member) not in (None, verb) for member in before.members)


def _head_gender(view: View, start: int, place: Place) -> Agreement | None:
    """The gender of a name, or of the office before it whose body it is (``المتحدثة باسم البنتاغون``)."""
    between = range(start, place.first)
    office = next((view.folded(at) for at in between if role_of(view.folded(at))), None)
    if office:
        return Agreement.FEMININE if office.endswith(HEH) else Agreement.MASCULINE
    apart = all(at in view.dated or view.folded(at) in COMMAS | QUOTES for at in between)
    return gender(view, place) if apart else None


def gender(view: View, place: Place) -> Agreement | None:
    """The grammatical gender of a name as it stands: of its title or head noun, or of states and capitals by nature."""
    kind = place.link.entities[0].kind
    if kind in PERSONS:
        return _office_gender(view, place)
    for stem, cut in stems(view.folded(place.first)):
        if _is_whole(view, place, cut) and (found := _noun_gender(without_article(stem))):
            return found
    name = key(view.text[place.link.span.start : place.link.span.end])
    return Agreement.FEMININE if kind is Kind.STATE or name in knowledge_base().capitals else None


@functools.lru_cache(maxsize=4096)
def can_be_subject(entity: Entity, verb: Agreement | None) -> bool:
    """Whether somebody who is not named beside a verb can be its subject: one of his names agrees, or tells nothing."""
    if entity.kind in PERSONS or verb is None:
        return True
    plain = Agreement.FEMININE if entity.kind is Kind.STATE else None
    genders = {_noun_gender(key(name).split()[0]) or plain for name in entity.names if key(name)}
    return bool(genders & {None, verb})


def _noun_gender(noun: str) -> Agreement | None:
    """The gender of a folded noun without article, as far as its ending or the table of cues tells."""
    if has_role(noun, "masculine"):
        return Agreement.MASCULINE
    return Agreement.FEMININE if noun.endswith(FEMININE_ENDINGS) or has_role(noun, "feminine") else None


def _office_gender(view: View, person: Place) -> Agreement | None:
    """The gender of a person's title before the name; a name by itself does not tell."""
    word = view.folded(person.first)
    if person.first == person.name or not role_of(word):
        return None
    return Agreement.FEMININE if word.endswith(HEH) and role_of(word) != "counterpart" else Agreement.MASCULINE


def _is_whole(view: View, place: Place, cut: int) -> bool:
    """Whether ``cut`` letters in front of a name are what is attached to it."""
    return view.words[place.first].offset(cut) >= place.link.span.start
