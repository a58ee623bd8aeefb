from collections.abc import Sequence

from mmengine.evaluator import BaseMetric
from torch import Tensor
from torchmetrics.functional.classification import multiclass_confusion_matrix

from boostgan_plugin.registry import METRICS, MODELS

from .images import restored_and_target


@METRICS.register_module()
class SegmentationConsistency(BaseMetric):
    """Does an independent network read the same regions in the hole? Mean IoU in percent.

    - ``mIoU_hole``: what it reads in the restored image against what it reads in the original;
    - ``mIoU_hole_true``: against the truth, where samples have ``gt_seg_map`` (H, W);
      ``mIoU_hole_original`` is the same of the originals, what the judge can reach;
      ``mIoU_hole_predicted`` of Ws(x), where samples have it as ``segmentation`` (H, W), in the
      judge's classes.

    All over the pixels of the hole alone, summed over the data set. Classes that are in neither
    of the two are left out; class 255 is ignored.

    Data samples need ``restored`` and ``target`` (3, H, W) uint8 and ``mask`` (1, H, W).

    Args:
        judge: config of a :class:`SegmentationEmbedder` that gives label maps.
    """

    default_prefix = 'segmentation'

    def __init__(self, judge: dict, **kwargs) -> None:
        super().__init__(**kwargs)
        self.judge = MODELS.build(judge)

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Count pairs of classes in the holes."""
        images = restored_and_target(data_samples)
        judge = self.judge.to(images.device)
        restored, original = judge(images)[:, 0].cpu().chunk(2)
        for index, sample in enumerate(data_samples):
            hole = sample['mask'][0].cpu().bool()
            pairs = {'mIoU_hole': (restored[index], original[index])}
            if 'gt_seg_map' in sample:
                true = sample['gt_seg_map'].cpu()
                pairs['mIoU_hole_true'] = (restored[index], true)
                pairs['mIoU_hole_original'] = (original[index], true)
                if 'segmentation' in sample:
                    pairs['mIoU_hole_predicted'] = (sample['segmentation'].cpu(), true)
            self.results.append(
                {
                    name: confusion(first[hole], second[hole], len(judge.names))
                    for name, (first, second) in pairs.items()
                }
            )

    def compute_metrics(self, results: list[dict[str, Tensor]]) -> dict[str, float]:
        """IoU of each class, then the mean."""
        return {name: mean_iou(sum(result[name] for result in results)) for name in results[0]}


def confusion(first: Tensor, second: Tensor, num_classes: int) -> Tensor:
    """How often each pair of classes meets, (C, C); pixels of other numbers are left out."""
    first, second = first.flatten().long(), second.flatten().long()
    valid = (first < num_classes) & (second < num_classes)
    return multiclass_confusion_matrix(
        second[valid], first[valid], num_classes, validate_args=False
    )


def mean_iou(counts: Tensor) -> float:
    """In percent, over the classes that occur."""
    counts = counts.double()
    both = counts.diag()
    either = counts.sum(0) + counts.sum(1) - both
    occurs = either > 0
    return 100 * float((both[occurs] / either[occurs]).mean())
