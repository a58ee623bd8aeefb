"""What a person should know of a file of weights, beside it as Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import hashlib
from pathlib import Path
import shutil

from boostgan_plugin.files import replacing
from boostgan_plugin.models.inpainters.base import BaseInpainter

from .backends import ModelInfo
from .stored_weights import PRECISION

_CARD = """\
# {name}

Weights of an image inpainting model ({kind}) for boostgan_plugin: it fills holes in photographs
of any size and leaves all other pixels as they are, bit for bit.

| | |
|---|---|
{facts}

## How to use it

```python
from boostgan_plugin.apis import InpaintingInferencer
inferencer = InpaintingInferencer('{file}')
inferencer('photo.png', 'mask.png', out='restored.png')
```

    python tools/inpaint.py --model {file} --image photo.png --mask mask.png --out restored.png

## What it reads

{names}

## How it was trained

{training}

{images}## Measured

{metrics}

## Limits

- It was trained at {size} px: larger holes are filled at that scale and {enlarged}.
- It knows what its training images show. Of anything else it makes something that looks like
  them.
- What it fills in is made up. It is no evidence of what was there.
"""


_IMAGES = '[The images]({}), with their authors and licences.\n\n'
#: What happens to what is restored at the scale of the model.
_ENLARGED = {
    'off': 'enlarged, so they stay\n  soft',
    'patches': 'remade of\n  known patches of the photograph',
}


@dataclass(frozen=True)
class Training:
    """Where weights come from: the path of the config, and what is known of iterations, of whether
    these went on from other weights, and of what they were made with."""

    config: str
    iterations: int | None = None
    went_on: bool = False
    made_with: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Licence:
    """Under which weights are passed on: its SPDX identifier, and the list (Markdown) of the images
    that they were trained on with their authors and licences, None where that asks for none."""

    name: str
    images: str | Path | None = None


#: As the code is.
APACHE = Licence('Apache-2.0')


def write_card(
    weights: str | Path,
    inpainter: BaseInpainter,
    info: ModelInfo,
    training: Training,
    metrics: Mapping[str, float] | None = None,
    licence: Licence = APACHE,
) -> Path:
    """Write ``<stem>.md`` next to a ``.safetensors`` file of this package; returns its path.

    The list of images goes beside it as ``<stem>.images.md``.

    Args:
        inpainter: what the file holds, to count its parameters.
        metrics: name -> value, as ``tools/test.py`` writes them.

    Raises:
        FileNotFoundError: the list of images is not there.
    """
    weights = Path(weights)
    card = weights.with_suffix('.md')
    images = weights.with_suffix('.images.md')
    if licence.images is not None:
        with replacing(images) as part:
            shutil.copyfile(licence.images, part)
    text = _CARD.format(
        name=info.name,
        kind=type(inpainter).__name__,
        file=weights.name,
        facts=_table(_facts(weights, inpainter, info, licence)),
        names=_names(info),
        training=_training(training),
        images=_IMAGES.format(images.name) if licence.images is not None else '',
        metrics=_metrics(metrics),
        size=info.window.image_size,
        enlarged=_ENLARGED[info.detail],
    )
    with replacing(card) as part:
        part.write_text(text, encoding='utf-8')
    return card


def _facts(
    weights: Path, inpainter: BaseInpainter, info: ModelInfo, licence: Licence
) -> dict[str, str]:
    counts = {
        name: sum(parameter.numel() for parameter in network.parameters())
        for name, network in inpainter.named_children()
    }
    return {
        'image size': f'{info.window.image_size} px',
        'surroundings': f'{info.window.context:g} sides of the hole',
        **{
            f'parameters of the {name.replace("_", " ")}': f'{count:,}'
            for name, count in counts.items()
            if count
        },
        'precision': f'{PRECISION}; float32 in use',
        'file size': f'{weights.stat().st_size:,} bytes',
        'sha256': f'`{hashlib.sha256(weights.read_bytes()).hexdigest()}`',
        'licence': licence.name,
    }


def _table(rows: Mapping[str, str]) -> str:
    return '\n'.join(f'| {name} | {value} |' for name, value in rows.items())


def _names(info: ModelInfo) -> str:
    if not info.attributes:
        return 'Nothing: it is given the image and the hole alone.'
    return (
        f'{len(info.attributes)} attributes: {", ".join(info.attributes)}.\n\n'
        f'{len(info.classes)} regions: {", ".join(info.classes)}.'
    )


def _training(training: Training) -> str:
    steps = f', {training.iterations:,} iterations' if training.iterations is not None else ''
    before = ', going on from weights of a training before' if training.went_on else ''
    text = f'With `tools/train.py {training.config}`{steps}{before}.'
    if training.made_with:
        text += f'\n\n| made with | |\n|---|---|\n{_table(training.made_with)}'
    return text


def _metrics(metrics: Mapping[str, float] | None) -> str:
    if not metrics:
        return 'Nothing was given when this file was written.'
    rows = {f'`{name}`': f'{value:.4g}' for name, value in metrics.items()}
    return '| metric | value |\n|---|---|\n' + _table(rows)
