"""Which files a data set is made of."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from mmengine.dataset import BaseDataset

from boostgan_plugin.registry import DATASETS, TRANSFORMS


def files_of(part: Any) -> Iterable[str]:
    """Images, masks and labels that a data set or a transform reads.

    Those that its ``paths`` name, or else, of any OpenMMLab data set, its list of samples.
    """
    if hasattr(part, 'paths'):
        return part.paths
    if not isinstance(part, BaseDataset):
        return ()
    return (
        path for sample in samples_of(part) for path in paths_in(sample) if Path(path).is_file()
    )


def samples_of(dataset: BaseDataset) -> Iterator[Mapping[str, Any]]:
    """What a data set's pipeline begins with."""
    # Not by its own get_data_info, which may draw images.
    return (BaseDataset.get_data_info(dataset, index) for index in range(len(dataset)))


def paths_in(sample: Mapping[str, Any]) -> Iterable[str]:
    """What OpenMMLab calls by names such as ``img_path``, ``seg_map_path`` and ``mask_path``."""
    return (
        value for name, value in sample.items() if name.endswith('_path') and isinstance(value, str)
    )


def files_of_config(node: Mapping[str, Any]) -> Iterable[str]:
    """As :func:`files_of`, of a part of a config; none of what reads no files."""
    name = node.get('type')
    for registry in (DATASETS, TRANSFORMS):
        kind = registry.get(name) if isinstance(name, str) else None
        if isinstance(kind, type) and (hasattr(kind, 'paths') or issubclass(kind, BaseDataset)):
            return files_of(registry.build(deepcopy(node)))
    return ()
