"""Does it work on this Python at all? Imports, a restoration, two steps of each training.

A minute's script for the Pythons that do not run the tests: python tests/smoke.py
"""

from contextlib import chdir
from importlib import import_module
from pathlib import Path
import platform
import subprocess
import sys
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
#: All that a user may come upon: the stack, and what the extras bring.
MODULES = (
    'torch',
    'torchvision',
    'cv2',
    'mmengine',
    'mmcv',
    'mmpretrain.models',
    'mmseg.models',
    'boostgan_plugin',
    'boostgan_plugin.apis',
    'boostgan_plugin.web',
    'gradio',
    'onnxscript',
    'onnxruntime',
    'efficientnet_lite_pytorch',
    'patchmatch',
    'tensorboard',
)
HOLE = (30, 40, 90, 80)
TRAININGS = ('embedders/attribute_faces', 'embedders/segmentation_faces', 'boostgan_faces')


def restore(folder: Path) -> None:
    """A drawn face through tools/inpaint.py: the hole is filled, nothing else is touched."""
    import cv2
    import numpy as np

    from boostgan_plugin.datasets.face_renderer import render_face

    face = render_face(40_000_002, 128).image
    left, top, right, bottom = HOLE
    hole = np.zeros(face.shape[:2], bool)
    hole[top:bottom, left:right] = True
    face[hole] = 0
    cv2.imwrite(str(folder / 'face.png'), face)
    subprocess.run(
        [
            sys.executable,
            str(ROOT / 'tools/inpaint.py'),
            '--image',
            'face.png',
            '--mask',
            *map(str, HOLE),
            '--out',
            'restored.png',
        ],
        cwd=folder,
        check=True,
    )
    restored = cv2.imread(str(folder / 'restored.png'), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(restored[~hole], face[~hole]), 'known pixels were changed'
    assert restored[hole].std() > 5, 'the hole was not filled'


def train_two_steps(name: str) -> None:
    """The config's own model and hooks, with little data; in work_dirs of the current folder."""
    from boostgan_plugin.apis import load_config, train

    config = load_config(
        ROOT / f'configs/{name}.py', {'train_cfg.max_iters': 2, 'train_cfg.val_interval': 2}
    )
    for split in ('train', 'val'):
        config[f'{split}_dataloader'].update(batch_size=4)
        config[f'{split}_dataloader'].dataset.length = 8
    config.log_level = 'WARNING'
    config.param_scheduler = None  # Their warm-ups are longer than two steps.
    train(config)
    assert (Path(config.work_dir) / 'iter_2.pth').is_file(), 'no checkpoint was written'


def main() -> None:
    for module in MODULES:
        import_module(module)
    with TemporaryDirectory() as folder, chdir(folder):
        restore(Path(folder))
        for name in TRAININGS:
            train_two_steps(name)
    print(f'Python {platform.python_version()}: imported, restored and trained.')


if __name__ == '__main__':
    main()
