from collections.abc import Sequence
import hashlib
from pathlib import Path

from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from boostgan_plugin.checkpoint import file_state
from boostgan_plugin.datasets.files import files_of
from boostgan_plugin.files import replacing
from boostgan_plugin.models.data_preprocessor import to_unit_range
from boostgan_plugin.models.features import FeatureNetwork
from boostgan_plugin.options import Size
from boostgan_plugin.registry import DATASETS, METRICS, MODELS

from .images import feature_pairs


@METRICS.register_module()
class RetrievalMAP(BaseMetric):
    """Does the restored image find what the original finds? Mean average precision in percent.

    The paper's semantic metric (section IV-D). The ground truth of a query is what the retrieval
    method returns for the original query: its ``top_k`` nearest gallery images by Euclidean
    distance of feature vectors. The restored image then ranks the whole gallery. Identical
    queries give 100.

    The gallery's vectors are computed once, in a stream, and kept in ``cache``.

    Data samples need ``restored`` and ``target`` (3, H, W) uint8.

    Args:
        features: config of a :class:`FeatureNetwork`; the paper's DF.FC2 is
            ``VGG16Features``.
        gallery: config of a data set whose samples have ``img`` (H, W, 3) uint8 BGR, all of one
            size.
        top_k: how many images make the ground truth.
        cache: folder for the vectors.
        batch_size: of the gallery's images.

    Raises:
        ValueError: the gallery has not more than ``top_k`` images.
    """

    default_prefix = 'retrieval'

    def __init__(
        self,
        features: dict,
        gallery: dict,
        top_k: Size = 10,
        cache: str = 'work_dirs/retrieval_cache',
        batch_size: Size = 32,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.features = MODELS.build(features)
        self.gallery = DATASETS.build(gallery)
        if len(self.gallery) <= top_k:
            raise ValueError(
                f'a gallery of {len(self.gallery)} images is too small for top_k={top_k}'
            )
        self.top_k = top_k
        self.batch_size = batch_size
        self._cache = Path(cache) / f'{_key(self.features, features, gallery, self.gallery)}.npy'

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Feature vectors of each restored and original query."""
        self.results += feature_pairs(self.features, data_samples)

    def compute_metrics(self, results: list[tuple[Tensor, Tensor]]) -> dict[str, float]:
        """Mean over the queries."""
        if not self._cache.is_file():
            extract(self.gallery, self.features, self._cache, self.batch_size)
        gallery = np.load(self._cache, mmap_mode='r', allow_pickle=False)
        restored, original = (
            _distances(torch.stack(vectors), gallery) for vectors in zip(*results)
        )
        precisions = [average_precision(*pair, self.top_k) for pair in zip(restored, original)]
        return dict(mAP=100 * sum(precisions) / len(precisions))


def average_precision(restored: Tensor, original: Tensor, top_k: int) -> float:
    """Of one query, from its distances (G,) to the gallery -> 0..1; equals keep their order."""
    relevant = original.argsort(stable=True)[:top_k]
    ranks = restored.argsort(stable=True).argsort()
    found = ranks[relevant].sort().values + 1
    return float((torch.arange(1, top_k + 1) / found).mean())


def _distances(queries: Tensor, gallery: np.ndarray, rows: int = 4096) -> Tensor:
    """Euclidean, (Q, D) and (G, D) -> (Q, G); the gallery is read in pieces."""
    return torch.cat(
        [
            torch.cdist(
                queries,
                torch.from_numpy(np.array(gallery[start : start + rows])),
                compute_mode='donot_use_mm_for_euclid_dist',
            )
            for start in range(0, len(gallery), rows)
        ],
        dim=1,
    )


@torch.no_grad()
def extract(images, features: FeatureNetwork, path: Path, batch_size: int = 32) -> None:
    """Write the feature vectors of a data set as a .npy file, batch by batch.

    Args:
        images: data set, see :class:`RetrievalMAP`.
        path: the file; while it is written it has another name.
    """
    device = next(features.parameters()).device
    file, done = None, 0
    with replacing(path) as partial:
        for batch in DataLoader(images, batch_size, collate_fn=_images):
            vectors = features.vectors(batch.to(device)).float().cpu().numpy()
            if file is None:
                file = np.lib.format.open_memmap(
                    partial, 'w+', np.float32, (len(images), vectors.shape[1])
                )
            file[done : done + len(vectors)] = vectors
            done += len(vectors)
            if done % (20 * batch_size) == 0:
                print_log(f'gallery: {done} of {len(images)}', 'current')
        file.flush()


def _images(samples: Sequence[dict]) -> Tensor:
    images = torch.from_numpy(np.stack([sample['img'] for sample in samples]))
    return to_unit_range(images.permute(0, 3, 1, 2).flip(1))


def _key(network: FeatureNetwork, features: dict, gallery: dict, images) -> str:
    """Names the vectors by what they are made from: weights, settings and images."""
    digest = hashlib.sha256(str((features, gallery, len(images))).encode())
    for value in network.state_dict().values():
        digest.update(value.numpy().tobytes())
    for path in files_of(images):
        digest.update(file_state(path).encode())
    for index in range(min(len(images), 4)):  # Drawn images have no files.
        digest.update(images[index]['img'].tobytes())
    return digest.hexdigest()[:20]
