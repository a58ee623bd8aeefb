"""Weights that come with the package."""

from pathlib import Path

WEIGHTS = Path(__file__).parents[1] / 'weights'


def packaged_weights() -> dict[str, Path]:
    """The files of weights that come with the package, by the models' names."""
    return {path.stem: path for path in sorted(WEIGHTS.glob('*.safetensors'))}
