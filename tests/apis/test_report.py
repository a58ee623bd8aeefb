from mmengine.config import Config
import pytest

from boostgan_plugin.apis.evaluation import Evaluation
from boostgan_plugin.apis.report import write_report
from tests.conftest import ROOT, make_batch


@pytest.fixture
def report(boostgan, tmp_path):
    """Two methods, of which the second is better on three of four metrics in the hole."""
    for name in ('trained/samples', 'work'):
        (tmp_path / name).mkdir(parents=True)
    for name in ('trained/samples/test.png', 'work/curves.png'):
        (tmp_path / name).touch()
    values = dict(
        l1=2.0, l2=1.0, psnr=20.0, ssim=0.8, l1_hole=9.0, l2_hole=4.0, psnr_hole=14.0, ssim_hole=0.5
    )
    first = {f'pixel/{name}': value for name, value in values.items()}
    second = {
        **first,
        'pixel/l1_hole': 8.0,
        'pixel/l2_hole': 3.0,
        'pixel/psnr_hole': 15.0,
        'pixel/ssim_hole': 0.4,
    }
    samples = boostgan.eval().test_step(make_batch(2))
    config = Config(
        dict(
            work_dir=str(tmp_path / 'work'),
            test_dataloader=dict(dataset=dict(type='InpaintingDataset', split='test')),
        ),
        filename=ROOT / 'configs/boostgan_faces.py',
    )
    return write_report(
        tmp_path,
        config,
        {'A & B': Evaluation(first, samples), 'Ours': Evaluation(second, samples)},
        {'Wa': {'multi-label/mAP': 80.0}},
        {'seed': '0'},
    )


def test_tables_say_who_is_better(report):
    text = (report.parent / 'tables.md').read_text()
    assert 'Ours is best on 3 of 4 metrics' in text
    assert '| Ours | **8.000** | **3.000** | **15.000** | 0.400 |' in text
    assert '| A & B | 9.000 | 4.000 | 14.000 | **0.500** |' in text
    assert '| Wa | mAP 80.0 % |' in text and '| seed | 0 |' in text


def test_page_is_escaped_and_shows_the_images(report):
    page = report.read_text()
    assert 'A &amp; B' in page and '<td class="best">8.000</td>' in page
    for image in ('comparison.png', 'samples.png', 'curves.png'):
        assert f'src="{image}"' in page and (report.parent / image).is_file()


def test_csv(report):
    lines = (report.parent / 'metrics.csv').read_text().splitlines()
    assert lines[0].startswith('method,pixel/l1,pixel/l1_hole')
    assert lines[2].startswith('Ours,2,8,')
