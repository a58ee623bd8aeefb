import pytest
import torch

from boostgan_plugin.models.semantics import (
    MismatchSampler,
    Semantics,
    attribute_identity,
    segmentation_identity,
)


def slow_reference(values, memory):
    """For each row: the first candidate, in the documented order, that says something else."""
    answers = [tuple((value > 0.5).tolist()) for value in values]
    chosen = []
    for i in range(len(values)):
        candidates = sorted((j for j in range(len(values)) if j != i), key=lambda j, i=i: i ^ j)
        partner = next((values[j] for j in candidates if answers[j] != answers[i]), None)
        if partner is None and memory is not None:
            other = tuple((memory > 0.5).tolist())
            partner = memory if other != answers[i] else None
        chosen.append(partner)
    return chosen


@pytest.mark.parametrize('count', [1, 2, 3, 5, 8])
def test_partners_agree_with_a_slow_reference(count):
    sampler, memory = MismatchSampler(attribute_identity), None
    for _ in range(20):
        values = torch.rand(count, 2)
        mismatched, found = sampler(values)
        for row, valid, expected in zip(
                mismatched, found, slow_reference(values, memory), strict=True):
            assert valid == (expected is not None)
            if valid:
                assert torch.equal(row, expected)
        memory = values[-1]


def test_equal_vectors_are_never_a_negative_pair():
    sampler = MismatchSampler(attribute_identity)
    values = torch.tensor([[0.9, 0.2], [0.6, 0.4], [0.51, 0.1]])
    _, found = sampler(values)
    assert not found.any()


def test_a_batch_of_one_takes_the_sample_before():
    sampler = MismatchSampler(attribute_identity)
    first, second = torch.tensor([[0.9]]), torch.tensor([[0.1]])
    assert not sampler(first)[1].any()
    mismatched, found = sampler(second)
    assert found.all() and torch.equal(mismatched, first)


@pytest.mark.parametrize('probabilities', [False, True])
def test_maps_differ_when_a_pixel_differs(probabilities):
    labels = torch.zeros(2, 1, 4, 4, dtype=torch.uint8)
    labels[1, 0, 3, 3] = 1
    maps = labels
    if probabilities:
        maps = torch.cat([0.6 - 0.2 * labels, 0.4 + 0.2 * labels], dim=1)
    mismatched, found = MismatchSampler(segmentation_identity)(maps)
    assert found.all()
    assert torch.equal(mismatched, maps.flip(0))
    assert not MismatchSampler(segmentation_identity)(maps[:1].repeat(2, 1, 1, 1))[1].any()


def test_partners_do_not_depend_on_how_the_batch_is_split():
    values = torch.rand(8, 6)
    whole, _ = MismatchSampler(attribute_identity)(values)
    halves = [MismatchSampler(attribute_identity)(half)[0] for half in values.chunk(2)]
    assert torch.equal(whole, torch.cat(halves))


def test_memory_travels_with_the_state_dict():
    sampler, other = MismatchSampler(attribute_identity), MismatchSampler(attribute_identity)
    sampler(torch.tensor([[0.9]]))
    other.load_state_dict(sampler.state_dict())
    mismatched, found = other(torch.tensor([[0.2]]))
    assert found.all() and mismatched.item() == pytest.approx(0.9)


def test_halves():
    first, second = Semantics(torch.arange(4)[:, None], torch.arange(4)[:, None]).halves()
    assert first.attributes.flatten().tolist() == [0, 1]
    assert second.segmentation.flatten().tolist() == [2, 3]
