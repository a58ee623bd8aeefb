"""How large a request may be, whatever it is for."""

from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a request is but files: names, settings, and where files are.
_TEXT = 256 * 2**10
#: What a form has around a file.
_AROUND = 64 * 2**10


class BodyLimit:
    """Answers 413 to requests that are too large, at any address, without keeping them.

    Args:
        app: what is protected.
        upload: bytes of a file. All of a form has to be within it; other requests may have
            256 KiB.
    """

    def __init__(self, app: ASGIApp, upload: int) -> None:
        self._app = app
        self._upload = upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_form = headers.get('content-type', '').startswith('multipart/form-data')
        limit = self._upload + _AROUND if is_form else _TEXT
        refusal = PlainTextResponse(f'This is too large: the limit here is {limit} bytes.', 413)
        declared = headers.get('content-length', '0')
        if not declared.isdecimal() or int(declared) > limit:
            await refusal(scope, receive, send)
            return
        came, answered = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get('body', b''))
            if came > limit:
                raise _TooLargeError
            return message

        async def answer(message: Message) -> None:
            # What the application says of a body that it was not given helps nobody.
            nonlocal answered
            if came <= limit or answered:
                answered = True
                await send(message)

        with suppress(_TooLargeError):
            await self._app(scope, counted, answer)
        if came > limit and not answered:
            await refusal(scope, receive, send)


class _TooLargeError(Exception):
    """More came than was declared, or nothing was declared."""
