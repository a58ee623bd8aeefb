"""How much a request may send, and for how long, whatever it is for."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .limits import RequestLimits

#: What a request is but files: names, settings, and where files are.
_TEXT = 256 * 2**10
#: What a form has around a file.
_AROUND = 64 * 2**10
#: Forms that may come at once.
_AT_ONCE = 8


class BodyLimit:
    """Refuses requests that are too large, or too slow, at any address, without keeping them.

    Args:
        app: what is protected.
        limits: bytes of a file, and seconds. All of a form has to be within them; other requests
            may have 256 KiB.
        make_room: told how many bytes a form may bring.
    """

    def __init__(
        self, app: ASGIApp, limits: RequestLimits, make_room: Callable[[int], None]
    ) -> None:
        self._app = app
        self._upload = int(limits.upload_mb * 2**20)
        self._seconds = limits.seconds
        self._make_room = make_room
        self._forms = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_form = headers.get('content-type', '').startswith('multipart/form-data')
        limit = self._upload + _AROUND if is_form else _TEXT
        body = _Body(self._app, limit, scope, receive, send)
        declared = headers.get('content-length', '0')
        if not declared.isdecimal() or int(declared) > limit:
            await body.refuse()
        elif is_form:
            await self._receive_form(body, limit)
        else:
            await body.pass_on()

    async def _receive_form(self, body: '_Body', limit: int) -> None:
        if self._forms >= _AT_ONCE:
            await body.answer_with('Many people send something; please try again', 503)
            return
        self._forms += 1
        try:
            await run_in_threadpool(self._make_room, limit)
            async with asyncio.timeout(self._seconds):
                await body.pass_on()
        except TimeoutError:
            await body.answer_with(f'This took more than {self._seconds:g} seconds to arrive', 408)
        finally:
            self._forms -= 1


class _Body:
    """One request on its way in, which is counted."""

    def __init__(
        self, app: ASGIApp, limit: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._app = app
        self._limit = limit
        self._scope, self._receive, self._send = scope, receive, send
        self._came, self._is_answered = 0, False

    async def pass_on(self) -> None:
        """Let the application answer, unless too much comes."""
        with suppress(_TooLargeError):
            await self._app(self._scope, self._counted, self._answer)
        if self._came > self._limit:
            await self.refuse()

    async def refuse(self) -> None:
        """It is too large."""
        await self.answer_with(f'This is too large: the limit here is {self._limit} bytes.', 413)

    async def answer_with(self, words: str, status: int) -> None:
        """Say why not, if nothing was said."""
        if not self._is_answered:
            self._is_answered = True
            await PlainTextResponse(words, status)(self._scope, self._receive, self._send)

    async def _counted(self) -> Message:
        message = await self._receive()
        self._came += len(message.get('body', b''))
        if self._came > self._limit:
            raise _TooLargeError
        return message

    async def _answer(self, message: Message) -> None:
        # What the application says of a body that it was not given helps nobody.
        if self._came <= self._limit or self._is_answered:
            self._is_answered = True
            await self._send(message)


class _TooLargeError(Exception):
    """More came than was declared, or nothing was declared."""
