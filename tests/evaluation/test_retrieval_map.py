from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from boostgan_plugin.evaluation import RetrievalMAP
from boostgan_plugin.evaluation.retrieval_map import average_precision
from boostgan_plugin.models.data_preprocessor import to_unit_range

FEATURES = dict(type='EfficientNetLiteFeatures', size=32)


def test_average_precision_by_hand():
    """The original finds 0, 1, 2; the restored image ranks 1, 3, 0, 4, 2."""
    original = torch.tensor([0.1, 0.2, 0.3, 0.9, 0.8])
    restored = torch.tensor([0.3, 0.1, 0.5, 0.2, 0.4])
    assert average_precision(restored, original, 3) == pytest.approx((1 / 1 + 2 / 3 + 3 / 5) / 3)
    assert average_precision(original, original, 3) == 1


@pytest.fixture
def gallery(tmp_path) -> dict:
    rng = np.random.default_rng(0)
    (tmp_path / 'gallery').mkdir()
    for index in range(30):
        image = cv2.resize(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8), (40, 40))
        cv2.imwrite(str(tmp_path / f'gallery/{index:02}.png'), image)
    return dict(
        type='InpaintingDataset',
        data_root=str(tmp_path / 'gallery'),
        pipeline=[dict(type='LoadImage'), dict(type='CenterSquareCrop', size=32)],
    )


@pytest.fixture
def metric(gallery, tmp_path):
    def build(**kwargs) -> RetrievalMAP:
        return RetrievalMAP(
            FEATURES, gallery, top_k=4, cache=str(tmp_path / 'cache'), batch_size=7, **kwargs
        )

    return build


def images(count: int) -> torch.Tensor:
    rng = np.random.default_rng(1)
    return torch.stack(
        [
            torch.from_numpy(
                cv2.resize(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8), (32, 32))
            ).permute(2, 0, 1)
            for _ in range(count)
        ]
    )


def test_identical_queries_give_100_and_others_what_a_loop_gives(metric):
    target = images(6)
    same = metric()
    same.process({}, [dict(restored=image, target=image) for image in target])
    assert same.compute_metrics(same.results) == dict(mAP=100.0)

    restored = target.clone()
    restored[:, :, 8:24, 8:24] = 127
    changed = metric()
    changed.process({}, [dict(restored=a, target=b) for a, b in zip(restored, target)])
    given = changed.compute_metrics(changed.results)['mAP']

    network = changed.features

    def vector(image) -> np.ndarray:
        return network.vectors(to_unit_range(image[None]))[0].double().numpy()

    images_of_gallery = (changed.gallery[index]['img'][..., ::-1].copy() for index in range(30))
    gallery = [vector(torch.from_numpy(image).permute(2, 0, 1)) for image in images_of_gallery]
    values = []
    for before, after in zip(target, restored):

        def ranking(image):
            query = vector(image)
            return sorted(range(30), key=lambda i: np.linalg.norm(gallery[i] - query))

        relevant, ranked = set(ranking(before)[:4]), ranking(after)
        hits = [rank for rank, index in enumerate(ranked, 1) if index in relevant]
        values.append(np.mean([count / rank for count, rank in enumerate(hits, 1)]))
    assert 10 < given < 100
    assert given == pytest.approx(100 * np.mean(values), abs=1e-3)


def test_the_gallery_is_read_once_and_again_when_a_file_changes(metric, gallery, tmp_path):
    def measure() -> set[Path]:
        own = metric()
        own.process({}, [dict(restored=image, target=image) for image in images(1)])
        own.compute_metrics(own.results)
        return set((tmp_path / 'cache').iterdir())

    first = measure()
    stamp = next(iter(first)).stat().st_mtime_ns
    assert measure() == first and next(iter(first)).stat().st_mtime_ns == stamp
    cv2.imwrite(f'{gallery["data_root"]}/00.png', np.zeros((50, 50, 3), np.uint8))
    assert len(measure()) == 2


def test_a_small_gallery_is_refused(gallery):
    with pytest.raises(ValueError, match='a gallery of 30 images is too small for top_k=30'):
        RetrievalMAP(FEATURES, gallery, top_k=30)
