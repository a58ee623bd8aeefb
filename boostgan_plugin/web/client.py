"""A program at the page: it does over HTTP what a browser does."""

from collections.abc import Iterator
from http.client import HTTPConnection
import json
import secrets
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote, urlsplit

import cv2
import numpy as np

_API = '/gradio_api'


class PageClient:
    """One visitor.

    Args:
        address: of the page, such as 'http://127.0.0.1:7860/'.
        patience: seconds to wait for an answer.

    ``said`` are the messages that the page showed, in order.

    Raises:
        OSError: there is no page, or it does not answer.
    """

    def __init__(self, address: str, patience: float = 120) -> None:
        self.address = address
        self._host = urlsplit(address).netloc
        self._patience = patience
        self.session = secrets.token_hex(8)
        self.said: list[str] = []
        config = json.loads(self.request('GET', '/config')[1])
        self._names = {part['id']: part['props'].get('elem_id') for part in config['components']}
        self.functions = {function['id']: function for function in config['dependencies']}

    def request(
        self, method: str, path: str, body: bytes | None = None, kind: str = ''
    ) -> tuple[int, bytes]:
        """The status and the body of an answer.

        Args:
            path: from the root of the page.
            kind: of ``body``, as Content-Type.
        """
        connection = HTTPConnection(self._host, timeout=self._patience)
        try:
            connection.request(method, path, body, {'Content-Type': kind} if body else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def upload(self, content: bytes, name: str = 'photo.png') -> dict[str, Any]:
        """Send a file; what names it in requests."""
        border = secrets.token_hex(8)
        body = (
            (
                f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
                'Content-Type: application/octet-stream\r\n\r\n'
            ).encode()
            + content
            + (f'\r\n--{border}--\r\n'.encode())
        )
        answer = self._expect(
            'POST', f'{_API}/upload', body, f'multipart/form-data; boundary={border}'
        )
        return dict(path=json.loads(answer)[0], orig_name=name, meta={'_type': 'gradio.FileData'})

    def press(self, name: str, data: list[Any] | None = None, event: str = 'click') -> list[Any]:
        """What a function of the page answers.

        Args:
            name: of what is pressed, as ``elem_id``; None for the page itself.
            data: what goes in, one value for each input.

        Raises:
            RuntimeError: the page says that it went wrong.
        """
        [number] = [
            number
            for number, function in self.functions.items()
            for part, kind in function['targets']
            if kind == event and self._names.get(part) == name
        ]
        return self.call(number, data or [])

    def call(self, number: int, data: list[Any]) -> list[Any]:
        """As :meth:`press`, by the number of the function."""
        asked = json.dumps(dict(data=data, fn_index=number, session_hash=self.session))
        self._expect('POST', f'{_API}/queue/join', asked.encode(), 'application/json')
        for message in self._messages():
            if message['msg'] == 'log':
                self.said.append(message['log'])
            if message['msg'] == 'process_completed':
                if not message['success']:
                    raise RuntimeError(f'the page cannot do this: {message["output"]}')
                return message['output']['data']
            if message['msg'] == 'unexpected_error':
                raise RuntimeError(f'the page cannot do this: {message["message"]}')
        raise RuntimeError('the page ended in the middle of an answer')

    def restore(self, image: np.ndarray, hole: np.ndarray, model: str = 'faces') -> np.ndarray:
        """A photo as the page restores it.

        Args:
            image: (H, W, 3) uint8 BGR.
            hole: (h, w) bool, of the size at which the page shows the photo.

        Raises:
            RuntimeError: there is no result.
        """
        self.press('upload', [self.upload(_png(image)), model], 'upload')
        paint = np.repeat(hole[..., None], 4, 2).astype(np.uint8) * 255
        painted = dict(
            background=None, layers=[self.upload(_png(paint), 'layer.png')], composite=None, id=None
        )
        data = [model, None, painted, None, None, 'brush', []]
        _, download = self.press('restore', data)
        path = _file_of(download)
        if path is None:
            raise RuntimeError('the page did not restore the photo: ' + ' '.join(self.said[-1:]))
        content = self._expect('GET', f'{_API}/file={quote(path)}')
        return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)

    def _expect(self, *request: Any) -> bytes:
        end = monotonic() + self._patience
        status, answer = self.request(*request)
        while status == 503 and monotonic() < end:
            sleep(1)  # Many people are there; who is one of them tries again.
            status, answer = self.request(*request)
        if status != 200:
            raise RuntimeError(f'the page answers {status} to {request[:2]}: {answer[:200]!r}')
        return answer

    def _messages(self) -> Iterator[dict[str, Any]]:
        connection = HTTPConnection(self._host, timeout=self._patience)
        try:
            connection.request('GET', f'{_API}/queue/data?session_hash={self.session}')
            for line in connection.getresponse():
                if line.startswith(b'data:'):
                    yield json.loads(line.removeprefix(b'data:'))
        finally:
            connection.close()


def _png(pixels: np.ndarray) -> bytes:
    return cv2.imencode('.png', pixels)[1].tobytes()


def _file_of(download: Any) -> str | None:
    """The path in what a download button gets, whether it is new or an update."""
    value = (download or {}).get('value', download)
    return value.get('path') if value else None
