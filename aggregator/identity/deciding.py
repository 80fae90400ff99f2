"""A person's word on a link. It stands until a person takes it back; no pass over the rows touches it."""

from datetime import datetime

from django.db.models import QuerySet

from aggregator.identity.judging import LINKED
from aggregator.models import IdentityLink
from aggregator.vocabulary import LinkState


def decide(links: QuerySet[IdentityLink], same: bool, by: str, now: datetime) -> int:
    """Keep *links* as the same or as different for good, by whom and when; gives their number."""
    state = LinkState.SAME if same else LinkState.DIFFERENT
    return links.update(state=state, decided_at=now, decided_by=by)


def take_back(links: QuerySet[IdentityLink]) -> int:
    """Leave *links* to their scores again; gives their number."""
    decided = links.filter(state__in=(LinkState.SAME, LinkState.DIFFERENT))
    ids = list(decided.values_list("pk", flat=True))
    freed = {"decided_at": None, "decided_by": ""}
    sure = IdentityLink.objects.filter(pk__in=ids, score__gte=LINKED)
    doubtful = IdentityLink.objects.filter(pk__in=ids, score__lt=LINKED)
    return sure.update(state=LinkState.LINKED, **freed) + doubtful.update(state=LinkState.CANDIDATE, **freed)
