"""Pages kept in the memory of a worker: the least lately read go first, and never more than so many bytes."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A page as it was made for visitors, plain and packed."""

    content: bytes
    packed: bytes
    headers: dict[str, str]

    @property
    def size(self) -> int:
        return len(self.content) + len(self.packed)


class Shelf:
    """Kept pages by their tag; however many addresses are asked for, the room stays the same."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = 0
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, tag: str) -> Kept | None:
        with self._lock:
            if tag in self._pages:
                self._pages.move_to_end(tag)
            return self._pages.get(tag)

    def put(self, tag: str, page: Kept) -> None:
        with self._lock:
            if tag in self._pages:
                return
            self._pages[tag] = page
            self.taken += page.size
            while self.taken > self.room:
                _oldest, gone = self._pages.popitem(last=False)
                self.taken -= gone.size
