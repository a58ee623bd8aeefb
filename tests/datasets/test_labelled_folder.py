from pathlib import Path

import cv2
import numpy as np
import pytest

from boostgan_plugin.apis import load_config
from boostgan_plugin.apis.data_check import check_data
from boostgan_plugin.apis.runs import training_name
from boostgan_plugin.blanks import fill, has_blanks
from boostgan_plugin.datasets import LabelledImages
from boostgan_plugin.datasets.labelled_folder import SPLITS, facts_of, read_labelled_folder
from tests.conftest import ROOT
from tests.published import own


@pytest.fixture
def folder(tmp_path) -> Path:
    """Twenty images, two of three with attributes, the others with regions, and some with both."""
    own(tmp_path)
    return tmp_path


def write(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_folder_is_read(folder):
    read = read_labelled_folder(folder)
    assert read.attributes == ('round', 'bright') and read.regions == ('ground', 'thing', 'sky')
    assert len(read.scores) == 14 and len(read.maps) == 14
    assert read.scores['b/03.jpg'] == (1, 0) and read.maps['b/07.jpg'] == 'regions/b/07.png'
    assert 'b/03.jpg' not in read.maps


def test_splits_are_disjoint_and_stay(folder):
    first, again = read_labelled_folder(folder), read_labelled_folder(folder)
    assert first.splits == again.splits
    images = [image for split in SPLITS for image in first.splits[split]]
    assert len(images) == len(set(images)) == 20
    for split in SPLITS:
        assert first.labelled(split, 'attributes') and first.labelled(split, 'regions')
        assert set(first.labelled(split, 'regions')) <= set(first.splits[split])
    assert len(first.splits['train']) > len(first.splits['val']) == len(first.splits['test'])


def test_lists_decide_the_splits(folder):
    names = sorted(read_labelled_folder(folder).maps.keys() & read_labelled_folder(folder).scores)
    lists = dict(train=names[:4], val=names[4:6], test=names[6:7])
    for split, images in lists.items():
        (folder / f'{split}.txt').write_text('\n'.join(images))
    assert read_labelled_folder(folder).splits == {
        split: tuple(images) for split, images in lists.items()
    }
    (folder / 'val.txt').write_text('\n'.join(names[3:6]))
    with pytest.raises(ValueError, match='val.txt: .* is in train.txt, too'):
        read_labelled_folder(folder)
    (folder / 'val.txt').write_text('c.jpg')
    with pytest.raises(ValueError, match="val.txt: there is no image 'c.jpg' in .*images"):
        read_labelled_folder(folder)
    (folder / 'val.txt').unlink()
    with pytest.raises(FileNotFoundError, match='val.txt does not exist, although .*train.txt'):
        read_labelled_folder(folder)


@pytest.mark.parametrize('name', ['images', 'attributes.csv', 'regions', 'regions.txt'])
def test_what_is_missing(folder, name):
    (folder / name).rename(folder / 'elsewhere')
    with pytest.raises(FileNotFoundError, match=f'{name} does not exist: expected images/'):
        read_labelled_folder(folder)


@pytest.mark.parametrize(
    ('file', 'old', 'new', 'told'),
    [
        ('attributes.csv', 'image', 'file', 'line 1: expected "image"'),
        ('attributes.csv', 'bright', 'round', "'round' is there twice"),
        ('attributes.csv', 'a/00.jpg,0,0', 'a/00.jpg,0,', 'line 2: bright is empty; allowed are 0'),
        (
            'attributes.csv',
            'a/00.jpg,0,0',
            'a/00.jpg,0,yes',
            "line 2: bright is 'yes'; allowed are",
        ),
        ('attributes.csv', 'a/00.jpg,0,0', 'a/00.jpg,0', 'line 2: 1 values for 2 attributes'),
        ('attributes.csv', 'a/00.jpg', '00.jpg', "line 2: there is no image '00.jpg'"),
        ('attributes.csv', 'a/00.jpg', 'a/02.jpg', 'line 4: a/02.jpg has a row before'),
        ('regions.txt', 'sky', 'thing', "'thing' is there twice"),
        ('regions.txt', 'ground\nthing\nsky', 'ground', 'names 1 classes; expected two or more'),
    ],
)
def test_what_is_written_otherwise(folder, file, old, new, told):
    write(folder / file, old, new)
    with pytest.raises(ValueError, match=f'{file}.*{told}'):
        read_labelled_folder(folder)


def test_maps_and_images_belong_together(folder):
    (folder / 'regions/other.png').touch()
    with pytest.raises(ValueError, match='other.png belongs to no image'):
        read_labelled_folder(folder)
    (folder / 'regions/other.png').unlink()
    cv2.imwrite(str(folder / 'regions/b/07.png'), np.zeros((70, 70), np.uint8))
    with pytest.raises(ValueError, match='b/07.png is 70 x 70, its image 96 x 80'):
        facts_of(folder)


def test_facts(folder):
    facts = facts_of(folder)
    assert facts['attributes'] == ['round', 'bright'] and facts['num_regions'] == 3
    assert (facts['size'], facts['downsample_factor']) == (64, 4)
    assert all(400 <= facts[name] < 1000 for name in ('iters', 'attribute_iters', 'region_iters'))
    told = facts_of(folder, dict(size=32, iters=3))
    assert (told['size'], told['downsample_factor']) == (32, 2)
    assert (told['iters'], told['region_iters'], told['region_warm_up']) == (3, 3, 1)
    cv2.imwrite(str(folder / 'images/a/01.jpg'), np.zeros((50, 90, 3), np.uint8))
    with pytest.raises(ValueError, match='short side of 50 px; expected 64 or more'):
        facts_of(folder)


def drawn(dataset: LabelledImages) -> list[dict]:
    return [dataset[index] for index in range(len(dataset))]


def test_samples(folder):
    attributes = LabelledImages(str(folder), 'train', 'attributes')
    regions = LabelledImages(str(folder), 'train', 'regions')
    every = LabelledImages(str(folder), 'train')
    assert max(len(attributes), len(regions)) < len(every)
    assert attributes.metainfo['classes'] == ('round', 'bright')
    assert regions.metainfo['classes'] == ('ground', 'thing', 'sky')
    scores = read_labelled_folder(folder).scores
    for sample in drawn(attributes):
        name = str(Path(sample['img_path']).relative_to(folder / 'images'))
        assert tuple(sample['gt_score']) == scores[name]
    assert all(Path(sample['seg_map_path']).is_file() for sample in drawn(regions))
    assert all('gt_score' not in sample for sample in drawn(every))
    with pytest.raises(ValueError, match="split='all' is unknown"):
        LabelledImages(str(folder), 'all')
    with pytest.raises(ValueError, match="labels='parts' is unknown"):
        LabelledImages(str(folder), 'train', 'parts')


def test_the_config_takes_all_from_the_folder(folder):
    path = ROOT / 'configs/boostgan_own.py'
    config = load_config(path, dict(data_root=str(folder)))
    assert not has_blanks(config._cfg_dict)
    assert config.model.attribute_embedder.attributes == ['round', 'bright']
    assert config.train_dataloader.dataset.pipeline[0].crop.size == 64
    options = {'data_root': str(folder), 'size': 32, 'iters': 5, 'train_cfg.val_interval': 2}
    other = load_config(path, options)
    assert (other.inference.image_size, other.train_cfg) == (
        32,
        dict(config.train_cfg, max_iters=5, val_interval=2),
    )
    assert training_name(path, options) == 'boostgan_own'
    for kind, numbers in (('attribute', [2, 2]), ('segmentation', [3])):
        network = load_config(
            ROOT / f'configs/embedders/{kind}_own.py', dict(data_root=str(folder), iters=5)
        )
        heads = [
            network.model[name].num_classes
            for name in ('head', 'decode_head', 'data_preprocessor')
            if 'num_classes' in network.model.get(name, {})
        ]
        assert heads == numbers
        assert [phase.get('end') for phase in network.param_scheduler] == [1, None]


def test_pixels_of_maps_are_looked_at(folder, tmp_path):
    config = load_config(
        ROOT / 'configs/embedders/segmentation_own.py',
        dict(data_root=str(folder)),
        tmp_path / 'work',
    )
    assert check_data(config) == {}
    path = folder / read_labelled_folder(folder).maps['b/07.jpg']
    cv2.imwrite(str(path), np.full((80, 96), 3, np.uint8))
    with pytest.raises(ValueError, match='b/07.png holds the class number 3; allowed are 0 to 2'):
        check_data(config, SPLITS)


def test_blanks():
    node = dict(a='{size}', b=[dict(c=('{size}', 1)), '{other}'], d='{size} px')
    assert fill(node, dict(size=8)) == dict(a=8, b=[dict(c=(8, 1)), '{other}'], d='{size} px')
    assert has_blanks(node) and has_blanks(fill(node, dict(size=8)))
    assert not has_blanks(fill(node, dict(size=8, other='x')))
