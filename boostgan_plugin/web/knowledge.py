"""What weights know, in words, and whether a picture is like what they know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import json
from pathlib import Path

import cv2
import numpy as np

from boostgan_plugin.inference.packaged import packaged_weights

#: Of the pictures that weights know so many are still called strange.
_FALSE_ALARMS = 0.01
_SIDE = 128


@dataclass(frozen=True)
class Knowledge:
    """``text``: what the weights know, one sentence or two. ``mean`` (K,), ``spread`` (K, K) and
    ``limit``: of the :func:`statistics` of pictures that they know, the mean, the inverse of the
    covariance, and the Mahalanobis distance that one in a hundred of them exceeds; all None where
    nobody measured them."""
    text: str
    mean: np.ndarray | None = None
    spread: np.ndarray | None = None
    limit: float | None = None

    def is_strange(self, image: np.ndarray) -> bool:
        """Whether hardly any picture that the weights know is so far from the others.

        Args:
            image: (H, W, 3) uint8 RGB.
        """
        return self.limit is not None and self.distance(image) > self.limit

    def distance(self, image: np.ndarray) -> float:
        """The Mahalanobis distance of a picture (H, W, 3) uint8 RGB from those that are known."""
        return float(_distances(statistics(image)[None], self.mean, self.spread)[0])


def knowledge_of(model: str | Path) -> Knowledge | None:
    """What is told in ``<stem>.knowledge.json`` beside a file of weights.

    Args:
        model: the file, or the name of weights that come with the package.

    Returns:
        None where there is no such file.

    Raises:
        ValueError: there is one that tells something else.
    """
    path = Path(packaged_weights().get(str(model), model))
    path = path.with_name(f'{path.stem}.knowledge.json')
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding='utf-8'))
        text, mean, spread, limit = (told.get(name) for name in
                                     ('text', 'mean', 'spread', 'limit'))
        if limit is None:
            return Knowledge(str(text))
        knowledge = Knowledge(str(text), np.array(mean, float), np.array(spread, float),
                              float(limit))
        knowledge.distance(np.zeros((8, 8, 3), np.uint8))
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f'{path} does not tell what weights know: {error}') from error
    return knowledge


def learn(text: str, known: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> Knowledge:
    """Measure what is usual.

    Args:
        text: what the weights know.
        known: pictures like those that they were trained on, (H, W, 3) uint8 RGB, some hundreds.
        others: more of them, from which the limit is taken.
    """
    values = np.array([statistics(image) for image in known])
    mean, spread = values.mean(0), np.linalg.inv(np.cov(values.T) + 1e-9 * np.eye(values.shape[1]))
    distances = _distances(np.array([statistics(image) for image in others]), mean, spread)
    return Knowledge(text, mean, spread, float(np.quantile(distances, 1 - _FALSE_ALARMS)))


def save_knowledge(knowledge: Knowledge, path: Path) -> None:
    """Write what :func:`knowledge_of` reads."""
    told = dict(text=knowledge.text)
    if knowledge.limit is not None:
        told.update(mean=_rounded(knowledge.mean), limit=round(knowledge.limit, 3),
                    spread=[_rounded(row) for row in knowledge.spread])
    path.write_text(json.dumps(told) + '\n', encoding='utf-8')


def statistics(image: np.ndarray) -> np.ndarray:
    """What colours and detail a picture has, (9,), whatever it shows.

    Means and spreads of lightness and of both colours, and the logarithm of how much there is in
    each of three octaves of detail, at a side of 128 px.

    Args:
        image: (H, W, 3) uint8 RGB.
    """
    scale = _SIDE / max(image.shape[:2])
    size = tuple(max(8, round(side * scale)) for side in image.shape[1::-1])
    small = cv2.resize(image.astype(np.float32) / 255, size, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    detail, level = [], lab[..., 0]
    for _ in range(3):
        smooth = cv2.GaussianBlur(level, (0, 0), 1)
        detail.append(np.log(np.abs(level - smooth).mean() + 0.01))
        level = cv2.resize(smooth, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.array([*lab.mean((0, 1)), *lab.std((0, 1)), *detail])


def _distances(values: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    away = values - mean
    return np.sqrt(np.einsum('ni,ij,nj->n', away, spread, away))


def _rounded(values: Iterable[float]) -> list[float]:
    return [float(f'{value:.6g}') for value in values]
