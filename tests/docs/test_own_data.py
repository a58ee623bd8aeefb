"""docs/own_data.md, followed word by word in an empty folder."""

import re
import subprocess
import sys

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT

PAGE = (ROOT / 'docs/own_data.md').read_text()
SCRIPT = re.search(r'```python\n# (\w+\.py):.*?```', PAGE, re.DOTALL)
COMMANDS = re.findall(r'^    python (.+)$', PAGE, re.MULTILINE)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a person works: the checkout's tools and configs, and nothing else."""
    for name in ('tools', 'configs'):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / SCRIPT[1]).write_text(SCRIPT[0].removeprefix('```python\n').removesuffix('```'))
    monkeypatch.setenv('PYTHONPATH', str(ROOT))
    return tmp_path


@pytest.mark.slow
def test_the_page_can_be_followed(folder):
    told = {}
    for command in COMMANDS:
        # As many steps as a test can wait for.
        short = [*command.split(), *(['iters=4'] if 'reproduce.py' in command else [])]
        done = subprocess.run([sys.executable, *short], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f'{command}\n{done.stdout}{done.stderr}'
        told[command] = done.stdout
    assert len(told) == 5
    assert '(train): 32 samples checked, 0 left out' in told[COMMANDS[1]]
    assert (folder / 'work_dirs/boostgan_own/report/index.html').is_file()
    before = cv2.imread(str(folder / 'my/images/05.png'))
    after = cv2.imread(str(folder / 'restored.png'))
    hole = np.zeros(before.shape[:2], bool)
    hole[36:60, 24:72] = True
    assert np.array_equal(after[~hole], before[~hole])
    assert not np.array_equal(after[hole], before[hole])
    assert told[COMMANDS[4]].splitlines() == [
        'attributes: Eyeglasses Smiling Wearing_Hat',
        'regions: background skin eyes hair',
    ]
