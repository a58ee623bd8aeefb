"""The same holes restored by several models, side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from boostgan_plugin.inference.images import open_image, to_bytes
from boostgan_plugin.inference.windows import Window, window_around
from boostgan_plugin.visualization import image_rows, with_hole

from .inferencer import InpaintingInferencer

#: What is shown around a hole, in sides of it, and how large.
_AROUND, _SIDE = 1.0, 320


def write_comparison(
    cases: str | Path, root: str | Path, models: Sequence[str], out: str | Path
) -> Path:
    """Draw a row for each case: its hole, then what each model makes of it, all around the hole.

    Args:
        cases: a JSON file, a list of ``{"image": file below root, "hole": polygons}``, each polygon
            a list of points [x, y] in pixels. ``"region": name`` says which one the hole is told
            to be.
        models: names that the inferencer knows, or files of weights.
        out: an image; its ending says which kind.

    Raises:
        FileNotFoundError: an image or a model is not there.
        ValueError: ``cases`` holds something else, or a hole lies outside its image.
    """
    inferencers = {model: InpaintingInferencer(model) for model in models}
    rows = [(case.title, _row(case, inferencers)) for case in read_cases(Path(cases), Path(root))]
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image_rows(rows)).save(out, quality=90)
    return out


@dataclass(frozen=True)
class Case:
    """``image`` (H, W, 3) uint8 RGB, ``hole`` (H, W) bool, ``region`` that it shall be, None
    for the predicted one."""

    title: str
    image: np.ndarray
    hole: np.ndarray
    region: str | None


def read_cases(path: Path, root: Path) -> Iterator[Case]:
    """See :func:`write_comparison`.

    Raises:
        ValueError: an entry of another form, or a hole outside its image.
    """
    cases = json.loads(path.read_text(encoding='utf-8'))
    for number, case in enumerate(cases):
        try:
            name, polygons = case['image'], [np.array(each, np.int32) for each in case['hole']]
            good = bool(polygons) and all(
                each.ndim == 2 and each.shape[0] > 2 and each.shape[1] == 2 for each in polygons
            )
        except (TypeError, KeyError, ValueError):
            good = False
        if not good:
            raise ValueError(
                f'{path}, entry {number}: expected {{"image": FILE, "hole": polygons '
                'of three or more points [x, y]}'
            )
        image = to_bytes(open_image(root / name).pixels)
        hole = np.zeros(image.shape[:2], np.uint8)
        cv2.fillPoly(hole, polygons, 1)
        if not hole.any():
            raise ValueError(f'{path}, entry {number}: the hole lies outside {name}')
        region = case.get('region')
        yield Case(f'{name}, {region}' if region else name, image, hole > 0, region)


def _row(case: Case, inferencers: Mapping[str, InpaintingInferencer]) -> dict[str, np.ndarray]:
    part = _square_around(case.hole).slices
    override = {case.region: case.hole} if case.region else None
    images = {'hole': with_hole(case.image, case.hole)}
    for name, inferencer in inferencers.items():
        (images[name],) = inferencer(case.image, case.hole, segmentation=override)['predictions']
    return {
        name: cv2.resize(
            np.ascontiguousarray(shown[part]), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA
        )
        for name, shown in images.items()
    }


def _square_around(hole: np.ndarray) -> Window:
    """The hole and what is around it, inside the image."""
    left, top, width, height = cv2.boundingRect(hole.astype(np.uint8))
    side = min(round((1 + 2 * _AROUND) * max(width, height)), *hole.shape)
    return window_around(Window(top, left, top + height, left + width), hole.shape, side)
