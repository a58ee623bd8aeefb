"""tools/inpaint.py as people call it, with the weights that come with the package."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from boostgan_plugin.datasets.face_renderer import render_face
from tests.conftest import ROOT, run_script

FACE = render_face(40_000_002, 128).image


@pytest.fixture
def folder(tmp_path):
    """Two faces and a file that is none."""
    (tmp_path / 'in').mkdir()
    for name in ('a.png', 'c.jpg'):
        cv2.imwrite(str(tmp_path / 'in' / name), FACE)
    (tmp_path / 'in/b.png').write_bytes(b'no image')
    mask = np.zeros(FACE.shape[:2], np.uint8)
    mask[40:80, 30:90] = 255
    cv2.imwrite(str(tmp_path / 'hole.png'), mask)
    return tmp_path


@pytest.fixture
def run(folder, monkeypatch, capfd):
    """Runs the tool in the folder; gives its exit status, output and errors."""
    monkeypatch.chdir(folder)

    def inpaint(*arguments):
        return run_script(ROOT / 'tools/inpaint.py', *arguments), *capfd.readouterr()

    return inpaint


def run_process(*arguments):
    """As ``run``, in a process of its own."""
    command = [sys.executable, str(ROOT / 'tools/inpaint.py'), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def read(path):
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def test_one_image_with_a_box_and_told_attributes(run, folder):
    results = []
    for start, name, told in (
        (run_process, 'plain', []),
        (run, 'glasses', ['--set', 'Eyeglasses=1', 'Smiling=0']),
    ):
        status, _, errors = start(
            '--image', 'in/a.png', '--mask', 30, 40, 90, 80, '--out', f'{name}.png', *told
        )
        assert status == 0 and not errors, errors
        results.append(read(folder / f'{name}.png'))
    plain, glasses = results
    known = np.ones(FACE.shape[:2], bool)
    known[40:80, 30:90] = False
    assert np.array_equal(plain[known], FACE[known]) and np.array_equal(glasses[known], FACE[known])
    assert not np.array_equal(plain, glasses) and not np.array_equal(plain, FACE)


def test_a_folder_goes_on_after_a_broken_file_which_is_named_at_the_end(run, folder):
    status, _, errors = run(
        '--image', 'in', '--mask', 'hole.png', '--out', 'out', '--grid', 'grid.png'
    )
    assert status == 1
    assert errors.count('not restored') == 1 and 'b.png' in errors
    assert sorted(path.name for path in (folder / 'out').iterdir()) == ['a.png', 'c.jpg']
    assert read(folder / 'grid.png').shape[0] > 2 * 128


def test_what_a_folder_holds_beside_is_named_and_counted(run, folder):
    (folder / 'in/b.png').unlink()
    (folder / 'in/a.png').rename(folder / 'in/a.jfif')
    cv2.imwrite(str(folder / 'in/e.gif'), FACE)
    for name in ('d.heic', 'notes.txt', '._a.png'):
        (folder / 'in' / name).write_bytes(b'something')
    status, said, errors = run('--image', 'in', '--mask', 'hole.png', '--out', 'out')
    assert status == 1 and 'restored: 3 of 4 images' in said
    assert errors.count('not restored') == 1 and 'd.heic' in errors
    assert 'no images: notes.txt' in errors and '._a.png' not in errors
    assert sorted(path.name for path in (folder / 'out').iterdir()) == ['a.jfif', 'c.jpg', 'e.png']


def test_the_names_are_listed(run):
    status, said, _ = run('--list-attributes')
    assert status == 0
    assert 'much_green' in said and 'blue' in said
    status, said, _ = run('--list-attributes', '--model', 'faces')
    assert 'Eyeglasses' in said and 'hair' in said
    status, said, _ = run('--list-models')
    assert status == 0
    by_name = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert {'faces', 'telea', 'navier-stokes', 'patchmatch'} <= set(by_name)
    assert '128 px' in by_name['faces'] and 'Eyeglasses' in by_name['faces']
    assert 'no training' in by_name['telea']


def test_a_image_gets_a_line_a_folder_a_summary(run, folder):
    status, said, _ = run(
        '--image',
        'in/a.png',
        '--mask',
        30,
        40,
        90,
        80,
        '--out',
        'x',
        '--model',
        'telea',
        '--grow',
        2,
    )
    assert status == 0 and 'in/a.png (128 x 128, 2,' in said and 'x/a.png by telea in' in said
    assert len(said.splitlines()) == 1
    status, said, _ = run('--image', 'in', '--mask', 'hole.png', '--out', 'out', '--model', 'telea')
    assert status == 1 and said.splitlines()[-1].startswith('restored: 2 of 3 images -> out in')
    assert 'a.png' not in said


@pytest.mark.parametrize(
    'arguments, words',
    [
        (['--image', 'in/a.png', '--out', 'x.png'], '--mask must be given'),
        (['--image', 'none', '--mask', 'hole.png', '--out', 'x.png'], 'none does not exist'),
        (['--image', 'in/a.png', '--mask', 1, 2, 3, '--out', 'x.png'], 'LEFT TOP RIGHT BOTTOM'),
        (
            ['--image', 'in', '--mask', 'hole.png', '--out', 'out', '--set', 'Glasses=1'],
            'did you mean Eyeglasses',
        ),
        (['--image', 'in', '--mask', 'hole.png', '--out', 'out', '--set', 'Smiling'], 'NAME=VALUE'),
        (['--image', 'in', '--mask', 'hole.png', '--out', 'hole.png'], 'hole.png is a file'),
        (['--image', 'in/a.png', '--mask', 0, 0, 999, 9, '--out', 'x.png'], 'does not lie in'),
        (['--image', 'in/a.png', '--mask', 'hole.png', '--out', 'x.xyz'], '.tiff'),
        (['--image', 'in/a.png', '--mask', 'hole.png', '--out', 'x.gif'], 'known pixels'),
        (['--image', 'in', '--mask', 'hole.png', '--out', 'tpyo/out'], 'mend the name'),
        (['--image', 'in/a.png', '--mask', 'hole.png', '--out', 'tpyo/out/x.png'], 'mend the name'),
        (
            ['--image', 'in/a.png', '--mask', 'hole.png', '--out', 'x.png', '--model', 'cars'],
            'cars is no file',
        ),
        (
            ['--image', 'in/a.png', '--mask', 'hole.png', '--out', 'x.png', '--grow', '-1'],
            'grow=-1 is no number of pixels',
        ),
        (
            [
                '--image',
                'in/a.png',
                '--mask',
                'hole.png',
                '--out',
                'x.png',
                '--model',
                'telea',
                '--set',
                'Smiling=1',
            ],
            'this model reads no attributes',
        ),
    ],
)
def test_what_cannot_be_done_ends_with_status_2_and_its_reason(run, folder, arguments, words):
    status, _, errors = run(*arguments)
    assert status == 2 and words in errors, errors
    assert 'Traceback' not in errors
    assert not any((folder / name).exists() for name in ('x.png', 'x.xyz', 'x.gif', 'out', 'tpyo'))
