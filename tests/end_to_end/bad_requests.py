"""Requests as nobody should send them, at a page: ``python -m tests.end_to_end.bad_requests 2000``.

Prints how they were answered, and how much memory the page had; a file named besides gets it too.
Several visitors restore photos at the same time.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
import json
from pathlib import Path
import random
import socket
import sys
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import numpy as np

from boostgan_plugin.provenance import revision
from boostgan_plugin.web.client import PageClient
from boostgan_plugin.web.running import RunningPage, running_page

ROOT = Path(__file__).parents[2]
SIDE = 64
#: How long a busy machine may need for anything, in seconds.
PATIENCE = 900
#: Visitors at once.
_PEOPLE = 8
_JOIN, _SERVER, _UPLOAD = (
    f'/gradio_api/{name}' for name in ('queue/join', 'component_server', 'upload')
)
_ODD = (
    None,
    True,
    -1,
    10**12,
    1e308,
    '',
    'x' * 5000,
    '\x00',
    '../../etc/passwd',
    [],
    [[[]]],
    {},
    {'path': '/etc/passwd', 'meta': {'_type': 'gradio.FileData'}},
    {'__type__': 'update'},
)


@dataclass
class Outcome:
    """How many requests of each kind were answered with which status, 0 where there was no answer;
    and the most memory that the page had, in bytes."""

    statuses: Counter = field(default_factory=Counter)
    memory: int = 0

    @property
    def failures(self) -> dict[tuple[str, int], int]:
        """What the server takes for its own fault; 503 says that it has enough to do."""
        return {
            kind: count
            for kind, count in self.statuses.items()
            if kind[1] >= 500 and kind[1] != 503
        }

    @property
    def by_kind(self) -> dict[str, dict[str, int]]:
        """For each kind of request the statuses of its answers, and how often."""
        return {
            kind: {
                str(status) if status else 'none': count
                for (name, status), count in sorted(self.statuses.items())
                if name == kind
            }
            for kind in sorted({name for name, _ in self.statuses})
        }


def send_bad_requests(page: RunningPage, count: int, seed: int = 0) -> Outcome:
    """So many requests of all kinds, from several at once."""
    outcome = Outcome()

    def one(number: int) -> tuple[str, int]:
        dice = random.Random(seed * 10**6 + number)
        kind = dice.choice(_KINDS)
        return kind.__name__.strip('_'), kind(client, dice)

    client = PageClient(page.address, PATIENCE)
    with ThreadPoolExecutor(4) as people:
        for number, answered in enumerate(people.map(one, range(count))):
            outcome.statuses[answered] += 1
            if number % 20 == 0:
                outcome.memory = max(outcome.memory, page.memory())
    outcome.memory = max(outcome.memory, page.memory())
    return outcome


def visit(page: RunningPage, people: int) -> int:
    """Of so many people at once, how many got their photo; known pixels are as they were."""
    image = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    hole = np.zeros((640, 640), bool)
    hole[200:420, 200:420] = True
    known = ~np.pad(np.ones((24, 24), bool), 20)

    def one(_: int) -> bool:
        restored = PageClient(page.address, PATIENCE).restore(image, hole)
        return np.array_equal(restored[known], image[known]) and not np.array_equal(restored, image)

    with ThreadPoolExecutor(people) as pool:
        return sum(pool.map(one, range(people)))


# The kinds ---------------------------------------------------------------------------------------


def _post(client: PageClient, path: str, body: bytes, kind: str = 'application/json') -> int:
    try:
        return client.request('POST', path, body, kind)[0]
    except (OSError, HTTPException):
        return 0  # Refused before all of it was sent.


def _broken_json(client: PageClient, dice: random.Random) -> int:
    whole = json.dumps(dict(data=[None], fn_index=3, session_hash='x')).encode()
    body = dice.choice(
        [
            whole[: dice.randrange(len(whole))],
            b'[' * dice.randrange(1, 10**5),
            dice.randbytes(200),
            b'{"data": NaN, "fn_index": 1e999}',
            b'null',
        ]
    )
    return _post(client, dice.choice([_JOIN, _SERVER, '/gradio_api/cancel']), body)


def _wrong_types(client: PageClient, dice: random.Random) -> int:
    asked = dict(
        data=[dice.choice(_ODD) for _ in range(dice.randrange(9))],
        fn_index=dice.choice([*range(14), *_ODD]),
        session_hash=dice.choice(['x', *_ODD]),
        event_data=dice.choice(_ODD),
        trigger_id=dice.choice(_ODD),
    )
    return _post(client, _JOIN, json.dumps(asked).encode())


def _values_of_the_wrong_kind(client: PageClient, dice: random.Random) -> int:
    """As many as there should be."""
    number, function = dice.choice(list(client.functions.items()))
    data = [dice.choice(_ODD) for _ in function['inputs']]
    asked = dict(
        data=data, fn_index=number, session_hash=f'{dice.random()}', event_data=dice.choice(_ODD)
    )
    return _post(client, _JOIN, json.dumps(asked).encode())


def _odd_examples(client: PageClient, dice: random.Random) -> int:
    """One of the images to try that there is not."""
    chosen = dict(index=dice.choice([99, -1, *_ODD]), value=dice.choice(_ODD), selected=True)
    asked = dict(
        data=['faces'],
        fn_index=1,
        session_hash=f'{dice.random()}',
        event_data=dice.choice([chosen, chosen, *_ODD]),
    )
    return _post(client, _JOIN, json.dumps(asked).encode())


def _many_layers(client: PageClient, dice: random.Random) -> int:
    layer = dict(path=f'/tmp/{dice.random()}.png', meta={'_type': 'gradio.FileData'})
    painted = dict(background=None, layers=[layer] * dice.choice([3, 100, 10**4]), composite=None)
    asked = dict(data=[None, painted, 'brush'], fn_index=3, session_hash='layers')
    return _post(client, _JOIN, json.dumps(asked).encode())


def _unknown_function(client: PageClient, dice: random.Random) -> int:
    asked = dict(data=[], fn_index=dice.choice([99, -1, 2**40]), session_hash='x')
    return _post(client, _JOIN, json.dumps(asked).encode())


def _odd_calls_of_components(client: PageClient, dice: random.Random) -> int:
    asked = {
        name: dice.choice(_ODD)
        for name in ('data', 'component_id', 'session_hash', 'fn_name')
        if dice.random() < 0.9
    }
    if dice.random() < 0.5:
        asked.update(
            component_id=dice.choice([11, 13, 22]),
            session_hash='x',
            fn_name=dice.choice(['accept_blobs', 'postprocess', '__init__']),
        )
    return _post(client, _SERVER, json.dumps(asked).encode())


def _paths_outside(client: PageClient, dice: random.Random) -> int:
    path = dice.choice(
        [
            '/etc/passwd',
            '../../../etc/passwd',
            '%00',
            '%2e%2e/%2e%2e/etc/passwd',
            'C:/windows/win.ini',
            '/proc/self/environ',
            'http://127.0.0.1:1/',
            '.',
        ]
    )
    before = dice.choice(['/gradio_api/file=', '/assets/', '/static/', '/gradio_api/proxy=', '/'])
    return client.request('GET', before + path)[0]


def _other_addresses(client: PageClient, dice: random.Random) -> int:
    path = dice.choice(
        [
            'run/predict',
            'api/predict',
            'call/on_restore',
            'vibe-code',
            'stream/x',
            'openapi.json',
            'process_recording',
            'queue/data?session_hash=nobody',
        ]
    )
    if dice.random() < 0.5:
        return client.request('GET', f'/gradio_api/{path}')[0]
    return _post(client, f'/gradio_api/{path}', b'{"data": []}')


def _too_much(client: PageClient, dice: random.Random) -> int:
    return _post(client, dice.choice([_JOIN, _SERVER]), b'[' + b'1,' * 200_000 + b'1]')


def _form(dice: random.Random) -> bytes:
    name = dice.choice(['a.png', '../../a.png', '\x00', 'x' * 3000, '', 'a.svg', 'a.html'])
    field_name = dice.choice(['files', 'other', ''])
    return (
        (
            f'--x\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\n\r\n'
        ).encode()
        + dice.randbytes(dice.randrange(20_000))
        + b'\r\n--x--\r\n'
    )


def _odd_forms(client: PageClient, dice: random.Random) -> int:
    kind = dice.choice(
        [
            'multipart/form-data; boundary=x',
            'multipart/form-data',
            'multipart/form-data; boundary=y; charset=no',
        ]
    )
    return _post(client, dice.choice([_UPLOAD, _SERVER]), _form(dice), kind)


def _cut_forms(client: PageClient, dice: random.Random) -> int:
    """A part of what was announced; then the line is cut."""
    body, address = _form(dice), urlsplit(client.address)
    with (
        suppress(OSError),
        socket.create_connection((address.hostname, address.port), PATIENCE) as line,
    ):
        line.sendall(
            f'POST {_UPLOAD} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: '
            f'multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n'.encode()
            + body[: dice.randrange(len(body))]
        )
    return 0


def _images_that_are_none(client: PageClient, dice: random.Random) -> int:
    """Sent, and then chosen."""
    content = dice.choice(
        [
            b'',
            dice.randbytes(3000),
            b'\x89PNG\r\n\x1a\n' + dice.randbytes(500),
            b'BM' + dice.randbytes(100),
            b'II*\x00' + dice.randbytes(100),
        ]
    )
    sent = client.upload(content, dice.choice(['a.png', 'a.tiff', 'a.bmp', 'a']))
    asked = dict(data=[sent, 'faces'], fn_index=0, session_hash=f'{dice.random()}')
    return _post(client, _JOIN, json.dumps(asked).encode())


_KINDS: tuple[Callable[[PageClient, random.Random], int], ...] = (
    _broken_json,
    _wrong_types,
    _values_of_the_wrong_kind,
    _odd_examples,
    _many_layers,
    _unknown_function,
    _odd_calls_of_components,
    _paths_outside,
    _other_addresses,
    _too_much,
    _odd_forms,
    _cut_forms,
    _images_that_are_none,
)


def main(count: int, path: Path | None = None) -> None:
    """All of it, and what came of it, as JSON."""
    source = revision()  # Others may work on while this runs.
    with (
        TemporaryDirectory() as folder,
        running_page(
            ROOT / 'tools/webui.py', Path(folder) / 'log', ['--device', 'cpu'], PATIENCE
        ) as page,
    ):
        start = page.memory()
        with ThreadPoolExecutor(1) as others:
            visits = others.submit(visit, page, _PEOPLE)
            outcome = send_bad_requests(page, count)
        told = dict(
            bad_requests=count,
            answers=outcome.by_kind,
            server_errors=sum(outcome.failures.values()),
            people_at_once=_PEOPLE,
            served_meanwhile=visits.result(),
            served_afterwards=visit(page, _PEOPLE),
            tracebacks=(Path(folder) / 'log').read_text().count('Traceback'),
            MiB=dict(start=start >> 20, most=outcome.memory >> 20, end=page.memory() >> 20),
            revision=source,
        )
    text = json.dumps(told, indent=1)
    print(text)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + '\n')


if __name__ == '__main__':
    main(int(sys.argv[1]), *map(Path, sys.argv[2:]))
