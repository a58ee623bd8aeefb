"""Who comes in: requests of the page itself, and no others."""

import logging
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOGGER = logging.getLogger(__name__)
#: What the page asks for. Gradio answers at further addresses, which are for other programs and
#: for those who develop a page.
_GET = re.compile(
    r'/|/(config|theme\.css|manifest\.json|favicon\.ico|robots\.txt)/?|/(assets|static|svelte)/.+|'
    r'/pwa_icon(/\d+)?|'
    r'/gradio_api/(app_id|heartbeat/[\w-]{1,64}|info|queue/(data|status)|startup-events|theme\.css|'
    r'upload_progress|user)/?|/gradio_api/file=.+'
)
_POST = re.compile(r'/gradio_api/(queue/join|upload|component_server|cancel|reset)/?')
_ADDRESSES = dict(GET=_GET, HEAD=_GET, OPTIONS=_GET, POST=_POST)


class RequestFilter:
    """Answers requests that the page would not make: 404 to other addresses, 403 to what another
    page sends in the name of its visitor, 400 to what cannot be understood.

    Who leaves while something is under way is no error.

    Args:
        app: what is protected.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        is_answered = False

        async def answer(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            pass
        except Exception as error:
            # What is sent is worked on later, in a queue; here it is only looked at. Streams that
            # nobody ordered end with an error after they told it.
            ordered = scope['method'] != 'POST' and not _is_refused_stream(error, is_answered)
            if ordered:
                raise
            _LOGGER.warning('%s %s was not understood: %r', scope['method'], scope['path'], error)
            if is_answered:
                await send(dict(type='http.response.body', body=b'', more_body=False))
            else:
                await PlainTextResponse('This cannot be understood.', 400)(scope, receive, send)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    path, known = scope['path'], _ADDRESSES.get(scope['method'])
    if not path.isprintable():
        return PlainTextResponse('There is no such address.', 400)
    if known is None or not known.fullmatch(path):
        return PlainTextResponse('There is no such address.', 404)
    if scope['method'] == 'POST' and _is_from_elsewhere(Headers(scope=scope)):
        return PlainTextResponse('This comes from another page.', 403)
    return None


def _is_from_elsewhere(headers: Headers) -> bool:
    """Whether a browser sent it for another page; other programs say nothing of that kind."""
    site = headers.get('sec-fetch-site')
    if site is not None:
        return site not in ('same-origin', 'none')
    origin = headers.get('origin')
    host = headers.get('x-forwarded-host', headers.get('host'))
    return origin is not None and urlsplit(origin).netloc != host


def _is_refused_stream(error: Exception, is_answered: bool) -> bool:
    causes = (error, error.__cause__)
    return is_answered and any(isinstance(cause, HTTPException) for cause in causes)
