"""A training, as files for use: safetensors and ONNX."""

from collections.abc import Mapping, Sequence
import json
from numbers import Real
from pathlib import Path

from boostgan_plugin.checkpoint import read_checkpoint
from boostgan_plugin.files import replacing
from boostgan_plugin.inference.model_card import Training, write_card
from boostgan_plugin.inference.release import load_release, save_release
from boostgan_plugin.inference.restorers import Traits
from boostgan_plugin.models.inpainters.base import BaseInpainter

from .loading import build_trained
from .runs import load_config

FORMATS = ('.safetensors', '.onnx')


def export(config_path: str | Path, weights: str | Path | None, outs: Sequence[str | Path],
           metrics: str | Path | None = None) -> list[str]:
    """Write a trained model as files that the inferencer reads; returns what to tell of each.

    Args:
        config_path: of the training.
        weights: checkpoint or work directory; None for models without weights.
        outs: ``.safetensors``, which gets a model card beside it, and ``.onnx``. A model is named
            after its first file.
        metrics: JSON of ``tools/test.py`` for the card.

    Raises:
        FileNotFoundError: a file is missing.
        ImportError: the packages for ONNX are not installed.
        ValueError: another ending, weights that do not fit, or a model that cannot be written.
    """
    outs = [Path(out) for out in outs]
    for out in outs:
        if out.suffix not in FORMATS:
            raise ValueError(f'{out}: the ending says the format: {" or ".join(FORMATS)}')
    measured = read_metrics(metrics) if metrics is not None else None
    config = load_config(config_path)
    inpainter, traits = build_trained(config, weights)
    traits = Traits(**{**vars(traits), 'name': outs[0].stem})
    lines = []
    for out in outs:
        if out.suffix == '.onnx':
            lines.append(_write_onnx(inpainter, traits, out))
        else:
            save_release(inpainter, config.model, traits, out)
            training = Training(str(config_path), _iterations(weights))
            card = write_card(out, load_release(out)[0], traits, training, measured)
            lines.append(f'{out}: {out.stat().st_size / 1e6:.1f} MB, read back; {card}')
    return lines


def read_metrics(path: str | Path) -> dict[str, float]:
    """The metrics that ``tools/test.py`` wrote.

    Raises:
        FileNotFoundError: no such file.
        ValueError: it holds something else.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f'{path} does not exist: tools/test.py writes metrics.json')
    try:
        metrics = json.loads(Path(path).read_text())
    except ValueError as error:
        raise ValueError(f'{path} is no JSON: {error}') from error
    if not isinstance(metrics, dict) or not all(isinstance(v, Real) for v in metrics.values()):
        raise ValueError(f'{path}: expected numbers by name, as tools/test.py writes them')
    return metrics


def _write_onnx(inpainter: BaseInpainter, traits: Traits, out: Path) -> str:
    from boostgan_plugin.inference.onnx_graph import export_onnx, verify_onnx  # An optional extra.
    with replacing(out) as part:
        export_onnx(inpainter, traits, part)
        largest = verify_onnx(part, inpainter, traits)
    return (f'{out}: {out.stat().st_size / 1e6:.1f} MB, differs from PyTorch by at most '
            f'{largest:.1e}')


def _iterations(weights: str | Path | None) -> int | None:
    meta: Mapping = read_checkpoint(weights).get('meta', {}) if weights is not None else {}
    return meta.get('iter')
