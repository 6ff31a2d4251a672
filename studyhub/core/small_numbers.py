"""Which counts of a tree may be shown, so that none tells about one or two people.

Not even by subtraction: what is shown of a node, less what is shown below it, are the people of a
*remainder*. Nodes of a tree lie within each other or apart, so everything that can be worked out
from shown counts is made up of whole remainders; it is enough that each is empty or large enough.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Generic, TypeVar

Node = TypeVar("Node")
SMALLEST_SHOWN = 3  # people; counts of fewer would tell about persons


def safe_to_show(
    parents: Mapping[Node, Node | None], own: Mapping[Node, int], smallest: int
) -> set[Node]:
    """The nodes whose counts may be shown.

    ``parents`` names every node, a parent before its children; ``own`` counts the people of a node
    itself, without those below. A root is shown only where it has nothing below: its counts would
    stand on no page.
    """
    tree = _Tree(parents, own, smallest)
    for node in reversed(list(parents)):
        tree.judge(node)
    return tree.shown


class _Tree(Generic[Node]):
    """Judged from below: whatever lies below a node is safe before the node is looked at."""

    def __init__(
        self, parents: Mapping[Node, Node | None], own: Mapping[Node, int], smallest: int
    ) -> None:
        self.parents, self.smallest = parents, smallest
        self.size = {node: own.get(node, 0) for node in parents}
        self.rest = dict(self.size)
        self.below: dict[Node, list[Node]] = defaultdict(list)  # the topmost that are shown
        self.shown: set[Node] = set()

    def judge(self, node: Node) -> None:
        parent = self.parents[node]
        if self._may_be_shown(node, parent):
            self.shown.add(node)
        if parent is None:
            return
        self.size[parent] += self.size[node]
        if node in self.shown:
            self.below[parent].append(node)
        else:
            self._leave_to(parent, node)

    def _may_be_shown(self, node: Node, parent: Node | None) -> bool:
        if self.size[node] < self.smallest or (parent is None and self.below[node]):
            return False
        if 0 < self.rest[node] < self.smallest:
            self._hide_one_below(node)
        return not 0 < self.rest[node] < self.smallest

    def _hide_one_below(self, node: Node) -> None:
        """The smallest whose people make the remainder large enough; without one the node goes."""
        helpful = [one for one in self.below[node] if self.rest[one]]
        if helpful:
            hidden = min(helpful, key=lambda one: self.size[one])
            self.shown.remove(hidden)
            self.below[node].remove(hidden)
            self._leave_to(node, hidden)

    def _leave_to(self, node: Node, hidden: Node) -> None:
        """Who is not shown under a node's own name is part of the remainder above."""
        self.rest[node] += self.rest[hidden]
        self.below[node] += self.below[hidden]
