"""A trained model, as files for use: safetensors and ONNX."""

import ast
from collections.abc import Mapping, Sequence
import json
from numbers import Real
from pathlib import Path

from boostgan_plugin.checkpoint import read_checkpoint
from boostgan_plugin.files import replacing
from boostgan_plugin.inference.backends import ModelInfo
from boostgan_plugin.inference.classical_backend import METHODS
from boostgan_plugin.inference.model_card import APACHE, Licence, Training, write_card
from boostgan_plugin.inference.packaged import packaged_weights
from boostgan_plugin.inference.pretrained import load_pretrained, save_pretrained
from boostgan_plugin.models.inpainters.base import BaseInpainter
from boostgan_plugin.provenance import in_words

from .runs import load_config
from .trained import build_trained

FORMATS = ('.safetensors', '.onnx')


def export(
    model: str | Path,
    weights: str | Path | None,
    outs: Sequence[str | Path],
    metrics: str | Path | None = None,
    share_weights: bool = False,
    licence: Licence = APACHE,
) -> list[str]:
    """Write a trained model as files that the inferencer reads; returns what to tell of each.

    Args:
        model: config of a training, a ``.safetensors`` file of this function, or the name of
            weights that come with the package.
        weights: of a config: checkpoint or work directory; None for models without weights.
        outs: ``.safetensors``, which gets a model card beside it, and ``.onnx``. A model from a
            config is named after its first file.
        metrics: JSON of ``tools/test.py`` for the card.
        share_weights: an ``.onnx`` takes its weights from the ``.safetensors`` file of its name
            beside it, which is there or among ``outs``, instead of holding its own.
        licence: of the weights of a ``.safetensors``.

    Raises:
        FileNotFoundError: a file is missing.
        ImportError: the packages for ONNX are not installed.
        ValueError: another ending, weights that do not fit, or a model that cannot be written.
    """
    paths = [Path(out) for out in outs]
    _check_outs(paths, share_weights)
    measured = read_metrics(metrics) if metrics is not None else None
    source = _source(model)
    if source.suffix == '.safetensors':
        if weights is not None or any(out.suffix != '.onnx' for out in paths):
            raise ValueError(
                f'{source} is a finished file of weights: it can be written as .onnx, '
                'and no checkpoint goes with it; as .safetensors it is there already'
            )
        inpainter, info = load_pretrained(source)
    else:
        config = load_config(source)
        inpainter, info = build_trained(config, weights)
        info = ModelInfo(**{**vars(info), 'name': paths[0].stem})
    lines = []
    # A graph may share the weights that are written with it.
    for out in sorted(paths, key=lambda out: out.suffix == '.onnx'):
        if out.suffix == '.safetensors':
            save_pretrained(inpainter, config.model, info, out)
            training = _training(source, weights)
            card = write_card(out, load_pretrained(out)[0], info, training, measured, licence)
            lines.append(f'{out}: {out.stat().st_size / 1e6:.1f} MB, read back; {card}')
        elif share_weights:
            lines.append(_write_sharing_onnx(out))
        else:
            lines.append(_write_onnx(inpainter, info, out))
    return lines


def _source(model: str | Path) -> Path:
    """The file that a model is read from."""
    packaged = packaged_weights()
    source = Path(packaged.get(str(model), model))
    if str(model) in METHODS:
        raise ValueError(
            f'{model} needs no training and has no weights: there is nothing to export'
        )
    if not source.is_file():
        raise FileNotFoundError(
            f'{model} does not exist: give a training config, a .safetensors '
            'file, or the name of weights that come with the package '
            f'({", ".join(packaged)})'
        )
    if source.suffix not in ('.py', '.safetensors'):
        raise ValueError(f'{source}: expected a training config (.py) or a .safetensors file')
    return source


def _check_outs(outs: list[Path], share_weights: bool) -> None:
    for out in outs:
        if out.suffix not in FORMATS:
            raise ValueError(f'{out}: the ending says the format: {" or ".join(FORMATS)}')
        shared = out.with_suffix('.safetensors')
        if share_weights and shared not in outs and not shared.is_file():
            raise FileNotFoundError(
                f'{shared} does not exist, so {out} cannot share its weights: write it as well'
            )


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


def _write_onnx(
    inpainter: BaseInpainter, info: ModelInfo, out: Path, shared: Path | None = None
) -> str:
    from boostgan_plugin.inference.onnx_graph import export_onnx, verify_onnx  # An optional extra.

    with replacing(out) as part:
        export_onnx(inpainter, info, part, weights=shared)
        largest = verify_onnx(part, inpainter, info)
    return (
        f'{out}: {out.stat().st_size / 1e6:.1f} MB, differs from PyTorch by at most {largest:.1e}'
    )


def _write_sharing_onnx(out: Path) -> str:
    shared = out.with_suffix('.safetensors')
    return f'{_write_onnx(*load_pretrained(shared), out, shared)}; weights in {shared.name}'


def _training(config: Path, weights: str | Path | None) -> Training:
    """For strangers: no path of this machine."""
    name = config.name if config.is_absolute() else str(config)
    if weights is None:
        return Training(name)
    meta: Mapping = read_checkpoint(weights).get('meta', {})
    return Training(name, meta.get('iter'), _went_on(meta.get('cfg', '')), in_words(meta))


def _went_on(config: str) -> bool:
    """Whether a training's config names weights to begin with; its text is parsed, never run."""
    return any(
        ast.unparse(node.targets[0]) == 'load_from' and ast.literal_eval(node.value)
        for node in ast.parse(config).body
        if isinstance(node, ast.Assign)
    )
