"""Tell the web page what weights know: writes <weights>.knowledge.json beside them.

With a folder of images like those of the training, the page also warns of images that are
unlike them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

#: Sides in pixels that people have drawn faces in; every third one comes as JPEG.
_SIDES = (128, 192, 256, 384)


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('weights', help='a file, or the name of weights of the package')
    parser.add_argument(
        '--text',
        required=True,
        help='what they know, a sentence in Markdown for people at the page',
    )
    parser.add_argument(
        '--images', type=Path, help='folder of images; default faces as the package draws them'
    )
    parser.add_argument(
        '--count', type=int, default=1600, help='of drawn faces (default: %(default)s)'
    )
    return parser.parse_args(argv)


def drawn_faces(numbers: Sequence[int]) -> Iterator[np.ndarray]:
    """Faces as they are shown on the page, (h, w, 3) uint8 RGB."""
    import cv2

    from boostgan_plugin.datasets.face_renderer import render_face
    from boostgan_plugin.inference.images import open_image
    from boostgan_plugin.web.session import shown_copy

    for number in numbers:
        face = render_face(number, _SIDES[number % len(_SIDES)]).image
        if number % 3 == 0:
            face = cv2.imdecode(cv2.imencode('.jpg', face)[1], cv2.IMREAD_COLOR)
        yield shown_copy(open_image(face[..., ::-1].copy()))


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    from boostgan_plugin.inference.images import open_image
    from boostgan_plugin.inference.knowledge import knowledge_path, learn, save_knowledge
    from boostgan_plugin.inference.packaged import packaged_weights
    from boostgan_plugin.inference.photo_inpainter import images_in
    from boostgan_plugin.web.session import shown_copy

    weights = Path(packaged_weights().get(args.weights, args.weights))
    try:
        if args.images:
            images = [shown_copy(open_image(path)) for path in images_in(args.images)]
        else:
            images = list(drawn_faces(range(args.count)))
        if len(images) < 200:
            raise ValueError(
                f'{len(images)} images are too few to tell what is usual: give 200 at least'
            )
        third = len(images) // 3
        knowledge = learn(args.text, images[third:], images[:third])
        save_knowledge(knowledge, knowledge_path(weights))
    except (ValueError, OSError) as error:
        sys.exit(f'error: {error}')
    print(f'{knowledge_path(weights)}: distances above {knowledge.limit:.2f} are strange')


if __name__ == '__main__':
    main()
