import shutil
import subprocess

import numpy as np
import pytest
import torch

from boostgan_plugin import provenance
from boostgan_plugin.provenance import in_words, revision, versions


def git(folder, *arguments):
    subprocess.run(
        ['git', '-c', 'user.name=A', '-c', 'user.email=a@b', *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The package lies in a folder of a repository that does not know it."""
    git(tmp_path, 'init')
    (tmp_path / 'package').mkdir()
    path = shutil.copy(provenance.__file__, tmp_path / 'package/provenance.py')
    monkeypatch.setattr(provenance, '__file__', path)
    return tmp_path


def test_versions():
    found = versions()
    assert (found['torch'], found['numpy']) == (torch.__version__.partition('+')[0], np.__version__)
    assert {'mmengine', 'mmcv', 'mmseg', 'mmpretrain', 'cv2', 'python'} <= found.keys()


def test_the_commit_and_whether_files_differ_from_it(package):
    assert revision() is None
    git(package, 'add', '.')
    git(package, 'commit', '-m', 'all')
    commit = revision()
    assert len(commit) == 40 and int(commit, 16)
    (package / 'package/new.txt').touch()
    assert revision() == commit
    (package / 'package/provenance.py').write_text('')
    assert revision() == f'{commit}+changed'


def test_without_git_there_is_none(package, monkeypatch):
    git(package, 'add', '.')
    git(package, 'commit', '-m', 'all')
    monkeypatch.setenv('PATH', str(package / 'nothing'))
    assert revision() is None


def test_outside_of_a_repository_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, '__file__', str(tmp_path / 'provenance.py'))
    assert revision() is None


def test_in_words():
    made = dict(
        versions=dict(torch='2.0', numpy='1.9'),
        revision=None,
        data=dict(train=dict(files=3, sha256='ab12')),
    )
    assert in_words(dict(seed=4, provenance=made)) == {
        'seed': '4',
        'versions': 'torch 2.0, numpy 1.9',
        'git revision': 'none',
        'data, train': '3 files, sha256 ab12',
    }
    assert in_words({}) == {}
