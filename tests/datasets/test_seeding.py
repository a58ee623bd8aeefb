"""Random transforms depend on seed, sample and pass alone."""

from itertools import islice
import pickle

from mmcv.transforms import BaseTransform
from mmengine import registry as root
from mmengine.dataset import BaseDataset
import numpy as np
import pytest

from boostgan_plugin.datasets import RenderedFaces, SeededDatasetWrapper, SeededInfiniteSampler


@pytest.fixture
def faces():
    return RenderedFaces(
        'd0',
        5,
        size=32,
        keep=True,
        pipeline=[
            dict(type='RandomRectangleMask'),
            dict(type='RandomFlip', prob=0.5),
            dict(type='PackInpaintingInputs'),
        ],
    )


def draws(faces, count, seed=0, skip=0):
    sampler = SeededInfiniteSampler(faces, shuffle=True, seed=seed)
    sampler.skip(skip)
    return [faces[index] for index in islice(sampler, count)]


def same(first, second):
    return all(
        np.array_equal(a['inputs'], b['inputs'])
        and np.array_equal(a['data_samples'].mask, b['data_samples'].mask)
        for a, b in zip(first, second, strict=True)
    )


def test_going_on_after_a_stop_gives_the_same_draws(faces):
    whole = draws(faces, 20)
    np.random.rand(3)
    assert same(whole[7:], draws(faces, 13, skip=7))


def test_each_pass_sees_every_face_with_other_holes(faces):
    samples = draws(faces, 10)
    passes = [
        {s['data_samples'].sample_idx: s for s in half} for half in (samples[:5], samples[5:])
    ]
    assert set(passes[0]) == set(passes[1]) == set(range(5))
    assert not any(same([passes[0][i]], [passes[1][i]]) for i in range(5))


def test_seeds_differ(faces):
    first, second = (
        {s['data_samples'].sample_idx: s for s in draws(faces, 5, seed)} for seed in (0, 1)
    )
    assert not any(same([first[i]], [second[i]]) for i in range(5))


def test_plain_indices_leave_the_random_state_alone(faces):
    np.random.seed(3)
    first = faces[2]
    assert not same([first], [faces[2]])


def test_can_be_sent_to_spawned_workers(faces):
    assert same([pickle.loads(pickle.dumps(faces))[5 * (1 << 20) + 1]], [faces[5 * (1 << 20) + 1]])


@root.TRANSFORMS.register_module()
class Draw(BaseTransform):
    def transform(self, results):
        return dict(results, drawn=np.random.random())


@root.DATASETS.register_module()
class ThreeNumbers(BaseDataset):
    def load_data_list(self):
        return [dict(number=number) for number in range(3)]


def test_any_data_set_can_be_counted():
    """A data set of another project draws the same for the same pass, another for another."""
    counted = SeededDatasetWrapper(dict(type='ThreeNumbers', pipeline=[dict(type='Draw')]))
    assert len(counted) == 3 and counted.metainfo == {}
    first, again, later = counted[3 + 1], counted[3 + 1], counted[6 + 1]
    assert first == again and first['number'] == later['number'] == 1
    assert first['drawn'] != later['drawn']
    np.random.seed(0)
    expected = np.random.random()
    np.random.seed(0)
    assert counted[1]['drawn'] == expected
