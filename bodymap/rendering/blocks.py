"""Drawn lines of a known height, which pictures are stacked from."""

from dataclasses import dataclass

from bodymap.rendering.scene import Group, Node


@dataclass(frozen=True)
class Block:
    """Drawn lines of a known height, from the top at y = 0."""

    nodes: list[Node]
    height: float


def below(*blocks: Block) -> Block:
    """Blocks below each other as one; those without nodes take no room."""
    nodes: list[Node] = []
    y = 0.0
    for block in blocks:
        if block.nodes:
            y += 10 if nodes else 0
            nodes.append(Group(block.nodes, frame=(0, y, 1.0)))
            y += block.height
    return Block(nodes, y)
