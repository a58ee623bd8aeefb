"""The converters of Places365, SUN2012 and ADE20K, on small copies of the published layouts."""

from mmengine.config import Config
from mmpretrain.datasets import MultiLabelDataset
from mmseg.datasets import ADE20KDataset
import numpy as np
import pytest

from boostgan_plugin.datasets import InpaintingDataset
from tests.conftest import ROOT
from tests.tools.conftest import labels_of, listing, save, text

SPLITS = ('train', 'val', 'test')


@pytest.fixture
def scenes(converter):
    return list(converter('places365').SCENES.values())


@pytest.fixture
def easy(tmp_path, scenes):
    for scene in (*scenes, 'alley'):
        for number in range(10):
            text(tmp_path / 'train' / scene.replace('/', '-') / f'{number:08}.jpg')
        text(tmp_path / 'val' / scene.replace('/', '-') / 'Places365_val_00000001.jpg')
    text(tmp_path / 'train.txt', 'published')
    return tmp_path


@pytest.fixture
def official(tmp_path, scenes):
    for number, scene in enumerate(scenes):
        text(tmp_path / f'data_256/{scene[0]}/{scene}/00000001.jpg')
        text(tmp_path / f'val_256/Places365_val_{number:08}.jpg')
    text(
        tmp_path / 'categories_places365.txt',
        *(f'/{scene[0]}/{scene} {i}' for i, scene in enumerate(scenes)),
        '/z/zen_garden 99',
    )
    text(
        tmp_path / 'places365_val.txt',
        'Places365_val_00000098.jpg 99',
        *(f'Places365_val_{i:08}.jpg {i}' for i in range(len(scenes))),
    )
    return tmp_path


def lists(root):
    return {s: (root / f'inpainting_{s}.txt').read_text().split() for s in SPLITS}


def test_easy_layout(convert, easy):
    code, out = convert('places365', easy)
    assert code == 0
    assert '20 categories' in out
    found = lists(easy)
    assert len(found['train']) + len(found['val']) == 200
    assert not {*found['train']} & {*found['val']}
    assert len(found['test']) == 20
    assert 'val/field-wild/Places365_val_00000001.jpg' in found['test']
    assert not any('alley' in path for paths in found.values() for path in paths)
    assert (easy / 'train.txt').read_text() == 'published\n'
    dataset = InpaintingDataset(data_root=str(easy), ann_file='inpainting_train.txt')
    assert list(dataset.paths)[0] == str(easy / found['train'][0])
    assert all(map(str.startswith, found['train'], ['train/'] * 200))


def test_one_percent_is_set_aside(converter):
    select_range = converter('places365').select_range
    paths = [f'train/beach/{number:08}.jpg' for number in range(5000)]
    val, train = select_range(paths, 0, 0.01), select_range(paths, 0.01, 1)
    assert 30 < len(val) < 70
    assert sorted(val + train) == paths


def test_official_layout(convert, official):
    assert convert('places365', official)[0] == 0
    found = lists(official)
    assert 'data_256/l/lake/natural/00000001.jpg' in found['train'] + found['val']
    assert found['test'] == [f'val_256/Places365_val_{i:08}.jpg' for i in range(20)]


def test_small_images_among_the_large_are_left_out(convert, official):
    for part in ('data', 'val'):
        (official / f'{part}_256').rename(official / f'{part}_large')
    images = sorted(official.glob('*_large/**/*.jpg'))
    for image in images:
        save(image, np.zeros((256, 300, 3), np.uint8))
    small = official / 'val_large/Places365_val_00000003.jpg'
    save(small, np.zeros((255, 300, 3), np.uint8))
    code, out = convert('places365', official)
    assert code == 0
    assert 'Left out, smaller than 256 px: 1 images.' in out
    listed = {path for paths in lists(official).values() for path in paths}
    assert len(listed) == len(images) - 1
    assert 'val_large/Places365_val_00000003.jpg' not in listed


@pytest.mark.parametrize('layout', ['easy', 'official'])
def test_places_check_writes_nothing(convert, request, layout):
    root = request.getfixturevalue(layout)
    before = listing(root)
    assert convert('places365', root, '--check')[0] == 0
    assert listing(root) == before


@pytest.mark.parametrize('layout, name', [('easy', 'field-wild'), ('official', 'field/wild')])
def test_other_categories(convert, fails, request, tmp_path_factory, layout, name):
    root = request.getfixturevalue(layout)
    path = tmp_path_factory.mktemp('own') / 'categories.txt'
    text(path, '/f/field/wild', 'beach', '')
    assert '2 categories' in convert('places365', root, '--categories', str(path))[1]
    text(path, 'field/wilt', 'beech')
    message = fails('places365', root, '--categories', str(path))
    assert f'near to it are {name}' in message
    assert 'The category beech is not in' in message
    text(path)
    assert 'must name one category a line' in fails('places365', root, '--categories', str(path))


def test_missing_categories(fails, easy):
    (easy / 'train/beach').rename(easy / 'train/strand')
    (easy / 'val/street').rename(easy / 'val/way')
    for path in (easy / 'train/park').iterdir():
        path.unlink()
    message = fails('places365', easy)
    assert f'The category beach is not in {easy / "train"}' in message
    assert f'There is no folder {easy / "val/street"}' in message
    assert f'There is no image in {easy / "train/park"}' in message


def test_official_files_missing(fails, official):
    (official / 'places365_val.txt').unlink()
    assert f'There is no file {official / "places365_val.txt"}' in fails('places365', official)
    (official / 'categories_places365.txt').unlink()
    assert 'categories_places365.txt' in fails('places365', official)


def test_official_lists_wrong(fails, official):
    text(official / 'places365_val.txt', 'Places365_val_00000777.jpg 1', 'one two three')
    message = fails('places365', official)
    assert '(1): Places365_val_00000777.jpg' in message
    assert 'not so the lines (1): 2' in message


def test_places_wrong_root(fails, tmp_path):
    assert str(tmp_path / 'data_256') in fails('places365', tmp_path)


def annotation(*names, deleted=0):
    objects = ''.join(
        f'<object><name>\n{name}\n</name><deleted>{deleted}</deleted></object>' for name in names
    )
    return f'<annotation><filename>a.jpg</filename>{objects}</annotation>'


@pytest.fixture
def sun(tmp_path):
    contents = {
        'b/beach/sun_a': annotation('Sky', 'sea water', 'palm  trees', 'unheard of'),
        'l/lake/natural/sun_b': annotation('wall occluded', 'cars crop', 'CAR'),
        'a/abbey/sun_c': annotation('building'),
        'a/abbey/sun_d': annotation('gargoyle'),
        'a/abbey/sun_e': annotation('window', deleted=1),
        **{f'k/kitchen/sun_{i:02}': annotation('table') for i in range(40)},
    }
    for stem, content in contents.items():
        save(tmp_path / 'Images' / f'{stem}.jpg')
        text(tmp_path / 'Annotations' / f'{stem}.xml', content)
    save(tmp_path / 'Images/m/misc/sun_without.jpg')
    return tmp_path


def test_sun(convert, sun):
    code, out = convert('sun', sun)
    assert code == 0
    assert 'No image has: scene_bedroom' in out
    splits = {split: labels_of(sun / f'attributes_{split}.json') for split in SPLITS}
    labels = {k: v for content in splits.values() for k, v in content.items()}
    assert len(labels) == sum(map(len, splits.values())) == 43
    assert len(splits['train']) > 25
    assert min(map(len, splits.values())) > 0
    assert labels['Images/b/beach/sun_a.jpg'] == ['scene_beach', 'sky', 'tree', 'water']
    assert labels['Images/l/lake/natural/sun_b.jpg'] == ['scene_lake', 'wall', 'car']
    assert labels['Images/a/abbey/sun_c.jpg'] == ['building']
    dataset = MultiLabelDataset(
        ann_file='attributes_train.json',
        data_root=str(sun),
        pipeline=[dict(type='LoadImageFromFile'), dict(type='mmpretrain.PackInputs')],
    )
    names = Config.fromfile(ROOT / 'configs/_base_/names/places.py').attributes
    assert list(dataset.metainfo['classes']) == names
    assert dataset[0]['inputs'].shape == (3, 12, 16)


def test_sixty_names(converter):
    names = converter('sun').ATTRIBUTES
    assert (len(names), len({*names})) == (60, 60)
    assert all(map(str.isidentifier, names))


def test_sun_check_writes_nothing(convert, sun):
    before = listing(sun)
    assert convert('sun', sun, '--check')[0] == 0
    assert listing(sun) == before


def test_sun_tells_all_that_is_wrong(fails, sun):
    text(sun / 'Annotations/a/abbey/sun_c.xml', '<annotation><object>')
    (sun / 'Annotations/b/beach/sun_a.xml').write_bytes(b'')
    (sun / 'Images/a/abbey/sun_d.jpg').unlink()
    message = fails('sun', sun)
    assert 'broken XML (2)' in message
    assert str(sun / 'Annotations/a/abbey/sun_c.xml') in message
    assert str(sun / 'Annotations/b/beach/sun_a.xml') in message
    assert '(1): a/abbey/sun_d.jpg' in message


def test_a_few_broken_annotations_are_left_out(convert, sun):
    for number in range(200):
        save(sun / f'Images/k/kitchen/sun_more_{number}.jpg')
        text(sun / f'Annotations/k/kitchen/sun_more_{number}.xml', annotation('table'))
    (sun / 'Annotations/k/kitchen/sun_more_7.xml').write_bytes(b'<annotation>caf\xe9')
    (sun / 'Images/k/kitchen/sun_more_8.jpg').unlink()
    code, out = convert('sun', sun)
    assert code == 0
    assert 'Left out' in out and 'sun_more_7.xml' in out and 'sun_more_8.jpg' in out
    kept = {path for split in SPLITS for path in labels_of(sun / f'attributes_{split}.json')}
    assert len(kept) == 43 + 198


def test_sun_wrong_root(fails, tmp_path):
    message = fails('sun', tmp_path)
    assert str(tmp_path / 'Images') in message
    assert str(tmp_path / 'Annotations') in message
    save(tmp_path / 'Images/a/abbey/sun_c.jpg')
    text(tmp_path / 'Annotations/a/abbey/sun_c.xml', annotation('building'))
    assert 'has the name of one of the scenes' in fails('sun', tmp_path)


@pytest.fixture
def ade(tmp_path):
    for split, name in (('training', 'ADE_train'), ('validation', 'ADE_val')):
        for number in (1, 2):
            save(tmp_path / f'images/{split}/{name}_{number:08}.jpg')
            labels = np.arange(12 * 16, dtype=np.uint8).reshape(12, 16) % 151
            save(tmp_path / f'annotations/{split}/{name}_{number:08}.png', labels)
    return tmp_path


def test_ade20k(convert, ade):
    before = listing(ade)
    for extra in ((), ('--check',)):
        code, out = convert('ade20k', ade, *extra)
        assert code == 0
        assert '4 images with their label maps' in out
    assert listing(ade) == before
    dataset = ADE20KDataset(
        data_root=str(ade),
        pipeline=[],
        data_prefix=dict(img_path='images/training', seg_map_path='annotations/training'),
    )
    assert len(dataset) == 2


def test_ade20k_tells_all_that_is_wrong(fails, ade):
    maps = ade / 'annotations'
    save(maps / 'training/ADE_train_00000001.png', np.full((12, 16), 151, np.uint8))
    save(maps / 'training/ADE_train_00000002.png', np.zeros((5, 5), np.uint8))
    save(maps / 'validation/ADE_val_00000001.png')
    (maps / 'validation/ADE_val_00000002.png').write_bytes(b'no image')
    save(ade / 'images/training/ADE_train_00000003.jpg')
    save(maps / 'training/ADE_train_00000004.png')
    message = fails('ade20k', ade)
    assert 'ADE_train_00000001.png holds 151, but 0 to 150 are allowed' in message
    assert 'ADE_train_00000002.png has another size than its image' in message
    assert 'ADE_val_00000001.png has more than one channel' in message
    assert 'ADE_val_00000002.png cannot be read as an image' in message
    assert f'without a label map in {maps / "training"} (1): ADE_train_00000003' in message
    assert f'without an image in {ade / "images/training"} (1): ADE_train_00000004' in message


def test_ade20k_wrong_root(fails, tmp_path):
    message = fails('ade20k', tmp_path)
    for place in ('images/training', 'images/validation', 'annotations/training'):
        assert f'There is no folder {tmp_path / place}' in message
