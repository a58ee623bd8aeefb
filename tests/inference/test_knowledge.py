"""What weights know, and what is unlike it."""

import cv2
import numpy as np
import pytest
from scipy.stats import multivariate_normal

from boostgan_plugin.datasets.face_renderer import render_face
from boostgan_plugin.inference.images import open_image
from boostgan_plugin.inference.knowledge import (
    Knowledge,
    knowledge_of,
    knowledge_path,
    learn,
    save_knowledge,
    statistics,
)
from boostgan_plugin.web.session import shown_copy

RNG = np.random.default_rng(0)


def blotches(scale):
    """An image with detail of one size, (64, 64, 3) uint8."""
    noise = RNG.normal(128, 40, (64 // scale, 64 // scale, 3)).clip(0, 255).astype(np.uint8)
    return cv2.resize(noise, (64, 64), interpolation=cv2.INTER_CUBIC)


def test_what_is_unlike_all_that_is_known_is_strange(tmp_path):
    learned = learn(
        'Blotches.', [blotches(8) for _ in range(200)], [blotches(8) for _ in range(100)]
    )
    save_knowledge(learned, knowledge_path(tmp_path / 'some.safetensors'))
    knowledge = knowledge_of(tmp_path / 'some.safetensors')
    assert knowledge.text == 'Blotches.'
    assert np.mean([knowledge.is_strange(blotches(8)) for _ in range(100)]) < 0.1
    assert all(knowledge.is_strange(blotches(2)) for _ in range(10))


def test_words_alone_raise_no_doubt(tmp_path):
    save_knowledge(Knowledge('All.'), knowledge_path(tmp_path / 'some.onnx'))
    knowledge = knowledge_of(tmp_path / 'some.onnx')
    assert knowledge.text == 'All.' and not knowledge.is_strange(blotches(2))
    assert knowledge_of(tmp_path / 'other.onnx') is None


@pytest.mark.parametrize(
    'text',
    [
        'no JSON',
        '[]',
        '{"text": "", "limit": 1}',
        '{"text": "", "limit": 1, "mean": [0], "spread": [[1]]}',
    ],
)
def test_damage_is_said(tmp_path, text):
    (tmp_path / 'some.knowledge.json').write_text(text)
    with pytest.raises(ValueError, match='does not tell what weights know'):
        knowledge_of(tmp_path / 'some.safetensors')


def test_statistics_are_numbers_of_any_image():
    for image in (np.zeros((1, 1, 3), np.uint8), np.full((3, 900, 3), 255, np.uint8)):
        assert np.isfinite(statistics(image)).all() and statistics(image).shape == (33,)


@pytest.fixture(scope='module')
def faces():
    return [
        shown_copy(open_image(np.ascontiguousarray(render_face(number, 128).image[..., ::-1])))
        for number in range(90_000, 90_030)
    ]


def test_drawn_faces_go_best_with_those_that_faces_knows(faces):
    drawn, photos = (knowledge_of(name).log_likelihood for name in ('faces', 'photos'))
    assert sum(drawn(face) > photos(face) for face in faces) >= 28
    assert Knowledge('No numbers.').log_likelihood(faces[0]) == -np.inf


def test_the_likelihood_is_that_of_a_normal_distribution():
    known = [blotches(8) for _ in range(60)]
    knowledge = learn('Blotches.', known, known)
    one, other = (knowledge.log_likelihood(image) for image in known[:2])
    normal = multivariate_normal(knowledge.mean, np.linalg.inv(knowledge.spread))
    first, second = (normal.logpdf(statistics(image)) for image in known[:2])
    assert one - other == pytest.approx(first - second, rel=1e-3)


def test_the_weights_of_the_package_know_drawn_faces(faces):
    knowledge = knowledge_of('faces')
    assert sum(map(knowledge.is_strange, faces)) <= 2
    assert knowledge.is_strange(RNG.integers(0, 256, (128, 128, 3), np.uint8))
    assert knowledge.is_strange(np.full((128, 128, 3), 90, np.uint8))
