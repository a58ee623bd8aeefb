"""Who comes in, and what is said to the others."""

import asyncio
import logging
import socket
from threading import Thread

import pytest

pytest.importorskip('gradio', reason='the web page is an optional extra')

from starlette.applications import Starlette  # noqa: E402
from starlette.exceptions import HTTPException  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.responses import PlainTextResponse, StreamingResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402
import uvicorn  # noqa: E402

from boostgan_plugin.web.body_limit import BodyLimit  # noqa: E402
from boostgan_plugin.web.limits import RequestLimits  # noqa: E402
from boostgan_plugin.web.request_filter import RequestFilter  # noqa: E402

UPLOAD = '/gradio_api/upload'


async def take(request):
    return PlainTextResponse(str(len(await request.body())))


async def join(request):
    return PlainTextResponse(str((await request.json())['fn_index']))


async def stream(request):
    async def messages():
        yield 'data: one\n\n'
        raise HTTPException(404)

    return StreamingResponse(messages(), media_type='text/event-stream')


async def fail(request):
    raise KeyError('a mistake of the page')


def guarded(seconds=60.0):
    limits = RequestLimits(seconds=seconds)
    return Starlette(
        routes=[
            Route(UPLOAD, take, methods=['POST']),
            Route('/gradio_api/queue/join', join, methods=['POST']),
            Route('/gradio_api/queue/data', stream),
            Route('/config', fail),
        ],
        middleware=[Middleware(RequestFilter), Middleware(BodyLimit, limits=limits, make_room=id)],
    )


@pytest.fixture
def client():
    return TestClient(guarded(), base_url='http://page:7860')


@pytest.mark.parametrize(
    'path',
    [
        '/openapi.json',
        '/gradio_api/proxy=http://other',
        '/gradio_api/run/x',
        '/gradio_api/call/x',
        '/monitoring',
        '/gradio_api/vibe-code',
        '/gradio_api/dev/reload',
        '/login',
        '/admin',
    ],
)
def test_other_addresses_stay_closed(client, path):
    assert client.get(path).status_code == 404 == client.post(path).status_code


def test_what_cannot_be_understood_is_no_fault_of_the_server(client, caplog):
    join = '/gradio_api/queue/join'
    assert client.post(join, content='{"fn_index": 3}').text == '3'
    for content in ('{"fn_index":', '[]', '{}', '[' * 100_000):
        assert client.post(join, content=content).status_code == 400
    assert all('was not understood' in line for line in caplog.messages) and caplog.messages
    assert client.get('/gradio_api/file=%00').status_code == 400
    assert client.request('BREW', join).status_code == 404


def test_mistakes_of_the_page_are_not_hidden(client):
    with pytest.raises(KeyError, match='a mistake'):
        client.get('/config')


def test_other_pages_send_nothing_here(client):
    def status(**headers):
        named = {name.replace('_', '-'): value for name, value in headers.items()}
        return client.post(UPLOAD, content=b'x', headers=named).status_code

    assert status() == 200
    assert status(origin='http://page:7860') == status(sec_fetch_site='same-origin') == 200
    assert status(origin='https://mine', x_forwarded_host='mine') == 200
    assert status(origin='http://other') == status(origin='null') == 403
    assert status(sec_fetch_site='cross-site', origin='http://page:7860') == 403


# On a line that can be cut -----------------------------------------------------------------------


@pytest.fixture
def line(caplog):
    """A server's address; in the end it has said nothing of errors."""
    caplog.set_level(logging.INFO)
    config = uvicorn.Config(guarded(seconds=2), port=0, log_level='warning', log_config=None)
    server = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started and thread.is_alive():
        pass
    [listening] = [one.sockets[0] for one in server.servers]
    yield listening.getsockname()
    server.should_exit = True
    thread.join()
    assert not any(record.exc_info for record in caplog.records), caplog.text


def send(connection, address, length, body=b''):
    connection.sendall(
        f'POST {address} HTTP/1.1\r\nHost: page\r\nContent-Length: {length}\r\n'
        'Content-Type: multipart/form-data; boundary=x\r\n\r\n'.encode()
        + body
    )


def test_who_leaves_in_the_middle_is_no_error(line):
    for body in (b'', b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n'):
        with socket.create_connection(line) as connection:
            send(connection, UPLOAD, 1000, body)
    with socket.create_connection(line) as connection:
        send(connection, UPLOAD, 4, b'--x-')
        assert b'200 OK' in connection.recv(1000)


def test_a_stream_that_nobody_ordered_ends_quietly(line):
    with socket.create_connection(line) as connection:
        connection.sendall(
            b'GET /gradio_api/queue/data HTTP/1.1\r\nHost: page\r\nConnection: close\r\n\r\n'
        )
        answer = b''
        while more := connection.recv(1000):
            answer += more
    assert b'data: one' in answer and answer.endswith(b'0\r\n\r\n'), 'the end is told'


def test_a_form_that_never_ends_is_not_awaited(line):
    with socket.create_connection(line) as connection:
        send(connection, UPLOAD, 1000, b'--x')
        assert b'408' in connection.recv(1000)


def test_so_many_forms_come_at_once_and_no_more(line):
    held = [socket.create_connection(line) for _ in range(9)]
    for connection in held:
        send(connection, UPLOAD, 1000, b'--x')
    answers = [connection.recv(1000)[:12] for connection in held]
    assert sorted(answers) == [b'HTTP/1.1 408'] * 8 + [b'HTTP/1.1 503']
    for connection in held:
        connection.close()
