import json

import pytest
import torch

from boostgan_plugin.apis import speed_report
from boostgan_plugin.apis.speed import Case, ratio_rows, run_case, run_cases
from boostgan_plugin.apis.speed_case import _flops, measure
from tests.conftest import ROOT

FACES = str(ROOT / 'configs/boostgan_faces.py')
SCRIPT = """
import json, sys, time
start = time.perf_counter()
time.sleep(0.5)
json.dump({'a': {'slept': time.perf_counter() - start, 'given': sys.argv[1:-1]}},
          open(sys.argv[-1], 'w'))
"""


def test_a_step_has_all_its_parts():
    figures = measure(
        dict(
            kind='step',
            config=FACES,
            size=32,
            batch=2,
            rounds=2,
            precision='float32',
            flops=True,
            attributes=5,
            classes=7,
        )
    )
    assert set(figures['parts']) == {
        'data',
        'Wa',
        'Ws',
        'G forward',
        'D forward, backward, update',
        'G loss, backward, update',
        'of these, Adam of G',
        'of these, Adam of D',
    }
    of_a_step = [seconds for name, seconds in figures['parts'].items() if 'of these' not in name]
    assert 0.7 * figures['seconds'] < sum(of_a_step) < 1.3 * figures['seconds']
    assert figures['images_per_second'] == pytest.approx(2 / figures['seconds'])
    assert 0 < figures['share_of_peak'] < 1.5


def test_restoring_is_more_than_generating():
    figures = measure(dict(kind='restore', config=FACES, size=64, rounds=3, precision='float32'))
    assert figures['seconds'] > figures['generator_seconds'] > 0


def test_multiplications_and_additions_are_counted_each():
    convolution = torch.nn.Conv2d(3, 5, 3, padding=1, bias=False)
    assert _flops(lambda: convolution(torch.zeros(2, 3, 8, 8))) == 2 * 2 * 5 * 64 * 3 * 9


def test_the_clock_of_another_script_is_that_of_its_process(tmp_path):
    (tmp_path / 'sleep.py').write_text(SCRIPT)
    figures = run_case(
        Case(
            'sleep',
            dict(
                kind='script',
                path=str(tmp_path / 'sleep.py'),
                arguments=['--fast'],
                pick=dict(seconds=['a', 'slept'], given=['a', 'given']),
            ),
        )
    )
    assert figures['given'] == ['--fast']
    assert figures['seconds'] < 0.25  # of 0.5 by the clock


def test_what_fails_is_said():
    with pytest.raises(RuntimeError, match=r'(?s)nothing failed:.*nowhere.py'):
        run_case(Case('nothing', dict(kind='step', config='nowhere.py')))


def test_what_is_measured_is_not_measured_again(tmp_path):
    results = tmp_path / 'results.json'
    results.write_text(json.dumps({'one': [dict(seconds=1.0), dict(seconds=3.0)]}))
    found = run_cases([Case('one', dict(kind='no such kind'))], results, rounds=2)
    assert found == {'one': [dict(seconds=1.0), dict(seconds=3.0)]}
    found['two'] = [dict(seconds=4.0)]
    assert ratio_rows(found, ['one', 'absent', 'two'], ['two', 'absent']) == [
        ['step', 'seconds', 'x two'],
        ['one', '2.00', '0.50'],
        ['two', '4.00', '1.00'],
    ]


def test_the_page_shows_what_was_measured(tmp_path):
    """From figures that are there already, so that nothing is measured."""
    configs, out = ROOT / 'configs', tmp_path / 'speed'
    out.mkdir()
    figures = dict(
        seconds=2.0,
        generator_seconds=0.5,
        parts={'Wa': 0.1},
        flops=3e9,
        images_per_second=1.0,
        peak_bytes=2**30,
        peak_flops_per_second=1e12,
        share_of_peak=0.25,
    )
    for name, cases in (
        ('compared', speed_report._compared(configs, 'baseline.py')),
        ('restoring', speed_report._restoring(configs)),
        ('growth', speed_report._growth(configs)),
    ):
        (out / f'{name}.json').write_text(json.dumps({case.title: [figures] for case in cases}))
    page = speed_report.report(configs, out, tmp_path / 'performance.md', 1, 'baseline.py')
    text = page.read_text()
    assert '| BoostGAN | 2.00 | 1.00 | 1.00 |' in text and '| Wa | 0.100 | 5 |' in text
    assert 'reaches 25 % of that' in text and '(speed/growth.png)' in text
    assert (out / 'growth.png').is_file()
