"""Scenes composed of photographs and cut-outs."""

from collections import Counter
import json

import cv2
from mmengine.config import Config
import numpy as np
import pytest

from tests.conftest import ROOT
from tests.tools.conftest import listing

SIZE = 64


@pytest.fixture
def scenes(converter):
    return converter('photo_scenes')


@pytest.fixture
def backgrounds(scenes):
    """Black, so that whatever is seen was pasted."""
    return [scenes.Background(np.zeros((70, 90, 3), np.uint8), frozenset({'sky'}))]


@pytest.fixture
def cut_outs(scenes):
    """Discs, one grey value for each category."""
    alpha = np.zeros((80, 80), np.uint8)
    cv2.circle(alpha, (40, 40), 38, 255, -1, cv2.LINE_AA)
    return [
        scenes.CutOut(np.dstack([np.full((80, 80, 3), 30 * category, np.uint8), alpha]), category)
        for category in range(1, len(scenes.REGIONS))
    ]


def test_labels_are_where_the_objects_are(scenes, backgrounds, cut_outs):
    for seed in range(20):
        scene = scenes.compose(backgrounds[0], cut_outs, SIZE, np.random.default_rng(seed))
        # Edges are blends; brightness varies by 0.85 to 1.1.
        window = np.ones((5, 5))
        same = cv2.erode(scene.regions, window) == cv2.dilate(scene.regions, window)
        inside = same & (scene.regions > 0)
        inside[[0, -1]] = inside[:, [0, -1]] = False
        brightness = scene.image[..., 0][inside] / (30.0 * scene.regions[inside])
        assert ((brightness > 0.8) & (brightness < 1.15)).all()
        assert (scene.image[scene.regions == 0] < 120).all()
        assert scene.image.shape == (SIZE, SIZE, 3) and scene.regions.shape == (SIZE, SIZE)


def test_attributes_are_what_can_be_seen(scenes, backgrounds, cut_outs):
    seen = Counter()
    for seed in range(40):
        scene = scenes.compose(backgrounds[0], cut_outs, SIZE, np.random.default_rng(seed))
        ratios = np.bincount(scene.regions.ravel(), minlength=len(scenes.REGIONS)) / SIZE**2
        expected = {
            name for name, ratio in zip(scenes.REGIONS[1:], ratios[1:]) if ratio >= scenes.VISIBLE
        }
        assert scene.attributes == expected | {'sky'}
        seen.update(expected)
    assert set(seen) == set(scenes.REGIONS[1:])


def test_no_colour_bleeds_in_from_where_nothing_is_seen(scenes, backgrounds):
    """Transparent pixels of a cut-out have any colour; here white, the object is dark."""
    image = np.full((60, 60, 4), 255, np.uint8)
    image[..., 3] = 0
    image[20:40, 20:40] = (30, 30, 30, 255)
    dark = [scenes.CutOut(image, category) for category in range(1, len(scenes.REGIONS))]
    for seed in range(10):
        scene = scenes.compose(backgrounds[0], dark, SIZE, np.random.default_rng(seed))
        assert scene.image.max() <= 34


def test_same_scenes_every_time(scenes, backgrounds, cut_outs, tmp_path):
    for folder in ('first', 'second'):
        scenes.write_set('d1', backgrounds, cut_outs, tmp_path / folder, 3, SIZE)
    files = [path for path in (tmp_path / 'first').rglob('*') if path.is_file()]
    assert len(files) == 4
    for path in files:
        other = tmp_path / 'second' / path.relative_to(tmp_path / 'first')
        assert path.read_bytes() == other.read_bytes()


def test_sets_have_the_labels_that_they_are_for(scenes, backgrounds, cut_outs, tmp_path):
    for name in scenes.SETS:
        scenes.write_set(name, backgrounds, cut_outs, tmp_path, 2, SIZE)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(
        f'{kind}_{split}.{ending}'
        for split in ('train', 'val', 'test')
        for kind, ending in (('attributes', 'json'), ('inpainting', 'txt'), ('segmentation', 'txt'))
    )
    assert (tmp_path / 'inpainting_train.txt').read_text().startswith('images/d0/00000.jpg')
    assert (tmp_path / 'segmentation_train.txt').read_text().startswith('d2/00000')
    first = json.loads((tmp_path / 'attributes_train.json').read_text())['data_list'][0]
    assert first['img_path'] == 'images/d1/00000.jpg' and 0 in first['gt_label']
    images = {(tmp_path / f'images/{name}/00000.jpg').read_bytes() for name in scenes.SETS}
    assert len(images) == len(scenes.SETS)
    assert not (tmp_path / 'annotations/d0').exists()


def test_names_are_those_of_the_configs(scenes):
    names = Config.fromfile(ROOT / 'configs/boostgan_photoscenes_64px.py')
    assert tuple(names.attributes) == scenes.ATTRIBUTES
    assert tuple(names.regions) == scenes.REGIONS
    embedders = ROOT / 'configs/embedders'
    reader = Config.fromfile(embedders / 'attribute_photoscenes_64px.py').model
    assert reader.head.num_classes == len(scenes.ATTRIBUTES)
    segmentor = Config.fromfile(embedders / 'segmentation_photoscenes_64px.py')
    assert tuple(segmentor.regions) == scenes.REGIONS


def test_lists(scenes):
    """Every split has every class; what a photograph shows has a name; licences fit together."""
    places, objects = scenes.read_backgrounds(), scenes.read_objects()
    for split in ('train', 'val', 'test'):
        assert {
            category for photograph, category in objects.items() if photograph.split == split
        } == set(range(1, len(scenes.REGIONS)))
        assert any(photograph.split == split for photograph in places)
    assert set().union(*places.values()) == set(scenes.ATTRIBUTES[:5])
    assert len({photograph.name for photograph in objects}) == len(objects)
    # Only these may be joined with images under the GPL.
    assert {photograph.licence for photograph in places} <= {
        'public domain',
        'CC0-1.0',
        'CC-BY-4.0',
        'CC-BY-SA-4.0',
        'GPL-2.0-or-later',
        'LGPL-3.0-only',
    }


@pytest.mark.parametrize('arguments', [['--check'], ['--out', 'scenes']])
def test_missing_packages_are_named(scenes, tmp_path, capsys, arguments, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = listing(tmp_path)
    assert scenes.main(['--packages', str(tmp_path), *arguments]) == 1
    message = capsys.readouterr().err
    for package in ('tuxpaint-stamps-default', 'gcompris-qt-data', 'mate-backgrounds'):
        assert f'The package {package} is not in {tmp_path}' in message
    assert 'apt-get download' in message
    assert listing(tmp_path) == before


def test_scenes_that_are_there_are_not_mixed_with_others(scenes, tmp_path):
    (tmp_path / 'images').mkdir()
    with pytest.raises(scenes.PhotographError, match='holds scenes already'):
        scenes.build(None, tmp_path, SIZE, 1)
