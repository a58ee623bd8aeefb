"""AttributeConsistency and SegmentationConsistency, with real judges, against plain loops."""

import numpy as np
import pytest
import torch

from boostgan_plugin.evaluation import AttributeConsistency, SegmentationConsistency
from boostgan_plugin.evaluation.segmentation_consistency import confusion, mean_iou
from boostgan_plugin.models.attribute_regions import overlapping
from boostgan_plugin.models.data_preprocessor import to_unit_range
from tests.conftest import ATTRIBUTES, CLASSES, CLASSIFIER, SEGMENTOR, SIZE

REGIONS = dict(Eyeglasses=['eye'], Smiling=['skin', 'hair'])


@pytest.fixture
def samples() -> list[dict]:
    """Random images whose restoration differs in the upper half."""
    rng = torch.Generator().manual_seed(3)
    result = []
    for _ in range(12):
        target = torch.randint(0, 256, (3, SIZE, SIZE), generator=rng, dtype=torch.uint8)
        mask = torch.zeros(1, SIZE, SIZE, dtype=torch.uint8)
        mask[:, : SIZE // 2] = 1
        other = torch.randint(0, 256, (3, 1, 1), generator=rng, dtype=torch.uint8)
        labels = torch.randint(0, 4, (SIZE, SIZE), generator=rng, dtype=torch.uint8)
        labels[0] = 255
        result.append(
            dict(
                target=target,
                restored=torch.where(mask.bool(), other, target),
                mask=mask,
                gt_score=torch.randint(0, 2, (3,), generator=rng).float(),
                gt_seg_map=labels,
                segmentation=torch.randint(0, 4, (SIZE, SIZE), generator=rng),
            )
        )
    return result


def metrics_of(metric, samples) -> dict[str, float]:
    for start in range(0, len(samples), 5):
        metric.process({}, samples[start : start + 5])
    return metric.compute_metrics(metric.results)


@pytest.fixture
def attribute_judge(checkpoints) -> dict:
    return dict(
        type='AttributeEmbedder',
        config=CLASSIFIER,
        checkpoint=str(checkpoints['classifier']),
        attributes=ATTRIBUTES,
    )


def test_attributes_against_loops(samples, attribute_judge):
    metric = AttributeConsistency(attribute_judge, REGIONS, CLASSES, min_overlap=0.4)
    # A middling threshold for a network of random weights: make its readings differ.
    with torch.no_grad():
        logits = metric.judge.network(
            torch.cat(
                [
                    metric.judge._normalise(to_unit_range(s[f][None]))
                    for s in samples
                    for f in ('restored', 'target')
                ]
            ),
            mode='tensor',
        )
        metric.judge.network.head.fc.bias -= logits.median(0).values
    metrics = metrics_of(metric, samples)

    def read(sample, field):
        return metric.judge(to_unit_range(sample[field])[None])[0] > 0.5

    agreement, accuracy, in_hole = [], [], {name: [] for name in ATTRIBUTES}
    for sample in samples:
        restored, original = read(sample, 'restored'), read(sample, 'target')
        labels, hole = sample['gt_seg_map'].numpy(), sample['mask'][0].numpy() == 1
        for index, name in enumerate(ATTRIBUTES):
            agreement.append(bool(restored[index] == original[index]))
            accuracy.append(bool(restored[index] == sample['gt_score'][index]))
            region = np.isin(labels, [CLASSES.index(c) for c in REGIONS.get(name, [])])
            if region.any() and (region & hole).sum() >= 0.4 * region.sum():
                in_hole[name].append(agreement[-1])
    assert 0 < np.mean(agreement) < 1
    assert metrics['agreement'] == pytest.approx(100 * np.mean(agreement))
    assert metrics['accuracy'] == pytest.approx(100 * np.mean(accuracy))
    assert not in_hole['Male'] and 'agreement_hole/Male' not in metrics
    each = {name: 100 * np.mean(hits) for name, hits in in_hole.items() if hits}
    for name, value in each.items():
        assert metrics[f'agreement_hole/{name}'] == pytest.approx(value)
    assert metrics['agreement_hole'] == pytest.approx(np.mean(list(each.values())))


def test_perfect_restoration_keeps_all_attributes(samples, attribute_judge):
    for sample in samples:
        sample['restored'] = sample['target']
        del sample['gt_score'], sample['gt_seg_map']
    assert metrics_of(AttributeConsistency(attribute_judge), samples) == dict(agreement=100.0)


def test_regions_of_unknown_names_are_refused(attribute_judge):
    with pytest.raises(ValueError, match='regions names Beard, beard'):
        AttributeConsistency(attribute_judge, dict(Beard=['beard']), CLASSES)


def test_overlap_by_hand():
    labels = torch.tensor([[[0, 1], [1, 2]], [[1, 1], [255, 2]]])
    hole = torch.tensor([[[1, 1], [0, 0]], [[0, 0], [1, 1]]])
    regions = torch.tensor(
        [
            [True, False, False, False],
            [False, True, False, False],
            [False, True, True, False],
            [False, False, False, True],
        ]
    )
    assert overlapping(labels, hole, regions, 0.5).tolist() == [
        [True, True, False, False],
        [False, False, False, False],
    ]


READ = ('true', 'original', 'predicted')


def test_regions_against_mmseg(samples, checkpoints):
    from mmseg.evaluation import IoUMetric

    metric = SegmentationConsistency(
        dict(
            type='SegmentationEmbedder',
            config=SEGMENTOR,
            checkpoint=str(checkpoints['segmentor']),
            classes=CLASSES,
        )
    )
    metrics = metrics_of(metric, samples)
    totals = {name: [] for name in ('mIoU_hole', *map('mIoU_hole_{}'.format, READ))}
    for sample in samples:
        restored, original = (
            metric.judge(to_unit_range(sample[field])[None])[0, 0].long()
            for field in ('restored', 'target')
        )
        outside = sample['mask'][0] == 0
        for name, pair in (
            ('mIoU_hole', (restored, original)),
            ('mIoU_hole_true', (restored, sample['gt_seg_map'])),
            ('mIoU_hole_original', (original, sample['gt_seg_map'])),
            ('mIoU_hole_predicted', (sample['segmentation'], sample['gt_seg_map'])),
        ):
            label = pair[1].long().masked_fill(outside, 255)
            totals[name].append(IoUMetric.intersect_and_union(pair[0], label, 4, 255)[:2])
    assert len({round(value, 3) for value in metrics.values()}) == len(totals) == len(metrics)
    for name, pairs in totals.items():
        both, either = (sum(pair[i] for pair in pairs) for i in (0, 1))
        expected = np.nanmean((both / either).numpy())
        assert metrics[name] == pytest.approx(100 * expected, abs=1e-4)


def test_confusion_and_iou_by_hand():
    counts = confusion(torch.tensor([0, 0, 1, 1, 9]), torch.tensor([0, 1, 1, 255, 0]), 3)
    assert counts.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert mean_iou(counts) == pytest.approx(50)
