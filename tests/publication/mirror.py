"""A partner's copy that follows the feed of announcements and never downloads again."""

from registry.models import EDITIONS, Announcement
from registry.models.editions import OPEN_SEQ
from tests.publication.office import Office
from tests.publication.oracle import Key


class Mirror:
    """Asks again about exactly the subjects that the feed names after the last announcement it has seen."""

    def __init__(self) -> None:
        self.after = 0
        self.copy: dict[Key, bytes] = {}

    def follow(self, office: Office) -> None:
        for row in Announcement.objects.filter(seq__gt=self.after).order_by("seq"):
            self.after, key = row.seq, (row.kind, row.subject_id)
            rows = EDITIONS[row.kind].objects.filter(subject_id=row.subject_id, known_to=OPEN_SEQ)
            answer = rows.valid_on(office.today).values_list("body", flat=True).first()
            self.copy.pop(key, None)
            if answer is not None:
                self.copy[key] = bytes(answer)

    def compare(self, office: Office) -> None:
        self.follow(office)
        assert self.copy == download(office)


def download(office: Office) -> dict[Key, bytes]:
    """Everything that readers get today, asked from nothing."""
    return {
        (kind, row.subject_id): bytes(row.body)
        for kind, model in EDITIONS.items()
        for row in model.objects.known_at(office.head).valid_on(office.today)
    }
