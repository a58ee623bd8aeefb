from concurrent.futures import ThreadPoolExecutor
import fcntl
import io
import multiprocessing
import os
import signal
import time

from mmengine.config import Config
import pytest

from boostgan_plugin.apis import load_config
from boostgan_plugin.apis.passing_signals import SIGNALS
from boostgan_plugin.apis.stages import (
    Stage,
    _Labelled,
    needed_networks,
    options_of_network,
    run_side_by_side,
    run_stage,
)
from boostgan_plugin.engine import Interruption
from tests.conftest import ROOT, save_empty

FORK = multiprocessing.get_context('fork')
FACES = {
    name: ROOT / f'configs/{name}/{name}_faces.py' for name in ('context_encoder', 'global_local')
}


def test_networks_of_model_and_metrics_are_needed_once():
    table = load_config(ROOT / 'configs/benchmarks/table1_faces.py')
    assert [stage.work_dir for stage in needed_networks(table)] == [
        'work_dirs/attribute_faces_judge',
        'work_dirs/segmentation_faces_judge',
    ]
    table.test_evaluator.append(table.test_evaluator[1])
    assert len(needed_networks(table)) == 2


def test_overrides_reach_networks_that_learn_from_the_same_place():
    options = dict(data_root='mine', log_level='ERROR', **{'train_cfg.max_iters': 3})
    folder = load_config(ROOT / 'configs/boostgan_folder.py', options)
    for network in needed_networks(folder):
        assert options_of_network(options, folder, network) == dict(
            data_root='mine', log_level='ERROR'
        )
    faces = load_config(ROOT / 'configs/boostgan_celebahq.py', options)
    for network in needed_networks(faces):
        assert options_of_network(options, faces, network) == dict(log_level='ERROR')


def test_networks_that_are_there_or_come_later_are_not_trained():
    config = Config(
        dict(
            model=dict(
                a=dict(config='a.py', checkpoint=__file__),
                b=dict(config='b.py', checkpoint=None),
                c=dict(config=dict(type='ResNet'), checkpoint='c.pth'),
                d=dict(config='folder/d.py', checkpoint='work_dirs/d'),
            )
        )
    )
    assert needed_networks(config) == [Stage('d', 'folder/d.py', 'work_dirs/d')]


def test_two_processes_do_not_train_in_one_folder(tmp_path):
    stage = Stage('CE', str(FACES['context_encoder']), str(tmp_path))
    with (tmp_path / 'lock').open('w') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(RuntimeError, match='another process is training in'):
            run_stage('CE', stage, {})


def test_what_a_training_goes_on_from_is_trained_first(tmp_path, capsys):
    first, later = tmp_path / 'first', tmp_path / 'later.py'
    later.write_text(
        f'_base_ = {str(FACES["context_encoder"])!r}\nstart_from = dict(\n'
        f'    config={str(FACES["global_local"])!r}, checkpoint={str(first)!r})\n'
    )
    stage = Stage('CE', str(later), str(tmp_path / 'later'))
    first.mkdir()
    with (first / 'lock').open('w') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(RuntimeError, match=f'another process is training in {first}'):
            run_stage('CE', stage, {})
    for config, folder in ((FACES['global_local'], first), (later, tmp_path / 'later')):
        folder.mkdir(exist_ok=True)
        iters = load_config(config).train_cfg.max_iters
        save_empty(folder / f'iter_{iters}.pth')
    run_stage('CE', stage, {})
    assert capsys.readouterr().out.splitlines() == [
        f'CE, global_local_faces first: finished before, in {first}',
        f'CE: finished before, in {tmp_path / "later"}',
    ]


def test_side_by_side_ends_with_the_first_error_after_all_have_ended(tmp_path):
    stages, locks = {}, []
    for name in ('context_encoder', 'global_local'):
        folder = tmp_path / name
        folder.mkdir()
        locks.append((folder / 'lock').open('w'))
        fcntl.flock(locks[-1], fcntl.LOCK_EX)
        stages[name] = Stage(name, str(FACES[name]), str(folder))
    with pytest.raises(RuntimeError, match='context_encoder: wait for it'):
        run_side_by_side(stages, dict.fromkeys(stages.values(), {}))
    for lock in locks:
        lock.close()


def test_each_line_says_which_training_it_is_of():
    stream = io.StringIO()
    labelled = _Labelled(stream, '[1/3] Wa')
    print('one\ntwo', file=labelled)
    labelled.write('half a ')
    assert stream.getvalue() == '[1/3] Wa | one\n[1/3] Wa | two\n'
    labelled.write('line\n')
    assert stream.getvalue().endswith('[1/3] Wa | half a line\n')


def test_a_moved_project_goes_on_but_another_network_does_not(tmp_path):
    def finished(config_path):
        config = load_config(ROOT / 'configs/boostgan_faces.py', work_dir=tmp_path)
        config.model.attribute_embedder.config = config_path
        config.dump(tmp_path / 'boostgan_faces.py')
        save_empty(tmp_path / 'iter_2000.pth')
        run_stage('BoostGAN', Stage('', str(ROOT / 'configs/boostgan_faces.py'), str(tmp_path)), {})

    finished('/elsewhere/configs/embedders/attribute_faces.py')
    with pytest.raises(RuntimeError, match='holds a training with another model'):
        finished('/elsewhere/configs/embedders/attribute_other.py')


def test_where_and_by_how_many_workers_images_are_read_makes_no_other_training(tmp_path):
    folder = ROOT / 'configs/boostgan_folder.py'
    stage = Stage('BoostGAN', str(folder), str(tmp_path))
    config = load_config(
        folder,
        {
            'image_cache': 'elsewhere',
            'train_dataloader.num_workers': 9,
            'train_dataloader.pin_memory': True,
        },
        tmp_path,
    )
    config.dump(tmp_path / folder.name)
    save_empty(tmp_path / f'iter_{config.train_cfg.max_iters}.pth')
    run_stage('BoostGAN', stage, {})
    with pytest.raises(RuntimeError, match='holds a training with another train_dataloader'):
        run_stage('BoostGAN', stage, {'train_dataloader.batch_size': 3})


def _training(folder):
    with Interruption() as interruption:
        (folder / 'begun').touch()
        while interruption.signal is None:
            time.sleep(0.01)
        (folder / 'saved').touch()
        raise SystemExit(128 + interruption.signal)


def _job(folder):
    """Waits in a thread for one process after another, as trainings do on one core."""
    with SIGNALS.passed_on(), ThreadPoolExecutor(1) as pool:
        jobs = [
            pool.submit(SIGNALS.run, FORK.Process(target=_training, args=(folder / name,)))
            for name in ('first', 'second')
        ]
    for job in jobs:
        job.result()


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_are_passed_on_and_no_other_training_is_begun(number, tmp_path):
    for name in ('first', 'second'):
        (tmp_path / name).mkdir()
    job = FORK.Process(target=_job, args=(tmp_path,))
    job.start()
    end = time.monotonic() + 60
    while not (tmp_path / 'first/begun').exists() and time.monotonic() < end:
        time.sleep(0.01)
    os.kill(job.pid, number)
    job.join(60)
    assert job.exitcode == 128 + number
    assert (tmp_path / 'first/saved').exists() and not (tmp_path / 'second/begun').exists()
