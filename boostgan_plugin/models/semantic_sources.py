"""Where the semantics that condition a generator come from.

A source takes the semantics that were predicted from the corrupted images, and a function that
gives those of the whole ones, which is called only where they are wanted.
"""

from collections.abc import Callable

import torch

from .semantics import Semantics

Source = Callable[[Semantics, Callable[[], Semantics]], Semantics]


def predicted(pred: Semantics, gt: Callable[[], Semantics]) -> Semantics:
    """Wa(x) and Ws(x), as in the paper."""
    return pred


def oracle(pred: Semantics, gt: Callable[[], Semantics]) -> Semantics:
    """Wa(y) and Ws(y): as if nothing were missing."""
    return gt()


def shuffled(pred: Semantics, gt: Callable[[], Semantics]) -> Semantics:
    """Wa(x) and Ws(x) of the image before in the batch, the last one's for the first.

    Raises:
        ValueError: there is no other image.
    """
    if len(pred.attributes) < 2:
        raise ValueError(
            "semantics='shuffled' gives each image those of another: it needs "
            'batches of at least 2 images'
        )
    return Semantics(*(part.roll(1, dims=0) for part in pred))


def none(pred: Semantics, gt: Callable[[], Semantics]) -> Semantics:
    """0 for every attribute, every pixel's class, and every class probability."""
    return Semantics(*map(torch.zeros_like, pred))


#: By the name that ``semantics=`` of :class:`BoostGAN` knows.
SEMANTIC_SOURCES: dict[str, Source] = dict(
    predicted=predicted, oracle=oracle, shuffled=shuffled, none=none
)


def semantic_source(name: str) -> Source:
    """The source of a name.

    Raises:
        ValueError: there is none.
    """
    if name not in SEMANTIC_SOURCES:
        raise ValueError(
            f"semantics='{name}' is unknown; choose one of {', '.join(SEMANTIC_SOURCES)}"
        )
    return SEMANTIC_SOURCES[name]
