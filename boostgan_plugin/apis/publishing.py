"""A checkpoint, as OpenMMLab publishes it."""

from collections.abc import Mapping
import hashlib
import io
from pathlib import Path

import torch
from torch import Tensor

from boostgan_plugin.checkpoint import find_checkpoint, read_checkpoint
from boostgan_plugin.files import replacing

#: What stays of a checkpoint's ``meta``: no paths, no times.
_META = ('epoch', 'iter', 'seed', 'mmengine_version')
#: The names that a network was trained for.
_NAMES = ('classes', 'attributes')


def publish(checkpoint: str | Path, folder: str | Path) -> Path:
    """Write a checkpoint's weights and nothing that only goes on training; returns the file.

    ``state_dict`` already holds the average of the generator. The file is read by
    ``torch.load(..., weights_only=True)``, ``tools/test.py`` and as ``load_from``; its name is
    ``<stem>-<first 8 of its sha256>.pth``, and the same checkpoint always gives the same file.

    Args:
        checkpoint: file or work directory.
        folder: made if need be.

    Raises:
        FileNotFoundError: no such checkpoint.
        ValueError: the file is no checkpoint.
    """
    path = find_checkpoint(checkpoint)
    content = read_checkpoint(path)
    weights = content.get('state_dict') if isinstance(content, Mapping) else None
    if (
        not isinstance(weights, Mapping)
        or not weights
        or not all(isinstance(value, Tensor) for value in weights.values())
    ):
        raise ValueError(
            f'{path} holds no state_dict of weights, so it is no checkpoint of tools/train.py'
        )
    file = io.BytesIO()  # torch.save would write the file's name into it.
    torch.save(dict(meta=_kept(content.get('meta') or {}), state_dict=dict(weights)), file)
    digest = hashlib.sha256(file.getvalue()).hexdigest()[:8]
    out = Path(folder) / f'{path.stem}-{digest}.pth'
    with replacing(out) as part:
        part.write_bytes(file.getvalue())
    return out


def _kept(meta: Mapping) -> dict:
    """Plain values alone: others would need permission when they are read."""
    kept = {key: meta[key] for key in _META if isinstance(meta.get(key), (int, str))}
    names = {
        key: [str(name) for name in value]
        for key, value in (meta.get('dataset_meta') or {}).items()
        if key in _NAMES and value
    }
    if 'provenance' in meta:
        kept['provenance'] = meta['provenance']
    return {**kept, **(dict(dataset_meta=names) if names else {})}
