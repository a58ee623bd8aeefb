"""Does a person get what they ask for?"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache, partial
import hashlib
from pathlib import Path
import time
from typing import NamedTuple

from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.registry import init_default_scope
import numpy as np
import torch
from torch import Tensor
import torch.nn.functional as F

from boostgan_plugin import renamed
from boostgan_plugin.checkpoint import file_state, find_checkpoint, only_weights
from boostgan_plugin.evaluation.segmentation_consistency import confusion, mean_iou
from boostgan_plugin.inference.edits import KEEP_PREDICTED, AttributeEdits
from boostgan_plugin.inference.images import to_rgb
from boostgan_plugin.inference.packaged import packaged_weights
from boostgan_plugin.inference.restoration import nearest
from boostgan_plugin.models.attribute_regions import overlapping, region_table
from boostgan_plugin.registry import DATASETS, MODELS
from boostgan_plugin.visualization import image_rows, with_hole, write_image

from .edit_tables import (
    RANDOM,
    READ_IN,
    EditEffect,
    Findings,
    Followed,
    effect_cells,
    read_findings,
    region_cells,
    write_findings,
)
from .inferencer import InpaintingInferencer
from .runs import load_config

_BATCH = 25
#: What findings depend on, of a config.
_SETTINGS = (
    'test_dataloader',
    'attributes',
    'regions',
    'attribute_regions',
    'judge',
    'region_judge',
    'judge_size',
    'cases',
    'min_overlap',
    'whole_parts',
    'drawn',
    'tied',
)
#: Stands for a kind of hole where regions are told.
_REGIONS = 'regions'


@dataclass(frozen=True)
class EditSample:
    """A test image (H, W, 3) uint8 RGB and its number, its regions (H, W) uint8 class numbers, its
    hole (H, W) bool, and which attributes the hole can show, (N1,) bool."""

    number: int
    image: np.ndarray
    regions: np.ndarray
    hole: np.ndarray
    shown: np.ndarray


class Compared(NamedTuple):
    """The same of images restored without a word, told that an attribute is there, and told that
    it is not."""

    without: np.ndarray
    present: np.ndarray
    absent: np.ndarray


@only_weights()
def run_edit_study(
    config: Config, model: str | Path | Config, weights: str | Path | None, out: str | Path
) -> Path:
    """Measure what is not measured yet, one attribute or map of regions after the other.

    ``edits.md`` and ``edits.json`` are written anew after each, ``edits.png`` in the end. What
    ``edits.json`` has of the same settings and the same files of weights is not measured again.

    Args:
        config: one of ``configs/benchmarks/edits_*.py``.
        model: as of :class:`~boostgan_plugin.apis.InpaintingInferencer`, and ``weights`` as well.
        out: the folder.

    Returns:
        Path of ``edits.md``.

    Raises:
        FileNotFoundError: the model or a judge is not trained yet.
        ValueError: the model reads other attributes or regions than the config names.
    """
    renamed.keys(config, crossing='min_overlap')
    out = Path(out)
    inferencer = InpaintingInferencer(model, weights)
    study = EditStudy(config, inferencer)
    findings = read_findings(out / 'edits.json', _key(config, model, weights))
    run = dict(model=inferencer.model.info.name) | (dict(weights=str(weights)) if weights else {})
    # One kind of hole is done before the next one begins.
    cases_of = lru_cache(maxsize=1)(partial(read_cases, config))
    for progress, (hole, edited) in _left(config, findings, out):
        if hole == _REGIONS:
            findings.regions[edited] = study.measure_regions(cases_of(RANDOM), edited)
            cells = region_cells(edited, findings.regions[edited])
        else:
            effect = study.measure_edit(cases_of(hole), edited, hole)
            findings.effects += [effect] if effect else []
            cells = effect_cells(effect) if effect else [edited, hole, 'fewer than two faces']
        write_findings(out, config, findings, run)
        print(progress, *cells, sep='  ', flush=True)
    images = edit_images(inferencer, cases_of(RANDOM), config.pictured)
    write_image(out / 'edits.png', images[..., ::-1].copy())
    return write_findings(out, config, findings, run)


def _key(config: Config, model: str | Path | Config, weights: str | Path | None) -> str:
    """Names what findings depend on: settings, and the files of weights."""
    parts = [config[name] for name in _SETTINGS]
    files = [weights, config.judge.checkpoint, config.region_judge.checkpoint]
    if isinstance(model, Config):
        parts.append(model)
    elif Path(model).suffix == '.py':
        parts.append(load_config(model))
    else:
        files.append(packaged_weights().get(str(model), model))
    parts += [file_state(find_checkpoint(path)) for path in files if path is not None]
    return hashlib.sha256(str(parts).encode()).hexdigest()


def _left(config: Config, findings: Findings, out: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """How far it is, and what to measure next: a kind of hole and an attribute, or a map."""
    kinds = {
        RANDOM: config.attributes,
        _REGIONS: READ_IN,
        **{name: part.attributes for name, part in config.whole_parts.items()},
    }
    steps = [(kind, edited) for kind, each in kinds.items() for edited in each]
    done = {(effect.hole, effect.attribute) for effect in findings.effects} | {
        (_REGIONS, edited) for edited in findings.regions
    }
    left = [step for step in steps if step not in done]
    if done:
        print(f'{len(done)} of {len(steps)} measured before, in {out}', flush=True)
    start = time.monotonic()
    for number, step in enumerate(left):
        minutes = (time.monotonic() - start) / 60
        rest = f', about {minutes * (len(left) - number) / number:.0f} min left' if number else ''
        yield f'[{len(steps) - len(left) + number + 1}/{len(steps)}{rest}]', step


def read_cases(config: Config, hole: str = RANDOM) -> list[EditSample]:
    """The test images of an edit study's config.

    Args:
        hole: 'random', as the test data have them, or the name of one of ``whole_parts``.
    """
    renamed.keys(config, crossing='min_overlap')
    dataset = _test_data(config, hole)
    table = region_table(config.attribute_regions, config.attributes, config.regions)
    assert table is not None
    cases = []
    for number in range(len(dataset)):
        item = dataset[number]
        sample = item['data_samples']
        [shown] = overlapping(sample.gt_seg_map[None], sample.mask, table, config.min_overlap)
        cases.append(
            EditSample(
                number,
                _rgb(item),
                sample.gt_seg_map.numpy(),
                sample.mask[0].numpy().astype(bool),
                shown.numpy(),
            )
        )
    return cases


def _test_data(config: Config, hole: str, *changes: dict) -> BaseDataset:
    """With transforms that change what is in the holes."""
    init_default_scope('boostgan')
    data = deepcopy(config.test_dataloader.dataset)
    if hole != RANDOM:
        data.pipeline = [config.whole_parts[hole].mask, dict(type='PackInpaintingInputs')]
    data.pipeline[-1:-1] = changes
    return DATASETS.build(data)


def _rgb(item: dict) -> np.ndarray:
    return np.ascontiguousarray(item['inputs'].permute(1, 2, 0).flip(2).numpy())


class EditStudy:
    """Tells a model attributes and regions, and has independent networks read what it made of it.

    Args:
        config: one of ``configs/benchmarks/edits_*.py``.
        inferencer: of the model.

    Raises:
        FileNotFoundError: a judge is not trained yet.
        ValueError: the model reads other attributes or regions than the config names.
    """

    def __init__(self, config: Config, inferencer: InpaintingInferencer) -> None:
        init_default_scope('boostgan')
        self.config = config
        self.inferencer = inferencer
        self.judge = MODELS.build(config.judge)
        self.region_judge = MODELS.build(config.region_judge)
        self.inferencer.check_edits(dict.fromkeys(config.attributes, 1))
        if inferencer.classes != tuple(config.regions):
            raise ValueError(
                f'the model reads the regions {", ".join(inferencer.classes)}, but '
                f'told are {", ".join(config.regions)}'
            )

    def measure_edit(
        self, cases: Sequence[EditSample], attribute: str, hole: str = RANDOM
    ) -> EditEffect | None:
        """Tell an attribute for the first ``config.cases`` holes that can show it.

        Args:
            hole: what kind of holes they are.

        Returns:
            None if fewer than two can.
        """
        number = self.config.attributes.index(attribute)
        chosen = [case for case in cases if case.shown[number]][: self.config.cases]
        if len(chosen) < 2:
            return None
        images = Compared(
            *(
                np.stack(_restore(self.inferencer, chosen, edits))
                for edits in ({}, {attribute: 1}, {attribute: 0})
            )
        )
        readings = Compared(*map(self._read_attributes, images))
        of_attribute = Compared(*(reading[:, number] for reading in readings))
        drawn = [
            self._read_attributes(self._drawn(chosen, attribute, present, hole))[:, number]
            for present in (True, False)
        ]
        labels = [
            self.config.regions.index(region) for region in self.config.attribute_regions[attribute]
        ]
        elsewhere = np.stack([case.hole & ~np.isin(case.regions, labels) for case in chosen])
        return EditEffect(
            hole,
            attribute,
            len(chosen),
            *success(of_attribute, *drawn),
            **leakage(readings, self.config.attributes, attribute, self.config.tied),
            pixel_leakage=pixel_leakage(images, elsewhere),
        )

    def _drawn(
        self, cases: Sequence[EditSample], attribute: str, present: bool, hole: str
    ) -> list[np.ndarray]:
        """The images with holes that are drawn as told."""
        change = dict(self.config.drawn, attribute=attribute, present=present)
        dataset = _test_data(self.config, hole, change)
        return [_rgb(dataset[case.number]) for case in cases]

    def measure_regions(self, cases: Sequence[EditSample], edited: str) -> dict[str, float]:
        """Tell regions for every hole: how far what is read there agrees.

        Args:
            edited: a key of ``READ_IN``.

        Returns:
            mIoU in percent over the pixels of the holes, at the judge's size, with the ``true``
            regions of the image and with those of ``another`` face.
        """
        others = [cases[index - 1] for index in range(len(cases))]
        maps = dict(
            true=[case.regions for case in cases], another=[other.regions for other in others]
        )
        if edited == 'original':
            images = [case.image for case in cases]
        elif edited == 'pasted':
            images = [
                np.where(case.hole[..., None], other.image, case.image)
                for case, other in zip(cases, others)
            ]
        elif edited == 'nothing':
            images = _restore(self.inferencer, cases, {})
        else:
            images = [
                _restore_regions(self.inferencer, case, regions)
                for case, regions in zip(cases, maps[edited])
            ]
        read = self._read_regions(images)
        hole = self._at_judge_size([case.hole for case in cases])
        return {
            name: mean_iou(
                confusion(read[hole], self._at_judge_size(each)[hole], len(self.config.regions))
            )
            for name, each in maps.items()
        }

    @torch.inference_mode()
    def _read_attributes(self, images: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
        return torch.cat([self.judge(part) for part in self._small_batches(images)]).numpy()

    @torch.inference_mode()
    def _read_regions(self, images: Sequence[np.ndarray]) -> Tensor:
        return torch.cat([self.region_judge(part)[:, 0] for part in self._small_batches(images)])

    def _small_batches(self, images: Sequence[np.ndarray] | np.ndarray) -> Iterator[Tensor]:
        for start in range(0, len(images), _BATCH):
            batch = np.stack([to_rgb(image) for image in images[start : start + _BATCH]])
            yield F.interpolate(
                torch.from_numpy(batch).movedim(-1, 1) * 2 - 1,
                (self.config.judge_size,) * 2,
                mode='area',
            )

    def _at_judge_size(self, maps: Sequence[np.ndarray]) -> Tensor:
        return torch.from_numpy(
            np.stack([nearest(each, (self.config.judge_size,) * 2) for each in maps])
        )


def success(
    told: Compared, drawn_present: np.ndarray, drawn_absent: np.ndarray
) -> tuple[Followed, Followed]:
    """How often an attribute is read as told: that it is there, and that it is not.

    Args:
        told: its probabilities, (cases,) each, at least two.
        drawn_present: the same where the holes are drawn with it.
        drawn_absent: and without it.
    """
    return (
        _followed(told.without, told.present, drawn_present),
        _followed(1 - told.without, 1 - told.absent, 1 - drawn_absent),
    )


def _followed(before: np.ndarray, told: np.ndarray, drawn: np.ndarray) -> Followed:
    """Of the probabilities of what is told."""
    moved = 100 * (told - before)
    return Followed(
        before=_percent(before > 0.5),
        told=_percent(told > 0.5),
        drawn=_percent(drawn > 0.5),
        shift=float(moved.mean()),
        shift_error=_standard_error(moved),
    )


def leakage(
    readings: Compared, names: Sequence[str], attribute: str, tied: Sequence[Sequence[str]]
) -> dict:
    """How far the attributes move that were not told: mean absolute change of probabilities.

    Args:
        readings: probabilities (cases, N1) each.
        names: of all attributes, N1.
        attribute: the told one.
        tied: groups of which a face never has, or never lacks, two at once.

    Returns:
        ``changes`` by attribute, their mean ``leakage`` over those that share no group with the
        told one, and ``leakage_with_tied`` over all.
    """
    moved = np.mean(
        [np.abs(edited - readings.without) for edited in (readings.present, readings.absent)],
        axis=(0, 1),
    )
    changes = {name: float(change) for name, change in zip(names, moved) if name != attribute}
    to_change = {name for group in tied if attribute in group for name in group}
    free = [change for name, change in changes.items() if name not in to_change]
    return dict(changes=changes, leakage=_mean(free), leakage_with_tied=_mean(changes.values()))


def pixel_leakage(images: Compared, elsewhere: np.ndarray) -> float:
    """Mean absolute change of pixels, as a fraction of 255.

    Args:
        images: (cases, H, W, 3) uint8 each.
        elsewhere: (cases, H, W) bool, the pixels that count.
    """
    without = images.without[elsewhere].astype(int)
    return _mean(
        float(np.abs(edited[elsewhere] - without).mean()) / 255
        for edited in (images.present, images.absent)
        if len(without)
    )


def edit_images(
    inferencer: InpaintingInferencer, cases: Sequence[EditSample], attributes: Sequence[str]
) -> np.ndarray:
    """For each attribute the first further face whose hole can show it: (H, W, 3) uint8 RGB."""
    rows, left = [], iter(cases)
    for attribute in attributes:
        number = inferencer.attributes.index(attribute)
        case = next((case for case in left if case.shown[number]), None)
        if case is None:
            break
        images = {'original': case.image, 'input': with_hole(case.image, case.hole)}
        for title, edits in (
            ('nothing told', {}),
            ('told 1', {attribute: 1}),
            ('told 0', {attribute: 0}),
        ):
            (images[title],) = _restore(inferencer, [case], edits)
        rows.append((attribute, images))
    return image_rows(rows)


def _restore(
    inferencer: InpaintingInferencer, cases: Sequence[EditSample], edits: AttributeEdits
) -> list[np.ndarray]:
    return inferencer(
        [case.image for case in cases],
        [case.hole for case in cases],
        attributes=edits,
        batch_size=_BATCH,
    )['predictions']


def _restore_regions(
    inferencer: InpaintingInferencer, case: EditSample, regions: np.ndarray
) -> np.ndarray:
    edited = np.where(case.hole, regions.astype(np.int16), KEEP_PREDICTED)
    (restored,) = inferencer(case.image, case.hole, segmentation=edited)['predictions']
    return restored


def _percent(verdicts: np.ndarray) -> float:
    return 100 * float(verdicts.mean())


def _standard_error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / len(values) ** 0.5)


def _mean(values) -> float:
    """NaN where there are none."""
    values = list(values)
    return sum(values) / len(values) if values else float('nan')
