import os
import subprocess
import sys

import pytest

from boostgan_plugin.datasets.path_list import PathList
from tests.conftest import ROOT

COUNT = 2_000_000


def paths_of(listed: PathList) -> list[str]:
    return [listed[i] for i in range(len(listed))]


def test_round_trip():
    paths = ['a.png', 'b c/ä.jpg', 'd']
    listed = PathList.from_paths(paths)
    assert paths_of(listed) == paths
    assert listed[-1] == 'd'
    with pytest.raises(IndexError):
        listed[3]


def test_empty(tmp_path):
    assert len(PathList([])) == 0
    (tmp_path / 'list.txt').write_bytes(b'\n\n')
    assert len(PathList.from_file(tmp_path / 'list.txt')) == 0
    assert len(PathList.from_folder(tmp_path)) == 0


def test_lines_end_in_any_way(tmp_path):
    (tmp_path / 'list.txt').write_bytes(b'a.png\r\n\r\n\nb c.png \nd.png')
    assert paths_of(PathList.from_file(tmp_path / 'list.txt')) == ['a.png', 'b c.png ', 'd.png']


def test_a_folder_may_hold_any_name(tmp_path):
    (tmp_path / 'two\nlines.png').touch()
    assert paths_of(PathList.from_folder(tmp_path)) == ['two\nlines.png']


def make_files(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_links_to_folders_above_lead_in_no_circle(tmp_path):
    root = tmp_path / 'photographs'
    make_files(root, 'a.png', 'sub/b.png', '../beside.png')
    for name in ('loop', 'again', 'sub/up', 'sub/up2'):
        (root / name).symlink_to(root)
    (root / 'out').symlink_to(tmp_path)
    assert paths_of(PathList.from_folder(root)) == ['a.png', 'sub/b.png']


def test_every_real_file_is_listed_once_and_keeps_its_path(tmp_path):
    root = tmp_path / 'photographs'
    make_files(root, 'z/deep/b.png', 'c.png', '../elsewhere/d.png', '../elsewhere/sub/e.png')
    (root / 'a').symlink_to(root / 'z/deep')
    (root / 'copy.png').symlink_to(root / 'c.png')
    for number in (1, 2):
        (root / f'd{number}.png').symlink_to(tmp_path / 'elsewhere/d.png')
        (root / f'more{number}').symlink_to(tmp_path / 'elsewhere/sub')
    listed = paths_of(PathList.from_folder(root))
    assert {'c.png', 'z/deep/b.png'} < set(listed)
    assert sorted(os.path.realpath(root / path) for path in listed) == sorted(
        str(tmp_path / name)
        for name in (
            'photographs/c.png',
            'photographs/z/deep/b.png',
            'elsewhere/d.png',
            'elsewhere/sub/e.png',
        )
    )


def test_links_that_lead_nowhere_are_listed_and_hidden_files_are_not(tmp_path):
    make_files(tmp_path, 'a.png', '._a.png', '.thumbnails/a.png')
    (tmp_path / 'gone.png').symlink_to(tmp_path / 'nowhere')
    assert paths_of(PathList.from_folder(tmp_path)) == ['a.png', 'gone.png']


def test_images_of_other_formats_are_told_of(tmp_path):
    for name in ('a.jpg', 'b.heic', 'more/c.HEIC', 'notes.txt', '._d.heic'):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    with pytest.warns(UserWarning, match=r'2 images below .* are left out.*b\.heic and others'):
        assert paths_of(PathList.from_folder(tmp_path)) == ['a.jpg']


def test_shares_are_a_partition_in_order(tmp_path):
    paths = [f'{index}.png' for index in range(1000)]
    (tmp_path / 'list.txt').write_text('\n'.join(paths))
    parts = [
        paths_of(PathList.from_file(tmp_path / 'list.txt', split_range))
        for split_range in ((0, 0.8), (0.8, 0.9), (0.9, 1))
    ]
    assert sorted(sum(parts, []), key=paths.index) == paths
    assert all(part == sorted(part, key=paths.index) for part in parts)
    assert 700 < len(parts[0]) < 900
    assert parts[2][:3] == ['7.png', '19.png', '26.png']  # a split never changes


@pytest.fixture(scope='module')
def long_list(tmp_path_factory):
    """Two million paths of 86 bytes."""
    path = tmp_path_factory.mktemp('long') / 'list.txt'
    folders = [
        f'photographs/original_size/collection_2019/category_{i:04d}/subfolder' for i in range(500)
    ]
    with path.open('w') as file:
        file.writelines(f'{folders[i % 500]}/picture_{i:07d}.jpeg\n' for i in range(COUNT))
    return path


def run(code: str, *arguments) -> list[float]:
    """The numbers that a process of its own prints last."""
    done = subprocess.run(
        [sys.executable, '-c', MEASURES + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return [float(number) for number in done.stdout.splitlines()[-1].split()]


MEASURES = """
import sys
from pathlib import Path
from boostgan_plugin.datasets import InpaintingDataset

def megabytes(file, key):
    lines = Path('/proc/self', file).read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(key + ':')) / 1024
"""

LOAD = """
before = megabytes('status', 'VmRSS')
dataset = InpaintingDataset(data_root='/data', ann_file=sys.argv[1],
                            split=sys.argv[2] if len(sys.argv) > 2 else None)
print(len(dataset), megabytes('status', 'VmHWM') - before)
"""

READ_IN_A_WORKER = """
import torch
from torch.utils.data import DataLoader

class Reader(InpaintingDataset):
    def __getitem__(self, index):
        before = megabytes('smaps_rollup', 'Private_Dirty')
        length = sum(len(self.get_data_info(i)['img_path']) for i in range(0, len(self), 10))
        return torch.tensor([length, before, megabytes('smaps_rollup', 'Private_Dirty')])

dataset = Reader(data_root='/data', ann_file=sys.argv[1])
loader = DataLoader(dataset, sampler=[0], num_workers=1, multiprocessing_context='fork')
print(*next(iter(loader))[0].tolist())
"""


@pytest.mark.skipif(sys.platform != 'linux', reason='reads /proc')
class TestTwoMillionPaths:
    @pytest.mark.parametrize('split, split_range', [(None, 1), ('train', 0.8), ('test', 0.1)])
    def test_little_more_memory_than_their_text(self, long_list, split, split_range):
        count, megabytes = run(LOAD, long_list, *([split] if split else []))
        assert count == pytest.approx(COUNT * split_range, rel=0.01)
        assert megabytes < 1.3 * split_range * long_list.stat().st_size / 2**20 + 20
        assert megabytes < 400

    def test_workers_share_them(self, long_list):
        length, before, after = run(READ_IN_A_WORKER, long_list)
        assert length == pytest.approx(COUNT / 10 * (86 + len('/data/')))
        assert after - before < 10  # as a list of strings they would cost it 277
