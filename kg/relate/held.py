"""Where and when talks are held: a place and a date beside a round or meeting.

A place counts if it follows the talks behind ``في`` or a verb of holding stands between; a date likewise, and it must not
contradict what the calendar knows of the round. Whether it is a plan follows from the words or, better, from the day on
which the article was written.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from kg.knowledge import knowledge_base
from kg.language.arabic import BEH, LAM, WAW, fold
from kg.language.cues import TO_HOLD, TOWARDS, has_role, is_future, is_future_verb
from kg.language.dates import Period, Precision, ResolvedDate
from kg.language.titles import COMMAS, STOPS
from kg.model import DatedSpan, Entity, Modality, Polarity
from kg.relate.finding import Finding
from kg.relate.modality import modality_before
from kg.relate.search import Filler, behind_place
from kg.relate.sentence import Place, View
from kg.vocabulary import EVENTS, Kind, Predicate

REACH = 24
"""Words between the talks and their place or date."""
CLOSE = 4
"""So near, no verb of holding is needed."""
PLACES_OR_STATES = (Kind.PLACE, Kind.STATE)
WHERE, BEFORE, AFTER = "حيث", "قبل", "بعد"
DISTANCES = ("hours", "one_day", "two_days")
"""Roles of words that tell how many days, by their number, something is from today."""
TO_HOLD_REACH = 2
"""Words between a date and the talks for which somebody goes somewhere: *to hold* and a comma."""
DIRECT, WITH_VERB = 0.75, 0.85


def held(view: View) -> Iterator[Finding]:
    """The places and dates of talks that a sentence tells."""
    for place in view.places:
        event = place.link.fitting(EVENTS)
        if event:
            yield from _where(view, place, event)
            yield from _when(view, place, event)


def _where(view: View, talks: Place, event: Entity) -> Iterator[Finding]:
    if host := _in_the_name(view, talks, event):
        yield _held_in(view, talks, event, host, talks, verb=False)
        return
    for place in view.places:
        host = place.link.entities[0]
        inside = place.link.span.inside(talks.link.span) or (event.kind is Kind.MEETING and place.first == talks.last)
        if host.kind not in (Kind.PLACE, Kind.STATE) or not (inside or 0 <= place.first - talks.last <= REACH):
            continue
        if _crosses(view, talks.last, place.first) or not (inside or _at(view, place)):
            continue
        verb = _holding(view, talks, place.first)
        if not _plausible(event, host, near=place.first - talks.last <= CLOSE, verb=verb):
            continue
        yield _held_in(view, talks, event, host, place, verb=verb)
        return
    before = _opened_in(view, talks)
    if before and _plausible(event, before.link.entities[0], near=True, verb=True):
        yield _held_in(view, talks, event, before.link.entities[0], before, verb=True)


def _opened_in(view: View, talks: Place) -> Place | None:
    """The place right before the talks behind a verb of holding (``انطلقت في أستانا الجولة``)."""
    for place in view.places:
        if place.last <= talks.first and place.link.entities[0].kind is Kind.PLACE and _at(view, place):
            opened = any(view.is_role(place.first - back, "holding") for back in (2, 3, 4))
            if opened and behind_place(view, place.last) == talks.first:
                return place
    return next((place for place in view.places if _leads_to(view, place, talks)), None)


def _leads_to(view: View, place: Place, talks: Place) -> bool:
    """Whether a city hosts the talks or somebody goes there for them: ``تستضيف طهران قمة``, ``زار أنقرة حيث التقى``."""
    if place.link.entities[0].kind not in PLACES_OR_STATES or not 0 <= talks.first - place.last <= CLOSE * 2:
        return False
    if view.is_role(place.first - 1, "hosting"):
        return True
    event = talks.link.entities[0]
    if event.kind is not Kind.MEETING:
        return False
    conducted = any(view.is_role(at, "conducting") for at in range(place.first - 2 * CLOSE, place.first))
    if view.folded(place.last) == WHERE or (conducted and _at(view, place) and _is_own(event, place)):
        return True
    visited = any(view.is_role(at, "visiting") for at in range(place.first - 2 * CLOSE, place.first))
    if visited and view.folded(talks.first).startswith(WAW) and _is_own(event, place):
        return True  # «زار ظريف بيروت والتقى»
    between = range(place.last, talks.first)
    told = all(
        at in view.dated or view.folded(at) in COMMAS for at in between[:-1]
    )  # «إلى بيروت، الاثنين، لإجراء محادثات»
    return view.folded(place.first - 1) == TOWARDS and (
        len(between) <= 1 or (told and view.folded(between[-1]) == TO_HOLD)
    )


def _is_own(event: Entity, place: Place) -> bool:
    """Whether a place is the one after which a meeting outside the tracks is called."""
    return event.id.startswith(f"{place.link.entities[0].id}-")


def _held_in(view: View, talks: Place, event: Entity, host: Entity, where: Place, *, verb: bool) -> Finding:
    return Finding(
        Predicate.HELD_IN, Filler((event,), talks.first, talks.last), Filler((host,), where.first, where.last),
        Polarity.POSITIVE, _modality(view, talks, event, where.first), "heldIn.place", WITH_VERB if verb else DIRECT,
        words=(talks.first, where.last),
    )  # fmt: skip


def _in_the_name(view: View, talks: Place, event: Entity) -> Entity | None:
    """The place behind ``في`` in a name itself (``مؤتمر الحوار السوري في سوتشي``), unless the calendar disagrees."""
    words = [view.folded(at) for at in range(talks.first, talks.last)]
    host = knowledge_base().entities.get(_place_of(event))
    return host if host and "في" in words and fold(host.names[0]) in words else None


def _at(view: View, place: Place) -> bool:
    """Whether ``في`` (perhaps with ``العاصمة`` between) or an attached ``ب`` stands before a place."""
    before = [view.folded(place.first - back) for back in (1, 2)]
    if LAM in view.clitic(place) or before[0] == TOWARDS:
        return any(view.is_role(place.first - back, "visit") for back in (1, 2, 3))  # «في زيارة مفاجئة لطهران»
    return BEH in view.clitic(place) or "في" in before[:1] or (before[1] == "في" and has_role(before[0], "place_noun"))


def _plausible(event: Entity, host: Entity, *, near: bool, verb: bool) -> bool:
    """Whether talks can be meant to be held there: the calendar agrees, or nothing but the words can tell."""
    known = knowledge_base().calendar.get(event.id)
    if known and known.place:
        return host.id == known.place or ((verb or near) and knowledge_base().parents.get(known.place) == host.id)
    return event.id.startswith(f"{host.id}-") or (near and verb)


def _when(view: View, talks: Place, event: Entity) -> Iterator[Finding]:
    known = period_of(event)
    for dated in _dates_near(view, talks):
        if not dated.date or (known and not known.overlaps(dated.date.period)):
            continue
        verb = _holding(view, talks, _index(view, dated))
        period = _with_duration(view, dated.date.period)
        yield Finding(
            Predicate.HELD_ON, Filler((event,), talks.first, talks.last),
            Filler((), min(talks.first, _index(view, dated)), _end(view, dated)), Polarity.POSITIVE,
            _modality(view, talks, event, _index(view, dated)), "heldOn.date", WITH_VERB if verb else DIRECT,
            words=(talks.first, talks.last), period=period, date=ResolvedDate(period, dated.date.basis),
        )  # fmt: skip
        return
    if known and (day := _told_from_today(view, talks.first)) and known.overlaps(Period.of(day, day)):
        yield Finding(
            Predicate.HELD_ON, Filler((event,), talks.first, talks.last), Filler((), talks.first - 1, talks.first),
            Polarity.POSITIVE, _modality(view, talks, event, talks.last), "heldOn.from-today", DIRECT,
            words=(talks.first - 3, talks.last), period=Period.of(day, day), date=ResolvedDate(Period.of(day, day), view.basis),
        )  # fmt: skip


def _told_from_today(view: View, first: int) -> datetime.date | None:
    """The day that words right before talks tell from the day of writing: ``بعد يوم من قمة``, ``قبل ساعات من أول قمة``."""
    for at in range(max(0, first - CLOSE), first - 2):
        days = next((days for days, role in enumerate(DISTANCES) if view.is_role(at + 1, role)), None)
        if days is not None and view.folded(at + 2) == "من" and view.today and view.folded(at) in (BEFORE, AFTER):
            return view.today + datetime.timedelta(days=days if view.folded(at) == BEFORE else -days)
    return None


def is_coming(view: View, first: int, period: Period) -> bool:
    """Whether talks at word ``first`` lie after the day of writing, or on it and something is told to be *before* them."""
    if not view.today or period.start < view.today:
        return False
    return period.start > view.today or BEFORE in {view.folded(at) for at in range(max(0, first - CLOSE), first)}


def _dates_near(view: View, talks: Place) -> list[DatedSpan]:
    """The dates that can belong to the talks, best first: behind them with a verb of holding, behind them, before them."""
    found = []
    for dated in view.dates:
        at, end = _index(view, dated), _end(view, dated)
        if any(view.is_role(at - back, "since") for back in (1, 2)):
            continue
        if talks.first <= at < talks.last:
            found.append((0, 0, dated))
        elif 0 <= at - talks.last <= REACH and not _crosses(view, talks.last, at):
            found.append((0 if _holding(view, talks, at) else 1, at - talks.last, dated))
        elif at <= CLOSE and 0 <= talks.first - end <= CLOSE * 2 and not _crosses(view, end, talks.first):
            found.append((2, talks.first - end, dated))
        elif 0 <= talks.first - end <= 1 and any(view.is_role(n, "holding") for n in range(at - 2 * CLOSE, at)):
            found.append((1, talks.first - end, dated))  # «تعقد المنظمة الاثنين اجتماعا»
        elif 0 <= talks.first - end <= TO_HOLD_REACH and view.folded(talks.first - 1) == TO_HOLD:
            found.append((1, talks.first - end, dated))  # «إلى بيروت، الاثنين، لإجراء محادثات»
    near = [(rank, gap, d) for rank, gap, d in found if rank == 0 or gap <= CLOSE * 2]
    return [d for _, _, d in sorted(near, key=lambda triple: triple[:2])]


def _holding(view: View, talks: Place, end: int) -> bool:
    """Whether a word of holding stands between the talks and word ``end``, or right before the talks."""
    between = range(max(0, talks.first - CLOSE), end)
    return any(has_role(view.folded(at), "holding") for at in between)


def _crosses(view: View, start: int, end: int) -> bool:
    return any(view.folded(at) in STOPS for at in range(start, end))


def period_of(event: Entity) -> Period | None:
    """What is known of an event's date: by the calendar, or from its id if the article itself gave it its date."""
    known = knowledge_base().calendar.get(event.id)
    if known or event.kind is not Kind.MEETING:
        return known.period if known else None
    return Period(event.id[-10:])


def _place_of(event: Entity) -> str:
    """The id of an event's place: by the calendar, or from its own id if the article itself gave it its place; else empty."""
    known = knowledge_base().calendar.get(event.id)
    if known or event.kind is not Kind.MEETING:
        return known.place if known else ""
    return event.id.rsplit("-", 3)[0]


def _with_duration(view: View, period: Period) -> Period:
    """A first day with ``ليومين`` in the sentence is an interval of two days."""
    if period.precision is not Precision.DAY:
        return period
    for at in range(len(view.words)):
        if has_role(view.folded(at), "two_days"):
            return Period.of(period.start, period.start + datetime.timedelta(days=1))
    return period


def _modality(view: View, talks: Place, event: Entity, until: int) -> Modality:
    """Planned if the talks lie after the day of writing, or the words say so as far as word ``until``."""
    period = period_of(event)
    if period and is_coming(view, talks.first, period):
        return Modality.PLANNED
    if view.today and period and period.start != view.today:
        return Modality.ACTUAL
    if view.folded(talks.first - 1) == TO_HOLD:
        return Modality.PLANNED
    between = view.words[talks.last : until]
    if is_future(view.words, view.span(talks.first, talks.last)) or any(is_future_verb(w.folded) for w in between):
        return Modality.PLANNED
    return modality_before(view, talks.first)


def _index(view: View, dated: DatedSpan) -> int:
    return next((at for at, word in enumerate(view.words) if word.span.end > dated.span.start), 0)


def _end(view: View, dated: DatedSpan) -> int:
    return max((at + 1 for at, word in enumerate(view.words) if word.span.start < dated.span.end), default=1)
