"""Does a person get what they ask for?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mmengine.config import Config
from mmengine.registry import init_default_scope
import numpy as np
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.evaluation.attribute_consistency import crosses_hole, region_table
from boostgan_plugin.inference.edits import AttributeEdits
from boostgan_plugin.inference.pictures import to_rgb
from boostgan_plugin.registry import DATASETS, MODELS
from boostgan_plugin.visualization import picture_rows, with_hole

from .inferencer import InpaintingInferencer
from .tables import Rows

_BATCH = 25


@dataclass(frozen=True)
class Case:
    """A test image (H, W, 3) uint8 RGB, its hole (H, W) bool, and which attributes the hole can
    show, (N1,) bool."""
    image: np.ndarray
    hole: np.ndarray
    shown: np.ndarray


@dataclass(frozen=True)
class EditEffect:
    """What an independent network reads of one attribute, as probabilities (cases,): in the image
    restored without a word, and told that it is there or is not."""
    attribute: str
    without: np.ndarray
    told_present: np.ndarray
    told_absent: np.ndarray

    def rates(self) -> dict[str, float]:
        """How often the wanted value is read, in percent, without and with the edit."""
        return dict(
            present_without=100 * float((self.without > 0.5).mean()),
            present_told=100 * float((self.told_present > 0.5).mean()),
            absent_without=100 * float((self.without <= 0.5).mean()),
            absent_told=100 * float((self.told_absent <= 0.5).mean()))

    def shifts(self) -> dict[str, tuple[float, float]]:
        """How far the probability moves in the wanted direction, in percentage points: mean and
        standard error over the cases."""
        towards = dict(present=self.told_present - self.without,
                       absent=self.without - self.told_absent)
        return {name: (100 * float(values.mean()),
                       100 * float(values.std(ddof=1) / len(values)**0.5))
                for name, values in towards.items()}


def read_cases(config: Config) -> list[Case]:
    """The test images of a config of ``configs/benchmarks/edits_*.py``."""
    init_default_scope('boostgan')
    dataset = DATASETS.build(config.test_dataloader.dataset)
    table = region_table(config.attribute_regions, config.attributes, config.regions)
    cases = []
    for index in range(len(dataset)):
        item = dataset[index]
        sample = item['data_samples']
        shown = crosses_hole(sample.gt_seg_map, sample.mask[0], table, config.crossing)
        image = item['inputs'].permute(1, 2, 0).flip(2).numpy()
        cases.append(Case(np.ascontiguousarray(image), sample.mask[0].numpy().astype(bool),
                          shown.numpy()))
    return cases


def measure_edits(config: Config, inferencer: InpaintingInferencer, cases: Sequence[Case]
                  ) -> Iterator[EditEffect]:
    """Tell each attribute that holes can show, one at a time; yields as they are measured."""
    judge = MODELS.build(config.judge)
    for number, attribute in enumerate(config.attributes):
        chosen = [case for case in cases if case.shown[number]][:config.cases]
        if len(chosen) > 1:
            pictures = (_restore(inferencer, chosen, edits)
                        for edits in ({}, {attribute: 1}, {attribute: 0}))
            yield EditEffect(attribute, *(_read(judge, images, config.judge_size)[:, number].numpy()
                                          for images in pictures))


def _restore(inferencer: InpaintingInferencer, cases: Sequence[Case], edits: AttributeEdits
             ) -> list[np.ndarray]:
    return inferencer([case.image for case in cases], [case.hole for case in cases],
                      attributes=edits, batch_size=_BATCH)['predictions']


def effect_rows(effects: Sequence[EditEffect]) -> Rows:
    """A table: for each attribute how often it is read as wanted, and how far it moves."""
    rows = [['attribute', 'faces', 'read as present: before', 'told present', 'shift',
             'read as absent: before', 'told absent', 'shift']]
    for effect in effects:
        rates, shifts = effect.rates(), effect.shifts()
        row = [effect.attribute, str(len(effect.without))]
        for side in ('present', 'absent'):
            mean, error = shifts[side]
            row += [f'{rates[f"{side}_without"]:.0f} %', f'{rates[f"{side}_told"]:.0f} %',
                    f'{mean:+.1f} ± {error:.1f}']
        rows.append(row)
    return rows


def edit_pictures(inferencer: InpaintingInferencer, cases: Sequence[Case],
                  attributes: Sequence[str]) -> np.ndarray:
    """For each attribute the first further face whose hole can show it: (H, W, 3) uint8 RGB."""
    rows, left = [], iter(cases)
    for attribute in attributes:
        number = inferencer.attributes.index(attribute)
        case = next((case for case in left if case.shown[number]), None)
        if case is None:
            break
        pictures = {'original': case.image, 'input': with_hole(case.image, case.hole)}
        for title, edits in (('nothing told', {}), ('told 1', {attribute: 1}),
                             ('told 0', {attribute: 0})):
            pictures[title], = _restore(inferencer, [case], edits)
        rows.append((attribute, pictures))
    return picture_rows(rows)


@torch.inference_mode()
def _read(judge: nn.Module, images: Sequence[np.ndarray], size: int) -> Tensor:
    pictures = torch.from_numpy(np.stack([to_rgb(image) for image in images])).movedim(-1, 1)
    small = F.interpolate(pictures * 2 - 1, (size, size), mode='area')
    return torch.cat([judge(part) for part in small.split(_BATCH)])
