from collections.abc import Mapping, Sequence

from mmengine.evaluator import BaseMetric
import torch
from torch import Tensor

from boostgan_plugin import renamed
from boostgan_plugin.models.attribute_regions import overlapping, region_table
from boostgan_plugin.options import Ratio
from boostgan_plugin.registry import METRICS, MODELS

from .images import percent, restored_and_target


@renamed.options(crossing='min_overlap')
@METRICS.register_module()
class AttributeConsistency(BaseMetric):
    """Does an independent network read the same attributes in the restored image? In percent.

    The judge must not be the Wa that guided the restoration: another backbone, another seed.

    - ``agreement``: how often it reads the same (at a threshold of 0.5) as in the original;
    - ``accuracy``: how often that is the truth, where samples have ``gt_score`` (A,);
      ``accuracy_original`` is the same of the originals, what the judge can reach.

    With ``regions``, and samples that have ``gt_seg_map`` (H, W), those with the suffix ``_hole``
    count only attributes whose regions lie in the hole for at least ``min_overlap``; the mean over
    attributes that do so anywhere, and each by itself as ``agreement_hole/<attribute>``.

    Data samples need ``restored`` and ``target`` (3, H, W) uint8 and ``mask`` (1, H, W).

    Args:
        judge: config of an :class:`AttributeEmbedder`.
        regions: for each attribute the classes of ``gt_seg_map`` where it shows; attributes
            that are left out never cross a hole.
        classes: the names of the classes, in their order.
        min_overlap: ratio of the regions' pixels in the hole.

    Raises:
        ValueError: ``regions`` names an unknown attribute or class.
    """

    default_prefix = 'attribute'

    def __init__(
        self,
        judge: dict,
        regions: Mapping[str, Sequence[str]] | None = None,
        classes: Sequence[str] = (),
        min_overlap: Ratio = 0.5,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.judge = MODELS.build(judge)
        self.names = self.judge.names
        self.min_overlap = min_overlap
        self._regions = region_table(regions or {}, self.names, classes)

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Read each restored and original image."""
        images = restored_and_target(data_samples)
        judge = self.judge.to(images.device)
        restored, original = (judge(images) > 0.5).cpu().chunk(2)
        for index, sample in enumerate(data_samples):
            result = dict(restored=restored[index], original=original[index])
            if 'gt_score' in sample:
                result['true'] = sample['gt_score'].cpu() > 0.5
            if self._regions is not None and 'gt_seg_map' in sample:
                [result['overlaps']] = overlapping(
                    sample['gt_seg_map'][None], sample['mask'], self._regions, self.min_overlap
                ).cpu()
            self.results.append(result)

    def compute_metrics(self, results: list[dict[str, Tensor]]) -> dict[str, float]:
        """Means over images and attributes."""
        columns = {name: torch.stack([result[name] for result in results]) for name in results[0]}
        verdicts = dict(agreement=columns['restored'] == columns['original'])
        if 'true' in columns:
            verdicts['accuracy'] = columns['restored'] == columns['true']
            verdicts['accuracy_original'] = columns['original'] == columns['true']
        metrics = {name: percent(verdict) for name, verdict in verdicts.items()}
        if 'overlaps' in columns:
            for name, verdict in verdicts.items():
                metrics.update(self._in_hole(name, verdict, columns['overlaps']))
        return metrics

    def _in_hole(self, name: str, verdict: Tensor, overlaps: Tensor) -> dict[str, float]:
        each = {
            attribute: percent(verdict[overlaps[:, index], index])
            for index, attribute in enumerate(self.names)
            if overlaps[:, index].any()
        }
        mean = percent(torch.tensor(list(each.values())) / 100)
        return {
            f'{name}_hole': mean,
            **{f'{name}_hole/{attribute}': value for attribute, value in each.items()},
        }
