from copy import deepcopy
from dataclasses import replace

from mmengine.registry import init_default_scope
import numpy as np
import pytest
import torch

from boostgan_plugin.inference import onnx_backend, onnx_graph
from boostgan_plugin.inference.backends import ModelInfo, ModelInputs
from boostgan_plugin.inference.pretrained import load_pretrained, save_pretrained
from boostgan_plugin.inference.stored_weights import round_as_stored
from boostgan_plugin.inference.torch_backend import TorchBackend
from boostgan_plugin.inference.windows import WindowConfig
from boostgan_plugin.registry import MODELS
from tests.conftest import (
    ATTRIBUTES,
    CLASSES,
    CLASSIFIER,
    SEGMENTOR,
    SIZE,
    small_boostgan_plus,
)
from tests.models.inpainters.baselines import baseline_config

onnx = pytest.importorskip('onnx')
pytest.importorskip('onnxscript')
pytest.importorskip('onnxruntime')

INFO = ModelInfo('small', WindowConfig(SIZE, 3.0), ATTRIBUTES, CLASSES)


@pytest.fixture(scope='module')
def exported(checkpoints, tmp_path_factory):
    """A small BoostGAN, its weights as files hold them, and its graph."""
    init_default_scope('boostgan')
    torch.manual_seed(5)
    inpainter = MODELS.build(
        dict(
            type='BoostGAN',
            generator=dict(
                type='SemanticGenerator',
                segmentation_encoding='one_hot',
                base_channels=8,
                max_channels=16,
                downsample_factor=4,
            ),
            attribute_embedder=dict(
                type='AttributeEmbedder',
                config=deepcopy(CLASSIFIER),
                checkpoint=checkpoints['classifier'],
                attributes=ATTRIBUTES,
            ),
            segmentation_embedder=dict(
                type='SegmentationEmbedder',
                config=deepcopy(SEGMENTOR),
                checkpoint=checkpoints['segmentor'],
                classes=CLASSES,
            ),
        )
    )
    inpainter.init_weights()
    path = tmp_path_factory.mktemp('onnx') / 'small.onnx'
    onnx_graph.export_onnx(inpainter, INFO, path)
    return round_as_stored(inpainter), path


def inputs_of(count, height, width, override):
    random = np.random.default_rng(6)
    holes = (random.random((count, 1, height, width)) < 0.3).astype(np.float32)
    images = random.uniform(-1, 1, (count, 3, height, width)).astype(np.float32) * (1 - holes)
    attributes = np.full((count, len(ATTRIBUTES)), -1, np.float32)
    segmentation = np.full(holes.shape, -1, np.int16)
    if override:
        attributes[:, 0] = 1
        segmentation = random.integers(-1, len(CLASSES), holes.shape).astype(np.int16)
    return ModelInputs(images, holes, attributes, segmentation)


@pytest.mark.parametrize('override', [False, True])
@pytest.mark.parametrize('size', [(1, 64, 64), (3, 64, 64), (1, 37, 501), (2, 1, 1), (3, 5, 33)])
def test_the_graph_agrees_with_pytorch(exported, size, override):
    inpainter, path = exported
    inputs = inputs_of(*size, override)
    expected = TorchBackend(inpainter, INFO, 'cpu')(inputs)
    given = onnx_backend.OnnxBackend(path)(inputs)
    for name in ('outputs', 'attributes'):
        np.testing.assert_allclose(getattr(given, name), getattr(expected, name), atol=1e-3, rtol=0)
    np.testing.assert_array_equal(given.segmentation, expected.segmentation)
    assert given.outputs.shape == inputs.images.shape


def test_what_is_told_is_heard(exported):
    backend = onnx_backend.OnnxBackend(exported[1])
    assert (
        np.abs(
            backend(inputs_of(1, 32, 32, True)).outputs
            - backend(inputs_of(1, 32, 32, False)).outputs
        ).max()
        > 1e-4
    )


def test_a_graph_is_one_file_that_knows_its_traits(exported):
    path = exported[1]
    assert onnx_backend.OnnxBackend(path).info == INFO
    assert list(path.parent.iterdir()) == [path]
    graph = onnx.load(path).graph
    assert [known.name for known in graph.input] == list(onnx_backend.INPUTS)
    assert [known.name for known in graph.output] == list(onnx_backend.OUTPUTS)
    assert b'site-packages' not in path.read_bytes()


def test_large_weights_take_one_byte_each(exported):
    inpainter, path = exported
    weights = {tensor.name: tensor for tensor in onnx.load(path).graph.initializer}
    large = [
        name
        for name, weight in inpainter.named_parameters()
        if weight.ndim >= 2 and weight.numel() >= 4096
    ]
    for name in large:
        assert weights[f'inpainter.{name}.stored'].data_type == onnx.TensorProto.INT8
    assert large and path.stat().st_size < 3 * sum(map(torch.numel, inpainter.parameters()))


def test_weights_are_made_whole_as_a_graph_is_loaded(exported, tmp_path):
    """Not in each run, and by any program that loads it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / 'loaded.onnx')
    onnxruntime.InferenceSession(exported[1], options, ['CPUExecutionProvider'])
    graph = onnx.load(tmp_path / 'loaded.onnx').graph
    kinds = {tensor.data_type for tensor in graph.initializer}
    assert graph.node and not kinds & {onnx.TensorProto.INT8, onnx.TensorProto.FLOAT16}
    assert 'BatchNormalization' not in {node.op_type for node in graph.node}


def test_a_graph_that_differs_is_found_out(exported):
    inpainter, path = exported
    assert onnx_graph.verify_onnx(path, inpainter, INFO) < 1e-3
    other = deepcopy(inpainter)
    with torch.no_grad():
        other.generator.to_image.bias.add_(0.1)
    with pytest.raises(ValueError, match='as ONNX gives other images than in PyTorch'):
        onnx_graph.verify_onnx(path, other, INFO)


@pytest.fixture(scope='module')
def plus(checkpoints, tmp_path_factory):
    """A small BoostGAN+ from a file of weights, and its graph, which shares them."""
    init_default_scope('boostgan')
    torch.manual_seed(5)
    config = small_boostgan_plus(checkpoints)
    release = tmp_path_factory.mktemp('plus') / 'plus.safetensors'
    save_pretrained(_bolder(MODELS.build(config)), config, INFO, release)
    inpainter = load_pretrained(release)[0]
    graph = release.with_suffix('.onnx')
    onnx_graph.export_onnx(inpainter, INFO, graph, weights=release)
    return inpainter, graph


def _bolder(inpainter):
    """A new generator hardly listens yet; this one does."""
    with torch.no_grad():
        for name, weight in inpainter.generator.named_parameters():
            if 'modulation' in name or name.startswith('to_image'):
                weight.mul_(10)
    return inpainter


@pytest.mark.parametrize('override', [False, True])
@pytest.mark.parametrize('size', [(2, 64, 64), (1, 37, 101), (2, 1, 1)])
def test_boostgan_plus(plus, size, override):
    """Its Ws knows what is hole, at half the size."""
    inpainter, path = plus
    inputs = inputs_of(*size, override)
    inputs.masks[..., 9:30, 8:27] = 1
    inputs.images[..., 9:30, 8:27] = 0
    expected = TorchBackend(inpainter, INFO, 'cpu')(inputs)
    given = onnx_backend.OnnxBackend(path)(inputs)
    for name in ('outputs', 'attributes'):
        np.testing.assert_allclose(getattr(given, name), getattr(expected, name), atol=1e-4, rtol=0)
    np.testing.assert_array_equal(given.segmentation, expected.segmentation)


def test_boostgan_plus_hears_what_is_told(plus):
    backend = onnx_backend.OnnxBackend(plus[1])
    inputs = inputs_of(1, 32, 32, False)
    as_read = backend(inputs).outputs
    for word, value in (('attributes', 1), ('segmentation', 2)):
        override = replace(inputs, **{word: np.full_like(getattr(inputs, word), value)})
        assert np.abs(backend(override).outputs - as_read).max() > 1e-2


@pytest.mark.parametrize('device', ['abacus', 'cuda:x'])
def test_a_device_that_is_none_is_refused(exported, device):
    with pytest.raises(ValueError, match=f'device {device} cannot be used'):
        onnx_backend.OnnxBackend(exported[1], device)


def test_a_comparison_with_nothing_is_none(exported, monkeypatch):
    inpainter, path = exported

    def refuse(*_, **__):
        raise RuntimeError('out of order')

    monkeypatch.setattr(type(inpainter), 'restore', refuse)
    with pytest.raises(RuntimeError, match='out of order'):
        onnx_graph.verify_onnx(path, inpainter, INFO)


@pytest.mark.parametrize(
    'name',
    [
        'ContextEncoder',
        'GlobalLocal',
        'PartialConv',
        pytest.param('ContextualAttention', marks=pytest.mark.slow),
    ],
)
def test_baselines(name, tmp_path):
    baseline, info = MODELS.build(baseline_config(name)), ModelInfo(name, WindowConfig(SIZE, 2.0))
    onnx_graph.export_onnx(baseline, info, tmp_path / 'baseline.onnx')
    assert onnx_graph.verify_onnx(tmp_path / 'baseline.onnx', baseline, info) < 1e-3
    backend = onnx_backend.OnnxBackend(tmp_path / 'baseline.onnx')
    outputs = backend(inputs_of(2, SIZE, SIZE, False))
    assert (outputs.outputs.shape, outputs.attributes.size) == ((2, 3, SIZE, SIZE), 0)
    if name == 'ContextEncoder':
        with pytest.raises(ValueError, match='ContextEncoder refuses images of 37 x 32'):
            backend(inputs_of(2, 37, SIZE, False))


def test_what_onnx_has_no_operators_for(tmp_path):
    telea = MODELS.build(dict(type='TrainingFree', generator=dict(type='Telea')))
    with pytest.raises(ValueError, match='Telea cannot be written as ONNX'):
        onnx_graph.export_onnx(
            telea, ModelInfo('Telea', WindowConfig(SIZE, 2.0)), tmp_path / 'telea.onnx'
        )
    assert not (tmp_path / 'telea.onnx').exists()


def test_files_of_another_kind(tmp_path):
    with pytest.raises(FileNotFoundError, match='none.onnx does not exist'):
        onnx_backend.OnnxBackend(tmp_path / 'none.onnx')
    (tmp_path / 'broken.onnx').write_bytes(b'no graph')
    with pytest.raises(ValueError, match='broken.onnx is broken or no ONNX graph'):
        onnx_backend.OnnxBackend(tmp_path / 'broken.onnx')
    value = onnx.helper.make_tensor_value_info('x', onnx.TensorProto.FLOAT, [1])
    same = onnx.helper.make_tensor_value_info('y', onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node('Identity', ['x'], ['y'])
    model = onnx.helper.make_model(
        onnx.helper.make_graph([node], 'other', [value], [same]),
        ir_version=10,
        opset_imports=[onnx.helper.make_opsetid('', 18)],
    )
    onnx.save(model, tmp_path / 'other.onnx')
    with pytest.raises(ValueError, match='other.onnx is an ONNX graph, but none of this package'):
        onnx_backend.OnnxBackend(tmp_path / 'other.onnx')


def test_without_the_packages(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__('sys').modules, 'onnxruntime', None)
    with pytest.raises(ImportError, match=r'pip install "\.\[onnx\]"'):
        onnx_backend.OnnxBackend(tmp_path / 'any.onnx')


def test_cuda_without_the_runtime_for_it(exported):
    import onnxruntime

    if 'CUDAExecutionProvider' in onnxruntime.get_available_providers():
        pytest.skip('this onnxruntime has CUDA')
    with pytest.warns(UserWarning, match='install onnxruntime-gpu'):
        backend = onnx_backend.OnnxBackend(exported[1], 'cuda:0')
    assert backend(inputs_of(1, 8, 8, False)).outputs.shape == (1, 3, 8, 8)
