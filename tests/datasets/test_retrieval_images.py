"""The layouts of Oxford Buildings, Paris and Caltech256, as they are published."""

from pathlib import Path

import pytest

from boostgan_plugin.datasets import RetrievalImages


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(root: Path, layout: str, role: str) -> list[str]:
    data = RetrievalImages(str(root), layout, role)
    return [Path(data.get_data_info(index)['img_path']).name for index in range(len(data))]


def test_oxford(tmp_path):
    touch(
        tmp_path,
        'oxbuild_images/all_souls_000013.jpg',
        'oxbuild_images/all_souls_000026.jpg',
        'oxbuild_images/radcliffe_camera_000001.jpg',
    )
    (tmp_path / 'gt_files').mkdir()
    (tmp_path / 'gt_files/all_souls_1_query.txt').write_text(
        'oxc1_all_souls_000013 136.5 34.1 648.5 955.7\n'
    )
    (tmp_path / 'gt_files/all_souls_1_good.txt').write_text('all_souls_000026\n')
    assert names(tmp_path, 'buildings', 'query') == ['all_souls_000013.jpg']
    assert len(names(tmp_path, 'buildings', 'gallery')) == 3


def test_paris_without_its_broken_files(tmp_path):
    touch(
        tmp_path,
        'paris/defense/paris_defense_000605.jpg',
        'paris/louvre/paris_louvre_000136.jpg',
        'paris/louvre/paris_louvre_000001.jpg',
    )
    (tmp_path / 'corrupt.txt').write_text('paris_louvre_000136.jpg\n')
    for number in (1, 2):
        (tmp_path / f'defense_{number}_query.txt').write_text('paris_defense_000605 0 0 1024 768\n')
    assert names(tmp_path, 'buildings', 'query') == ['paris_defense_000605.jpg']
    assert names(tmp_path, 'buildings', 'gallery') == [
        'paris_defense_000605.jpg',
        'paris_louvre_000001.jpg',
    ]


def test_a_query_without_its_image(tmp_path):
    touch(tmp_path, 'images/a.jpg')
    (tmp_path / 'x_1_query.txt').write_text('oxc1_b 0 0 1 1\n')
    with pytest.raises(FileNotFoundError, match='x_1_query.txt names the image b'):
        names(tmp_path, 'buildings', 'query')


def test_caltech256(tmp_path):
    touch(
        tmp_path,
        *(
            f'256_ObjectCategories/{folder}/{folder[:3]}_{number:04}.jpg'
            for folder in ('001.ak47', '002.american-flag', '257.clutter')
            for number in (1, 2, 3)
        ),
    )
    assert names(tmp_path, 'categories', 'query') == ['001_0003.jpg', '002_0003.jpg']
    assert names(tmp_path, 'categories', 'gallery') == [
        '001_0001.jpg',
        '001_0002.jpg',
        '002_0001.jpg',
        '002_0002.jpg',
    ]


def test_another_layout_is_refused_with_the_expected_one(tmp_path):
    touch(tmp_path, 'a.jpg')
    with pytest.raises(FileNotFoundError, match=r'expected images anywhere below, and a \*_query'):
        names(tmp_path, 'buildings', 'query')
    with pytest.raises(FileNotFoundError, match='folders named like 001.ak47'):
        names(tmp_path, 'categories', 'gallery')
    with pytest.raises(ValueError, match="layout='flat'"):
        RetrievalImages(str(tmp_path), 'flat', 'query')
