"""What is painted, on its way from the browser to the handlers and back."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
import warnings

import gradio as gr
from gradio.components.image_editor import AcceptBlobs, EditorData
import numpy as np
from PIL import Image

#: Layers of one image; the page itself uses one.
_LAYERS = 2
#: Room for a layer as PNG, however ragged, in bytes.
_LAYER_BYTES = 2 * 2**20
#: Values that are under way at once; of more the oldest are forgotten.
_UNDER_WAY = 32


def stroke_editor(name: str, colour: str, height: int, side: int) -> gr.ImageEditor:
    """A place to paint on what the handlers put there.

    Handlers get ``layers`` alone, RGBA (h, w, 4) uint8 each: the photo need not be decoded again.

    Args:
        colour: of the paint, as CSS has it.
        height: in pixels.
        side: the longer side that a layer may have, in pixels.
    """
    editor = gr.ImageEditor(
        elem_id=name,
        show_label=False,
        sources=(),
        transforms=(),
        layers=False,
        buttons=[],
        format='png',
        height=height,
        canvas_size=(side, side),
        brush=gr.Brush(32, [colour], colour, 'fixed'),
        eraser=gr.Eraser(32),
    )
    coming: dict[str, list[bytes | None]] = {}
    lock = Lock()

    @gr.components.base.server
    def accept_blobs(data: AcceptBlobs) -> None:
        kind, index = data.data['type'], str(data.data['index'])
        if kind != 'layer' or not index.isdecimal() or int(index) >= _LAYERS:
            return
        with lock:
            layers = coming.setdefault(str(data.data['id']), [None] * _LAYERS)
            layers[int(index)] = data.files[0][1][: _LAYER_BYTES + 1]
            if len(coming) > _UNDER_WAY:
                del coming[next(iter(coming))]

    def preprocess(payload: EditorData | None) -> dict[str, Any] | None:
        if payload is None:
            return None
        if payload.id is not None:
            with lock:
                sources = [layer for layer in coming.pop(payload.id, []) if layer is not None]
        else:
            sources = [Path(layer.path) for layer in payload.layers]
        try:
            return dict(background=None, layers=decode_layers(sources, side), composite=None)
        except (ValueError, OSError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    # A subclass would make Gradio write an interface file (.pyi) beside this module.
    editor.accept_blobs, editor.preprocess = accept_blobs, preprocess
    return editor


def decode_layers(sources: Sequence[bytes | Path], side: int) -> list[np.ndarray]:
    """Layers as the browser sends them, in RGBA (h, w, 4) uint8.

    Their number and their sizes are looked at before any of them is decoded.

    Args:
        sources: PNG files, or what is in them.
        side: the longest side that a layer may have, in pixels.

    Raises:
        ValueError: too many, too large, or no PNG.
        OSError: a file is gone, or is damaged.
    """
    if len(sources) > _LAYERS:
        raise ValueError(f'what was painted came in {len(sources)} layers; {_LAYERS} are the limit')
    images = []
    for source in sources:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > _LAYER_BYTES:
            raise ValueError('what was painted is too large to be a layer')
        try:
            with warnings.catch_warnings(action='ignore'):
                image = Image.open(
                    BytesIO(source) if isinstance(source, bytes) else source, formats=('PNG',)
                )
        except (Image.DecompressionBombError, OSError, SyntaxError):
            raise ValueError('what was painted did not come as an image') from None
        if max(image.size) > side:
            raise ValueError(
                f'a layer of {image.width} x {image.height} is no layer of a photo '
                f'that is shown at {side} pixels'
            )
        images.append(image)
    decoded = []
    for image in images:
        with image:
            decoded.append(np.asarray(image.convert('RGBA')))
    return decoded


def paint_layer(hole: np.ndarray, colour: str) -> np.ndarray:
    """Paint, RGBA (h, w, 4) uint8.

    Args:
        hole: (h, w) bool, where paint is.
        colour: of the paint, such as '#ff2d8a'.
    """
    return hole[..., None] * np.array([*bytes.fromhex(colour.removeprefix('#')), 255], np.uint8)


def editor_value(copy: Path, *layers: Path) -> dict[str, Any]:
    """What puts a photo under paint into an editor: a file of the photo as it is shown, and files
    of layers of its size."""
    # The editor shows the composite as its background, so no paint may be in it. It gives a layer
    # of its own making the size of its canvas; one that it is given has that of the photo.
    return dict(background=str(copy), layers=list(map(str, layers)), composite=str(copy))
