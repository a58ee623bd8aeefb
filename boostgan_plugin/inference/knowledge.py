"""What weights know, in words, and whether an image is like what they know."""

from collections.abc import Iterable
from dataclasses import dataclass
import json
import math
from pathlib import Path

import cv2
import numpy as np

from .packaged import packaged_weights

#: Of the images that weights know so many are still called strange.
_FALSE_ALARMS = 0.01
#: Images are measured at this longer side, in pixels.
_SIDE = 128
_STATISTICS = 33


@dataclass(frozen=True)
class Knowledge:
    """``text``: what the weights know, one sentence or two. ``mean`` (K,), ``spread`` (K, K) and
    ``limit``: of the :func:`statistics` of images that they know, the mean, the inverse of the
    covariance, and the Mahalanobis distance that one in a hundred of them exceeds; all None where
    nobody measured them."""

    text: str
    mean: np.ndarray | None = None
    spread: np.ndarray | None = None
    limit: float | None = None

    def is_strange(self, image: np.ndarray) -> bool:
        """Whether hardly any image that the weights know is so far from the others.

        Args:
            image: (H, W, 3) uint8 RGB.
        """
        return self.limit is not None and self._distance(image) > self.limit

    def log_likelihood(self, image: np.ndarray) -> float:
        """How well an image (H, W, 3) uint8 RGB goes with those that are known, taken as normally
        distributed, up to a constant: of several weights the largest one is whose image it is.
        Minus infinity where nobody measured."""
        if self.limit is None:
            return -math.inf
        assert self.spread is not None
        return float(np.linalg.slogdet(self.spread)[1] - self._distance(image) ** 2) / 2

    def _distance(self, image: np.ndarray) -> float:
        assert self.mean is not None and self.spread is not None
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
    path = knowledge_path(Path(packaged_weights().get(str(model), model)))
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text(encoding='utf-8'))
        text, mean, spread, limit = (
            stored.get(name) for name in ('text', 'mean', 'spread', 'limit')
        )
        if limit is None:
            return Knowledge(str(text))
        mean, spread, limit = np.array(mean, float), np.array(spread, float), float(limit)
        shapes = mean.shape, spread.shape
        if shapes != ((_STATISTICS,), (_STATISTICS, _STATISTICS)):
            raise ValueError(f'its numbers have the shapes {shapes}')
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f'{path} does not tell what weights know: {error}') from error
    return Knowledge(str(text), mean, spread, limit)


def knowledge_path(weights: Path) -> Path:
    """Where it is told what a file of weights knows."""
    return weights.with_name(f'{weights.stem}.knowledge.json')


def learn(text: str, known: Iterable[np.ndarray], others: Iterable[np.ndarray]) -> Knowledge:
    """Measure what is usual.

    Args:
        text: what the weights know.
        known: images like those that they were trained on, (H, W, 3) uint8 RGB, some hundreds.
        others: more of them, from which the limit is taken.
    """
    values = np.array([statistics(image) for image in known])
    scale = values.std(0) + 1e-6
    # A little more spread than was seen, so that no direction counts for all.
    spread = np.linalg.inv(np.cov((values / scale).T) + 1e-3 * np.eye(len(scale)))
    spread /= np.outer(scale, scale)
    distances = _distances(
        np.array([statistics(image) for image in others]), values.mean(0), spread
    )
    return Knowledge(text, values.mean(0), spread, float(np.quantile(distances, 1 - _FALSE_ALARMS)))


def save_knowledge(knowledge: Knowledge, path: Path) -> None:
    """Write what :func:`knowledge_of` reads."""
    stored: dict[str, object] = dict(text=knowledge.text)
    if knowledge.limit is not None:
        assert knowledge.mean is not None and knowledge.spread is not None
        stored.update(
            mean=_rounded(knowledge.mean),
            limit=round(knowledge.limit, 3),
            spread=[_rounded(row) for row in knowledge.spread],
        )
    path.write_text(json.dumps(stored) + '\n', encoding='utf-8')


def statistics(image: np.ndarray) -> np.ndarray:
    """What colours and detail an image has, (33,), whatever it shows.

    Mean and spread of lightness and of both colours; and in each of three octaves of detail how
    much there is of it, how unevenly it is spread, and its quantiles, all as logarithms.

    Args:
        image: (H, W, 3) uint8 RGB.
    """
    scale = _SIDE / max(image.shape[:2])
    size = tuple(max(8, round(side * scale)) for side in image.shape[1::-1])
    small = cv2.resize(image.astype(np.float32) / 255, size, interpolation=cv2.INTER_AREA)
    level = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    values = [level.mean((0, 1)), level.std((0, 1))]
    for _ in range(3):
        smooth = cv2.GaussianBlur(level, (0, 0), 1)
        detail = np.abs(level - smooth)
        amount = detail.mean((0, 1))
        unevenness = (detail**2).mean((0, 1)) / (amount**2 + 1e-6)
        quantiles = np.quantile(detail[..., 0], (0.1, 0.5, 0.9))
        values += [np.log(part + 0.01) for part in (amount, unevenness, quantiles)]
        level = cv2.resize(smooth, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.concatenate(values)


def _distances(values: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    away = values - mean
    return np.sqrt(np.einsum('ni,ij,nj->n', away, spread, away))


def _rounded(values: Iterable[float]) -> list[float]:
    return [float(f'{value:.6g}') for value in values]
