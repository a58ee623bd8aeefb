"""Nobody waits for what they do not use: which packages the tools import."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT

#: What takes a second or more to import, or is for those who train.
HEAVY = ('torch', 'torchvision', 'mmcv', 'mmseg', 'mmpretrain', 'matplotlib', 'gradio', 'scipy')
TOOLS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / 'tools').rglob('*.py')
    if '__main__' in path.read_text()
)

#: Runs each command line in turn; tells its exit status and the heavy packages that came with it.
_RUN = """
import contextlib, io, json, os, runpy, sys
heavy, commands = json.loads(sys.argv[1])
told = []
for tool, *arguments in commands:
    before = set(sys.modules)
    sys.path.insert(0, os.path.dirname(tool))
    sys.argv = [tool, *arguments]
    out, status = io.StringIO(), None
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(tool, run_name='__main__')
        except SystemExit as end:
            status = end.code
    told.append([status, sorted((set(sys.modules) - before).intersection(heavy)), out.getvalue()])
    del sys.path[0]
print(json.dumps(told))
"""


def run(*commands: list) -> list[tuple]:
    """Exit status, imported heavy packages and output of each command line, in a new process."""
    commands = [[str(ROOT / tool), *map(str, arguments)] for tool, *arguments in commands]
    done = subprocess.run(
        [sys.executable, '-c', _RUN, json.dumps([HEAVY, commands])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_help_of_every_tool_imports_nothing_heavy():
    assert len(TOOLS) > 15
    told = run(*([tool, '--help'] for tool in TOOLS))
    for tool, (status, imported, text) in zip(TOOLS, told, strict=True):
        assert (status, imported) == (0, []), tool
        assert text.startswith('usage: '), tool


def test_a_photo_is_restored_without_pytorch(tmp_path):
    pytest.importorskip('onnxruntime')
    face, hair = tmp_path / 'face.png', tmp_path / 'hair.png'
    cv2.imwrite(str(face), np.random.default_rng(0).integers(0, 256, (90, 80, 3), np.uint8))
    cv2.imwrite(str(hair), np.full((90, 80), 255, np.uint8))
    ((status, imported, _),) = run(
        [
            'tools/inpaint.py',
            '--image',
            face,
            '--mask',
            20,
            20,
            50,
            40,
            '--out',
            tmp_path / 'out.png',
            '--device',
            'cpu',
            '--set',
            'Smiling=1',
            '--region',
            f'hair={hair}',
            '--grid',
            tmp_path / 'grid.png',
        ]
    )
    assert (status, imported) == (0, [])
    before, after = (cv2.imread(str(path)) for path in (face, tmp_path / 'out.png'))
    assert (tmp_path / 'grid.png').is_file() and not np.array_equal(before, after)
    after[20:40, 20:50] = before[20:40, 20:50]
    assert np.array_equal(before, after)
