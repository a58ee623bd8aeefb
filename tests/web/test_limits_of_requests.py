"""Requests that ask for too much are answered without the work."""

from io import BytesIO
from time import monotonic
from types import SimpleNamespace

import numpy as np
from PIL import Image
import pytest

pytest.importorskip('gradio', reason='the web page is an optional extra')

import gradio as gr  # noqa: E402
from gradio.components.image_editor import EditorData  # noqa: E402
from gradio.data_classes import FileData  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import PlainTextResponse  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

from boostgan_plugin.web.body_limit import BodyLimit  # noqa: E402
from boostgan_plugin.web.limits import RequestLimits  # noqa: E402
from boostgan_plugin.web.strokes import (  # noqa: E402
    decode_layers,
    editor_value,
    paint_layer,
    stroke_editor,
)


def png(width, height, value=0):
    file = BytesIO()
    Image.new('RGBA', (width, height), (0, 0, 0, value)).save(file, 'PNG')
    return file.getvalue()


# Layers ------------------------------------------------------------------------------------------


def test_layers_are_counted_and_measured_before_any_is_decoded(tmp_path):
    path = tmp_path / 'layer.png'
    path.write_bytes(png(5000, 5000))
    began = monotonic()
    with pytest.raises(ValueError, match='40 layers'):
        decode_layers([path] * 40, 640)
    with pytest.raises(ValueError, match='5000 x 5000'):
        decode_layers([png(10, 10), path], 640)
    with pytest.raises(ValueError, match='too large to be a layer'):
        decode_layers([bytes(3 * 2**20)], 640)
    with pytest.raises(ValueError, match='as an image'):
        decode_layers([b'no image'], 640)
    assert monotonic() - began < 0.5, 'to decode one layer takes that long'


def test_the_editor_gives_layers_alone(tmp_path):
    editor = stroke_editor('some', '#ff2d8a', 100, 640)
    (tmp_path / 'layer.png').write_bytes(png(40, 30, 255))
    layer = FileData(path=str(tmp_path / 'layer.png'))
    value = editor.preprocess(EditorData(background=layer, composite=layer, layers=[layer]))
    [layer], background = value['layers'], value['background']
    assert layer.shape == (30, 40, 4) and (layer[..., 3] == 255).all() and background is None
    assert editor.preprocess(None) is None
    with pytest.raises(gr.Error, match='3 layers'):
        editor.preprocess(EditorData(layers=[FileData(path=str(tmp_path / 'layer.png'))] * 3))


def test_blobs_are_few_and_come_once():
    editor = stroke_editor('some', '#ff2d8a', 100, 640)

    content = png(8, 8, 255)

    def send(name, kind='layer', index='0'):
        # All of a form is text, but for its files.
        editor.accept_blobs(
            SimpleNamespace(data=dict(type=kind, index=index, id=name), files=[('blob', content)])
        )

    def layers(name):
        return editor.preprocess(EditorData(id=name))['layers']

    for index in ('1000000000', '-1', 'null'):
        send('first', index=index)
    send('first', kind='background', index='null')
    assert layers('first') == []
    send('second')
    assert [layer.shape for layer in layers('second')] == [(8, 8, 4)]
    assert layers('second') == []
    for number in range(100):
        send(f'many {number}')
    assert layers('many 0') == [] and len(layers('many 99')) == 1


def test_what_is_painted_goes_to_the_editor_and_back(tmp_path):
    editor = stroke_editor('some', '#ff2d8a', 100, 640)
    Image.new('RGB', (9, 7)).save(tmp_path / 'copy.png')
    hole = np.random.default_rng(0).random((7, 9)) > 0.5
    Image.fromarray(paint_layer(hole, '#ff2d8a')).save(tmp_path / 'layer.png')
    value = editor_value(tmp_path / 'copy.png', tmp_path / 'layer.png')
    sent = editor.postprocess(value)
    [layer] = editor.preprocess(sent)['layers']
    assert np.array_equal(layer[..., 3] > 0, hole)
    assert (layer[hole] == (255, 45, 138, 255)).all()


# Bodies ------------------------------------------------------------------------------------------


@pytest.fixture
def client():
    async def count(scope, receive, send):
        body = await Request(scope, receive).body()
        await PlainTextResponse(str(len(body)))(scope, receive, send)

    return TestClient(BodyLimit(count, RequestLimits(upload_mb=2), make_room=id))


def test_text_is_limited_at_any_address(client):
    assert client.post('/any', content=b'x' * 1000).text == '1000'
    assert client.post('/any', content=b'x' * 300_000).status_code == 413
    assert client.get('/any').text == '0'


def test_a_body_whose_size_nobody_declares_is_counted(client):
    def pieces(count):
        for _ in range(count):
            yield b'x' * 10_000

    assert client.post('/any', content=pieces(10)).text == '100000'
    assert client.post('/any', content=pieces(1000)).status_code == 413


def test_a_form_may_have_one_file(client):
    assert client.post('/any', files=dict(one=b'x' * 2**21)).status_code == 200
    assert client.post('/any', files=dict(one=b'x' * 2**20, other=b'x' * 2**21)).status_code == 413
