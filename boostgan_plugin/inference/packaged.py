"""Weights that come with the package."""

from pathlib import Path

from safetensors import safe_open

from .backends import ModelInfo
from .metadata import info_from_text

WEIGHTS = Path(__file__).parents[1] / 'weights'


def packaged_weights() -> dict[str, Path]:
    """The files of weights that come with the package, by the models' names."""
    return {path.stem: path for path in sorted(WEIGHTS.glob('*.safetensors'))}


def info_of(path: str | Path) -> ModelInfo:
    """What a ``.safetensors`` file of this package tells of its model, without its weights.

    Raises:
        ValueError: it tells something else.
    """
    with safe_open(path, framework='numpy') as file:
        return info_from_text((file.metadata() or {}).get('traits', ''), str(path))
