"""Does requests side by side, a limited number at once, and hands what they bring back as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from queue import Empty, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_AHEAD = 32
"""Jobs per worker that may wait or lie finished: the server is asked on while the records are written."""


class Crew:
    """A fixed number of workers; `alive` is called by who waits, never by a worker."""

    def __init__(self, size: int, alive: Callable[[], None]) -> None:
        self.size = size
        self._alive = alive

    def each(
        self,
        items: Iterable[Item],
        job: Callable[[Item], Result],
        more: Callable[[Item, Result], Iterable[Item]] = lambda item, result: (),
    ) -> Iterator[tuple[Item, Result]]:
        """Yield every item with its result, in the order they are done; `more` says what a result leads to.

        What `more` returns is taken piece by piece, the newest first, so that a tree is walked in the memory of its
        depth. The first failure ends it.
        """
        results: SimpleQueue[tuple[Item, Result | None, BaseException | None]] = SimpleQueue()

        def work(item: Item) -> None:
            try:
                results.put((item, job(item), None))
            except BaseException as error:  # noqa: BLE001 - it is raised again where the results are taken
                results.put((item, None, error))

        waiting = [iter(items)]
        under_way = 0
        executor = ThreadPoolExecutor(self.size, thread_name_prefix="store")
        try:
            for turn in count():
                while waiting and under_way < self.size * _AHEAD:
                    try:
                        item = next(waiting[-1])
                    except StopIteration:
                        waiting.pop()
                        continue
                    executor.submit(work, item)
                    under_way += 1
                if not under_way:
                    return
                if turn % 64 == 0:
                    self._alive()
                try:
                    item, result, error = results.get(timeout=1)
                except Empty:
                    self._alive()
                    continue
                under_way -= 1
                if error is not None:
                    raise error
                waiting.append(iter(more(item, result)))  # type: ignore[arg-type]
                yield item, result  # type: ignore[misc]
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


__all__ = ["Crew"]
