"""Offices: who belongs to which body, told by a title beside a name.

A minister belongs to the state, an official of a ministry to the ministry (annotation guideline), the head of a
delegation heads what it stands for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.knowledge import OfficeRow, domain, knowledge_base
from kg.language.arabic import ALEF, ARTICLE, BEH, HEH, LAM, WAW, fold, key, stems, without_article
from kg.language.cues import has_role
from kg.language.inflect import TEH, Agreement
from kg.language.titles import COMMAS, Title, fixed_titles, nouns, role_of, stem_role
from kg.model import Entity, Modality, Polarity
from kg.relate.agreeing import gender
from kg.relate.finding import Finding
from kg.relate.search import Filler
from kg.relate.sentence import Place, View
from kg.vocabulary import EVENTS, ORGANIZATIONS, PERSONS, PLACES, Kind, Predicate

ADJECTIVE_REACH = 5
"""Words from the noun of a title within which the adjective of its state stands."""
CONFIDENCE = 0.9
SHORTEST_OWNED = 4
OWNER_REACH = 8
"""Words before a title with a pronoun within which the body stands that it means."""
FACTIONS = frozenset({Kind.ARMED_GROUP, Kind.POLITICAL_BODY})
JOINT = frozenset(map(fold, ("المشترك", "المشتركة", "مشترك", "مشتركة")))
SUPREME = frozenset(map(fold, ("العام", "العامة", "الأعلى")))
SECRETARY = fold("الأمين العام")
"""Who leads a party or armed group by that title; one of an international body serves it."""
SENT_IN = frozenset({"في", "لدي"})
SENT_WITH = (BEH + ARTICLE, LAM + LAM)
"""How words begin that tell where somebody represents his state (``الممثل الروسي بالأمم المتحدة``)."""
WITH_ARTICLE = (ARTICLE, *SENT_WITH)
LONG_NAME = 3
"""Words of a name that can hold a title and a person's name."""
FULL_NAME = 2
"""Words of a name that is more than a family name."""


def offices(view: View) -> Iterator[Finding]:
    """The offices that a sentence tells."""
    for place in view.places:
        if place.link.entities[0].kind in PERSONS:
            title = next((title for title in view.titles if title.name == place.name), None)
            if view.is_role(place.first - 1, "named_after") or (title and _is_of_neighbour(view, place, title)):
                continue
            inner = list(_known(view, place)) if title and _is_of_another(view, place, title) else []
            told = inner or list(_held(view, place, title) if title else _shared(view, place))
            yield from told or _described(view, place) or _known(view, place)
        else:
            yield from _inside(view, place)


def _held(view: View, person: Place, title: Title) -> Iterator[Finding]:
    found = _organisation(view, title)
    if not found:
        return
    body, at = found
    role = _text(view, title.start, at)
    shared = view.folded(title.start + 1) in JOINT  # «الرئيسة المشتركة لمجلس»
    supreme = view.folded(title.start + 1) in SUPREME and role_of(without_article(view.folded(title.start))) == "head"
    head = role_of(view.folded(title.start)) == "head" or shared or supreme
    if head and _is_delegation(view, title.start + 1):
        yield _finding(person, body, Predicate.HEADED, "delegation", role)
        yield from _sent(view, person, title, body)
        return
    yield _finding(person, body, Predicate.AFFILIATED_WITH, "title", role)
    if (
        head
        and all(_is_plain(view.folded(n)) for n in range(title.start + 1 + shared, at))
        and body.kind is not Kind.STATE
        and body not in knowledge_base().capitals.values()
    ):
        yield _finding(person, body, Predicate.HEADED, "title", role)


def _is_of_neighbour(view: View, person: Place, title: Title) -> bool:
    """Whether a title is that of a state which a known holder of offices does not serve: that of somebody beside him.

    ``استقبل ترامب رئيسة الوزراء البريطانية، تيريزا ماي``.
    """
    if title.start > person.name and view.folded(title.start - 1) in COMMAS:
        return False  # «ناجي مصطفى، الملحق العسكري الأردني»
    who, found = person.link.fitting(PERSONS), _organisation(view, title)
    state = country_of(found[0].id) if found else ""
    served = {country_of(row.organisation) for row in _offices_of(view, who)} if who and state else set()
    return bool(served) and served.isdisjoint({state, ""})


@functools.cache
def country_of(identifier: str) -> str:
    """The id of the country that a body belongs to; empty if it belongs to none or to several, as far as is known."""
    base = knowledge_base()
    countries = {base.parents.get(state.id) or state.id for state in base.capitals.values()}
    seen: set[str] = set()
    while identifier and identifier not in countries and identifier not in seen:
        seen.add(identifier)
        identifier = base.parents.get(identifier, "")
    return identifier if identifier in countries else ""


def _is_plain(word: str) -> bool:
    """Whether a word between *head* and the body adds nothing (``القائد العام للوحدات``, ``رئيس مجموعة الخوذ البيضاء``)."""
    return word in SUPREME or any(has_role(stem, "body_noun") for stem, _ in stems(word))


def body_told(view: View, person: Place) -> Entity | None:
    """The body of the office that a sentence tells of somebody, if it does."""
    title = next((title for title in view.titles if title.name == person.name), None)
    found = _organisation(view, title) if title else None
    return found[0] if found else None


def _sent(view: View, person: Place, title: Title, body: Entity) -> Iterator[Finding]:
    """Who sends a delegation to talks attends them (``رئيس الوفد الروسي إلى أستانا``: the article's round)."""
    reach = range(title.start, min(max(title.end, person.last) + 1, len(view.words)))
    sent = any(view.folded(at) in ("الي", "في") for at in reach)
    named = (place.link.fitting(EVENTS) for place in view.places if place.first in reach)
    talks = next((event for event in named if event), view.topic)
    if sent and talks and talks.kind in EVENTS:
        finding = _finding(person, talks, Predicate.ATTENDED, "delegation", "")
        yield replace(finding, subject=replace(finding.subject, entities=(body,)))


def _inside(view: View, place: Place) -> Iterator[Finding]:
    """The office of somebody by whom a government is called (``نظام الرئيس بشار الأسد``)."""
    if place.last - place.first < LONG_NAME:
        return
    title = next((at for at in range(place.first, place.last) if stem_role(view.folded(at)) == "title"), place.last)
    for at in range(title + 1, place.last - 1):
        names = knowledge_base().named(" ".join(view.folded(n) for n in range(at, place.last)))
        person = next((entity for entity in names if entity.kind in PERSONS), None)
        row = person and next(
            (row for row in _offices_of(view, person) if key(row.office) == without_article(view.folded(title))), None
        )
        if person and row:
            who, body = Filler((person,), title, place.last), knowledge_base().entities[row.organisation]
            yield Finding(
                Predicate.AFFILIATED_WITH, who, replace(who, entities=(body,)), Polarity.POSITIVE, Modality.ACTUAL,
                f"{Predicate.AFFILIATED_WITH}.office", CONFIDENCE, words=(title, place.last), role=row.office,
            )  # fmt: skip
            return


def _described(view: View, person: Place) -> list[Finding]:
    """The body of somebody whose office was linked to him by itself (``ستافان دي ميستورا، مبعوث الأمم المتحدة إلى …``)."""
    who = person.link.fitting(PERSONS)
    at = person.last + (view.folded(person.last) in COMMAS)
    office = view.place_at(at)
    if not who or not office or office.link.fitting(PERSONS) != who or not role_of(view.folded(at)):
        return []
    rows = {row.organisation: row for row in _offices_of(view, who)}
    if len(rows) != 1:
        return []
    ((identifier, row),) = rows.items()
    body = knowledge_base().entities[identifier]
    told = (Predicate.AFFILIATED_WITH, Predicate.HEADED) if _heads(row) else (Predicate.AFFILIATED_WITH,)
    found = (_finding(person, body, predicate, "office", row.office) for predicate in told)
    return [replace(one, words=(person.first, office.last)) for one in found]


def _shared(view: View, person: Place) -> Iterator[Finding]:
    """``الرئيسان الروسي … والسوري بشار الأسد``: an adjective alone, in a list of people with one title.

    Without adjectives (``الرئيسان فلاديمير بوتين ورجب طيب أردوغان``) what the tables know of them tells.
    """
    first = view.group_of(person).members[0]
    if first is not person and view.is_role(first.first, "two_offices") and person.last - person.name >= FULL_NAME:
        yield from _known(view, replace(person, first=first.first))
    apart = view.folded(person.first - 1) in COMMAS  # «…، فلاديمير بوتين، والإيراني، حسن روحاني»
    at = person.first - 1 - apart
    before = view.place_at(at - 1 - (apart and view.folded(at - 1) in COMMAS))
    if view.folded(at).startswith(WAW) and at in view.adjectives and before and before.link.entities[0].kind in PERSONS:
        yield _finding(person, view.adjectives[at], Predicate.AFFILIATED_WITH, "shared", "", first=at)


def _is_of_another(view: View, person: Place, title: Title) -> bool:
    """Whether a title of two offices can be that of somebody else, the inner one being the person's (``مستشار الرئيس ترامب``)."""
    inner = range(title.start + 1, person.name)
    return any(view.folded(at).startswith(ARTICLE) and stem_role(view.folded(at)) == "title" for at in inner)


def _known(view: View, person: Place) -> Iterator[Finding]:
    """An office whose body the words leave out or that stands without a name, if the seed tables know its holder's."""
    who = person.link.fitting(PERSONS)
    if person.first < person.name and person.last - person.name < FULL_NAME:
        return  # «الرئيس بوتين» tells nothing new of him
    words = [_unowned(without_article(view.folded(at))) for at in range(person.first, person.last)]
    bodies = {row.organisation: row for row in _offices_of(view, who) if _spells(words, row.office)} if who else {}
    if len(bodies) == 1 and not _is_known_to_all(person, *bodies.values()):
        ((identifier, row),) = bodies.items()
        body = knowledge_base().entities[identifier]
        yield _finding(person, body, Predicate.AFFILIATED_WITH, "office", row.office)
        if _heads(row):
            yield _finding(person, body, Predicate.HEADED, "office", row.office)


def _is_known_to_all(person: Place, row: OfficeRow) -> bool:
    """Whether a bare title is that of who governs the country that the articles are about (``الرئيس بشار الأسد``)."""
    title = person.name - person.first or person.last - person.first
    alone = title == len(row.office.split())
    return alone and knowledge_base().parents.get(row.organisation) in domain("home")


def _heads(row: OfficeRow) -> bool:
    """Whether an office is that of who leads a group, party or council."""
    first, *rest = fold(row.office).split()
    leads = (
        role_of(without_article(first)) == "head" or fold(row.office).startswith(SECRETARY) or bool(JOINT & set(rest))
    )
    return leads and knowledge_base().entities[row.organisation].kind in FACTIONS


def _offices_of(view: View, person: Entity) -> Iterator[OfficeRow]:
    """The offices, other than the head of a delegation, that somebody held when the article was written."""
    for row in _offices_by_person().get(person.id, ()):
        if view.today is None or row.held_on(view.today):
            yield row


@functools.cache
def _offices_by_person() -> dict[str, list[OfficeRow]]:
    found: dict[str, list[OfficeRow]] = {}
    for row in knowledge_base().offices:
        if not _is_delegation_office(row.office):
            found.setdefault(row.person, []).append(row)
    return found


def _is_delegation_office(office: str) -> bool:
    return any(word in nouns("delegation") for word in fold(office).split())


def _unowned(word: str) -> str:
    """A word of an office without the pronoun of whose it is (``وزير خارجيته``), and one of two in the singular."""
    if has_role(ARTICLE + word, "two_offices"):
        return word[:-2]
    return word[:-2] + HEH if word.endswith(TEH + HEH) and len(word) > SHORTEST_OWNED else word


def _spells(words: Sequence[str], office: str) -> bool:
    """Whether an office stands among words, its first word perhaps with clitics; a spokesman's by that word alone."""
    wanted = key(office).split()
    wanted = wanted[:1] if wanted[1:2] == ["باسم"] else wanted
    for at in range(len(words) - len(wanted) + 1):
        first = {without_article(stem) for stem, _ in stems(words[at])}
        rest = list(words[at + 1 : at + len(wanted)])
        if wanted[0] in first and (rest == wanted[1:] or (rest and has_role(rest[0], "body_noun"))):
            return True
    return False


def _finding(
    person: Place, body: Entity, predicate: Predicate, rule: str, role: str, *, first: int | None = None
) -> Finding:
    start = person.first if first is None else first
    who = person.link.fitting(PERSONS)
    return Finding(
        predicate, Filler((who,) if who else (), start, person.last), Filler((body,), start, person.last),
        Polarity.POSITIVE, Modality.ACTUAL, f"{predicate}.{rule}", CONFIDENCE, words=(start, person.last), role=role,
    )  # fmt: skip


def _text(view: View, start: int, end: int) -> str:
    """Words as they are written, the first without what is attached to it (``ونظيره``, ``للرئيس``)."""
    words = [view.text[word.span.start : word.span.end] for word in view.words[start:end] if not word.is_mark]
    if words:
        stem, cut = next(((s, c) for s, c in stems(view.folded(start)) if stem_role(s)), ("", 0))
        rest = view.text[view.words[start].offset(cut) : view.words[start].span.end]
        article = stem and view.folded(start)[:cut].endswith(LAM + LAM)
        words[0] = f"{ARTICLE}{rest}" if article else rest
    return " ".join(words)


def _is_delegation(view: View, at: int) -> bool:
    return any(stem in nouns("delegation") for stem, _ in stems(view.folded(at)))


def _organisation(view: View, title: Title) -> tuple[Entity, int] | None:
    """Whose office it is, and the word behind which the title says so."""
    for words, body in fixed_titles().items():
        spelt = [view.folded(at) for at in range(title.start, title.start + len(words))]
        if spelt[1:] == list(words[1:]) and words[0] in dict(stems(spelt[0])):
            return knowledge_base().entities[body], title.start + len(words)
    near = range(title.start, min(title.end, title.start + ADJECTIVE_REACH))
    adjective = next((at for at in near if at in view.adjectives), None)
    bodies = [p for p in view.places if title.start <= p.name < title.end and _body(p)]
    bodies = [p for p in bodies if not _is_destination(view, p) and (adjective is None or p.name < adjective)]
    bodies = [p for p in bodies if not _is_aligned(view, title.start, p)]
    if any(_is_part(view, place) for place in bodies):
        return None
    known = [p for p in bodies if p.link.entities[0].known]
    best = next(iter(known or bodies), None)
    if best and (organisation := _body(best)):
        return _employer(view, best, organisation), best.name
    if adjective is None:
        return _before_title(view, title)
    return None if _is_of_unnamed(view, title, adjective) else (view.adjectives[adjective], adjective)


def _is_of_unnamed(view: View, title: Title, adjective: int) -> bool:
    """Whether an adjective of a state tells of an actor (``الممثل الفرنسي``), a team or a body that no table knows.

    ``قائد فيورنتينا الإيطالي``: the noun before the adjective has no article, so that it is a name.
    """
    posted = any(_is_definite(view, at, SENT_WITH) or view.folded(at) in SENT_IN for at in range(adjective, title.end))
    performs = view.is_role(title.start, "performer") and adjective == title.start + 1 and not posted
    team = any(view.is_role(at, "team") for at in range(title.start, title.end))
    owner = view.folded(adjective - 1)
    named = not _is_definite(view, adjective - 1, WITH_ARTICLE) and owner.isalpha() and not role_of(owner)
    return performs or team or (named and view.folded(adjective).startswith(ARTICLE))


def _is_definite(view: View, at: int, beginnings: tuple[str, ...]) -> bool:
    return view.folded(at).removeprefix(WAW).startswith(beginnings)


def _is_aligned(view: View, start: int, place: Place) -> bool:
    """Whether a name only tells with whom the body sides (``رئيس المبادرة … المؤيدة للنظام``)."""
    return any(view.is_role(at, "aligned") for at in range(start, place.name))


def _is_part(view: View, place: Place) -> bool:
    """Whether the body is one of an international organisation that has such (``رئيس وكالة الأمم المتحدة …``)."""
    whole = place.link.fitting({Kind.INTERNATIONAL_ORGANIZATION})
    if whole is None or not view.is_role(place.name - 1, "sub_body"):
        return False
    base = knowledge_base()
    parts = (
        base.entities[part] for part, parent in base.parents.items() if parent == whole.id and part in base.entities
    )
    return any(part.kind is Kind.INTERNATIONAL_ORGANIZATION for part in parts)


def _body(place: Place) -> Entity | None:
    """The organisation that a name stands for, or the government of a country that is no actor (``مندوب سوريا``)."""
    base, country = knowledge_base(), place.link.fitting(PLACES)
    acting = (actor for actor in base.capitals.values() if country and base.parents.get(actor.id) == country.id)
    return place.link.fitting(ORGANIZATIONS) or next(acting, None)


def _before_title(view: View, title: Title) -> tuple[Entity, int] | None:
    """``الأمم المتحدة عبر موفدها …``, ``… المتحدث باسمها``: the title's pronoun points back to the body before it."""
    his = any(has_role(stem, "his_office") for stem, _ in stems(view.folded(title.start)))
    owned = his or any(_for_it(view, at) or view.is_role(at, "his_body") for at in (title.start + 1, title.start + 2))
    for at in range(title.start - 1, max(-1, title.start - OWNER_REACH) if owned else title.start, -1):
        place = view.place_at(at)
        body = place.link.fitting(ORGANIZATIONS - {Kind.MEDIA_OUTLET}) if place else None
        free = place and (at == title.start - 1 or not view.governed(view.group_of(place)))
        if place and body and free and gender(view, place) in (None, _owner_gender(view, title)):
            return body, title.start + 1 + view.is_role(title.start + 1, "his_body")
    return None


def _owner_gender(view: View, title: Title) -> Agreement:
    """Whom a title's pronoun means: *her* (``موفدها``, ``باسمها``) or *him*."""
    words = (view.folded(at) for at in range(title.start, title.start + 3))
    return Agreement.FEMININE if any(word.endswith(HEH + ALEF) for word in words) else Agreement.MASCULINE


def _for_it(view: View, at: int) -> bool:
    return view.folded(at) in ("باسمها", "باسمه")


def _is_destination(view: View, place: Place) -> bool:
    """Whether a title's name is where an envoy goes, what his office is about or to whom he speaks, not whom he stands for."""
    if view.is_role(place.name - 1, "destination"):
        return True
    if view.folded(place.name - 1) == "في":
        return any(view.folded(at) == "باسم" for at in range(max(0, place.name - ADJECTIVE_REACH), place.name))
    word = view.words[place.name]
    attached = word.folded[: max(0, place.link.span.start - word.span.start)]
    earlier = (role_of(view.folded(at)) for at in range(max(0, place.name - ADJECTIVE_REACH), place.name))
    told = attached.endswith(LAM) or any(view.folded(at) == LAM for at in (place.name - 1, place.name - 2))
    if told and place.link.entities[0].kind is Kind.MEDIA_OUTLET:
        return True  # «مدير الشركة لوكالة فرانس برس» speaks to it
    return attached.endswith(LAM) and "envoy" in earlier


def _employer(view: View, place: Place, body: Entity) -> Entity:
    """A minister's state instead of the ministry that his title spells (``وزير الخارجية الإيرانية``)."""
    minister = any(fold("وزير") in view.folded(place.name - back) for back in (1, 2))
    base = knowledge_base()
    parent = base.parents.get(body.id, "")
    return base.entities[parent] if minister and body.kind is Kind.GOVERNMENT_BODY and parent in base.entities else body
