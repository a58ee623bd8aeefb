"""A sheet of restorations, none of them chosen."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from mmengine.config import Config
from mmengine.registry import init_default_scope
import numpy as np
from PIL import Image

from boostgan_plugin.checkpoint import only_weights
from boostgan_plugin.registry import DATASETS
from boostgan_plugin.visualization import with_hole

from .inferencer import InpaintingInferencer

_GAP = 4


@only_weights()
def write_montage(
    config: Config,
    inferencer: InpaintingInferencer,
    out: str | Path,
    count: int = 48,
    columns: int = 4,
    seed: int = 0,
) -> Path:
    """Input, restoration and original of random images of a config's test data.

    Args:
        out: an image; its ending says which kind.
        columns: images in a row, of three images each.
        seed: which images.

    Raises:
        ValueError: fewer images than ``count``, or none wanted.
    """
    cells = [
        np.hstack([with_hole(image, hole), restored, image])
        for image, hole, restored in _restored(config, inferencer, count, seed)
    ]
    blank = np.full_like(cells[0], 255)
    cells += [blank] * (-len(cells) % columns)
    rows = [
        np.hstack([_framed(cell) for cell in cells[start : start + columns]])
        for start in range(0, len(cells), columns)
    ]
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.vstack(rows)).save(out, quality=92)
    return out


def _restored(
    config: Config, inferencer: InpaintingInferencer, count: int, seed: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Images (H, W, 3) uint8 RGB, their holes (H, W) bool, and the images restored."""
    init_default_scope('boostgan')
    dataset = DATASETS.build(deepcopy(config.test_dataloader.dataset))
    if not 0 < count <= len(dataset):
        raise ValueError(f'count={count}: there are {len(dataset)} test images')
    for index in sorted(np.random.default_rng(seed).choice(len(dataset), count, replace=False)):
        item = dataset[int(index)]
        image = np.ascontiguousarray(item['inputs'].permute(1, 2, 0).flip(2).numpy())
        hole = item['data_samples'].mask[0].numpy().astype(bool)
        yield image, hole, inferencer(image, hole)['predictions'][0]


def _framed(cell: np.ndarray) -> np.ndarray:
    return np.pad(cell, ((_GAP, _GAP), (_GAP, _GAP), (0, 0)), constant_values=255)
