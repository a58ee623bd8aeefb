"""The page: a photo on the left, what was read of it in the middle, the result on the right."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html import escape
import logging
import math
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import gradio as gr
from gradio.blocks import BlockFunction
import numpy as np
from starlette.middleware import Middleware

from .body_limit import BodyLimit
from .controller import InpaintingController
from .limits import FORMATS, RequestLimits, limit_decoding
from .request_filter import RequestFilter
from .session import SHOWN_SIDE, EditSession, readable, switch_labels
from .storage import Storage
from .strokes import editor_value, paint_layer, stroke_editor
from .style import ON_OPEN, SHOW_RESULT, sheet, theme

_LOGGER = logging.getLogger(__name__)
_HOLE, _STROKE = '#ff2d8a', '#ffd400'
#: Requests that may wait; who comes later is told to try again.
_WAITING = 16
#: People who may be at work; who comes later takes the place of who did nothing for longest.
_SESSIONS = 100
#: Files of people are looked through this often, and deleted at this age, in seconds.
_DELETE = (60, 3600)

#: Gradio takes it from here; each request has its own.
_PROGRESS = gr.Progress()

#: Component -> new value, or that nothing changes.
Answer = dict[Any, Any]


def serve(
    controllers: Mapping[str, InpaintingController],
    examples: Callable[[Path], Sequence[Path]],
    limits: RequestLimits,
    host: str,
    port: int | None,
) -> None:
    """Serve the page until the process is interrupted; then all files of people are gone.

    Args:
        controllers: what restores, by the names that people choose among; the first one is chosen
            when the page opens.
        examples: writes images to try into a folder.
        port: default the first free one from 7860 on.
    """
    limit_decoding(limits)
    with TemporaryDirectory(prefix='boostgan_web_') as name:
        os.environ['GRADIO_TEMP_DIR'] = name
        folder = Path(name)
        tried = examples(folder)
        storage = Storage(folder, int(limits.disk_gb * 2**30), _DELETE[1])
        page = build_page(controllers, tried, storage)
        regions = max((controller.regions for controller in controllers.values()), key=len)
        page.queue(api_open=False, max_size=_WAITING, default_concurrency_limit=1)
        middleware = [
            Middleware(RequestFilter),
            Middleware(BodyLimit, limits=limits, make_room=storage.make_room),
        ]
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            max_file_size=int(limits.upload_mb * 2**20),
            footer_links=[],
            enable_monitoring=False,
            ssr_mode=False,
            mcp_server=False,
            run_history=False,
            strict_cors=True,
            state_session_capacity=_SESSIONS,
            app_kwargs=dict(middleware=middleware),
            theme=theme(),
            css=sheet(len(regions)),
        )
        print(f'The page is at {address} (end with Ctrl-C)', flush=True)
        with _swept(storage):
            page.block_thread()


def build_page(
    controllers: Mapping[str, InpaintingController], examples: Sequence[Path], storage: Storage
) -> gr.Blocks:
    """Everything on the page and what its buttons do.

    Args:
        controllers: do the work, one for each model, by name.
        examples: images to try; the first one is there when the page opens.
        storage: of the folder that Gradio writes to.
    """
    with gr.Blocks(title='BoostGAN inpainting', analytics_enabled=False) as page:
        layout = _Page(controllers, examples, storage)
        page.load(layout.on_visit, None, layout.opened, api_visibility='private')
        page.load(None, js=ON_OPEN, api_visibility='private')
        page.unload(layout.on_leave)
    _refuse_odd_values(page)
    return page


def _refuse_odd_values(page: gr.Blocks) -> None:
    """What does not fit a function is told who sent it; it is no error of the page."""
    take, process = page.preprocess_data, page.process_api

    async def preprocess_data(
        function: BlockFunction, *arguments: Any, **options: Any
    ) -> list[Any]:
        try:
            if not function.fn:
                raise ValueError('this is for the browser alone')
            return await take(function, *arguments, **options)
        except gr.Error:
            raise
        except Exception as error:
            _LOGGER.warning('values were not understood: %s', type(error).__name__)
            raise gr.Error('This cannot be understood') from error

    async def process_api(*arguments: Any, **options: Any) -> dict[str, Any]:
        try:
            return await process(*arguments, **options)
        except gr.Error as error:
            error.print_exception = False
            raise

    # Gradio has no place for it.
    page.preprocess_data, page.process_api = preprocess_data, process_api


@contextmanager
def _swept(storage: Storage) -> Iterator[None]:
    """Old files go, also when nobody sends new ones."""
    ended = Event()

    def sweep() -> None:
        while not ended.wait(_DELETE[0]):
            storage.make_room()

    Thread(target=sweep, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


@contextmanager
def said_on_page() -> Iterator[None]:
    """Errors that are meant for a person become messages on the page, and are done with."""
    try:
        yield
    except (ValueError, OSError) as error:
        gr.Warning(escape(str(error)))


class _Page:
    """Components, as attributes, and what happens, as methods."""

    def __init__(
        self,
        controllers: Mapping[str, InpaintingController],
        examples: Sequence[Path],
        storage: Storage,
    ) -> None:
        self._controllers = controllers
        self._storage = storage
        self._examples = examples
        first, controller = next(iter(controllers.items()))
        self.session = gr.State(time_to_live=_DELETE[1])
        gr.Markdown(
            '# Semantic inpainting\nPaint over a part of a photo; it is restored from its '
            'surroundings, and from what you say should be there.',
            elem_id='title',
        )
        with gr.Row(elem_id='all'):
            with gr.Column(min_width=300):
                self._lay_out_photo(first)
            with gr.Column(min_width=300):
                self._lay_out_meaning(controller)
                self._lay_out_result()
        self.opened = [
            self.session,
            self.editor,
            self.strokes,
            self.attributes,
            self.slider,
            self.download,
            self.model,
            self.knows,
        ]
        self._connect()

    # What is where ------------------------------------------------------------------------------

    def _lay_out_photo(self, model: str) -> None:
        with gr.Row(elem_id='choose'):
            self.upload = gr.UploadButton(
                'Choose a photo',
                elem_id='upload',
                size='md',
                min_width=100,
                file_types=[f'.{name.lower()}' for name in (*FORMATS, 'jpg', 'tif')],
            )
            self.gallery = gr.Gallery(
                list(self._examples),
                elem_id='examples',
                columns=len(self._examples),
                rows=1,
                show_label=False,
                allow_preview=False,
                buttons=[],
                object_fit='cover',
                scale=2,
                min_width=150,
                height=48,
                container=False,
            )
        self.model = gr.Dropdown(
            list(self._controllers),
            value=model,
            elem_id='model',
            container=False,
            visible=len(self._controllers) > 1,
        )
        self.knows = gr.Markdown(elem_id='knows')
        self.tool = gr.Radio(
            [('Brush', 'brush'), ('Outline', 'outline'), ('Object', 'object')],
            value='brush',
            elem_id='tool',
            container=False,
        )
        gr.Markdown(
            '**Brush**: paint over what is to go. **Outline**: draw around it. **Object**: '
            'tap on it.',
            elem_id='how',
        )
        self.editor = stroke_editor('editor', _HOLE, 440, SHOWN_SIDE)
        with gr.Row(elem_id='actions'):
            self.undo = gr.Button('Undo', elem_id='undo', size='md', min_width=60)
            self.clear = gr.Button('Clear', elem_id='clear', size='md', min_width=60)
            self.restore = gr.Button(
                'Restore', elem_id='restore', variant='primary', size='md', min_width=120, scale=2
            )

    def _lay_out_meaning(self, controller: InpaintingController) -> None:
        with gr.Accordion(
            'What should be there?', open=False, elem_id='meaning', visible=controller.has_semantics
        ) as self.meaning:
            self.read = gr.Button('Read the photo', elem_id='read', size='md')
            self.attributes = gr.CheckboxGroup(
                _switches(controller),
                elem_id='attributes',
                interactive=True,
                label='Attributes: switch what shall be otherwise',
            )
            self.region = gr.Radio(
                **_regions(controller),
                elem_id='region',
                label='Regions: choose one, paint where it shall be',
            )
            self.strokes = stroke_editor('strokes', _STROKE, 300, SHOWN_SIDE)
            with gr.Row():
                self.add_region = gr.Button('Add region', elem_id='tell', size='sm')
                self.clear_regions = gr.Button('Clear regions', elem_id='forget', size='sm')

    def _lay_out_result(self) -> None:
        self.slider = gr.ImageSlider(
            elem_id='result',
            label='Before and after',
            format='png',
            interactive=False,
            buttons=['fullscreen'],
            height=400,
        )
        self.download = gr.DownloadButton(
            'Download', elem_id='download', interactive=False, size='md'
        )
        gr.Markdown(
            'All pixels outside the hole stay as they are, bit for bit, also of 16 bits '
            'and with transparency. Files are deleted after an hour.',
            elem_id='promise',
        )

    def _connect(self) -> None:
        drawn = [self.session, self.strokes]
        hole = [self.session, self.editor]
        quick = dict(api_visibility='private', show_progress='hidden')
        # The networks serve one request at a time.
        slow = dict(api_visibility='private', concurrency_id='networks', concurrency_limit=1)
        self.upload.upload(self.on_upload, [self.upload, self.model], self.opened, **quick)
        self.gallery.select(self.on_example, self.model, self.opened, **quick)
        self.model.change(
            self.on_model,
            [self.model, *hole],
            [*drawn, self.attributes, self.region, self.meaning, self.knows],
            **quick,
        )
        # Strokes that come while one is looked at are looked at together, afterwards.
        self.editor.input(
            self.on_stroke, [*hole, self.tool], hole, trigger_mode='always_last', **quick
        )
        self.undo.click(self.on_undo, self.session, hole, **quick)
        self.clear.click(self.on_clear, self.session, hole, **quick)
        self.read.click(self.on_read, [self.model, *hole], [*drawn, self.attributes], **slow)
        edited = [self.model, *hole, self.strokes, self.region]
        self.add_region.click(self.on_add_region, edited, drawn, **quick)
        self.clear_regions.click(self.on_clear_regions, [self.model, *hole], drawn, **quick)
        # Progress is shown where the finger is, not where the result will be.
        self.restore.click(
            self.on_restore,
            [*edited, self.tool, self.attributes],
            [self.slider, self.download],
            show_progress_on=self.editor,
            **slow,
        ).success(None, js=SHOW_RESULT, api_visibility='private')

    # What happens -------------------------------------------------------------------------------

    def on_visit(self, request: gr.Request) -> Answer:
        """Somebody opens the page."""
        return self._opened(self._examples[0], next(iter(self._controllers)), request)

    def on_leave(self, request: gr.Request) -> None:
        """A page is closed."""
        self._storage.leave(request.session_hash)

    def on_example(self, event: gr.EventData, model: str, request: gr.Request) -> Answer:
        """One of the examples."""
        chosen = event._data.get('index') if isinstance(event._data, dict) else None
        with said_on_page():
            if not isinstance(chosen, int) or chosen not in range(len(self._examples)):
                raise ValueError('There is no such example')
            return self._opened(self._examples[chosen], model, request)
        return gr.skip()

    def on_upload(self, path: str, model: str, request: gr.Request) -> Answer:
        """A photo to begin with."""
        self._storage.give(request.session_hash, Path(path))
        return self._opened(Path(path), model, request)

    def _opened(self, path: Path, model: str, request: gr.Request) -> Answer:
        with said_on_page():
            controller = self._controllers[model]
            session = self._with_copy(controller.open(path))
            self._storage.give(request.session_hash, session.copy)
            suited = self._suited_to(session, model)
            # Another model is told of by what follows its change.
            return {
                **self._repainted(session),
                self.strokes: str(session.copy),
                self.model: suited,
                self.attributes: gr.CheckboxGroup(_switches(controller), value=[]),
                self.slider: None,
                self.knows: _known(self._controllers[suited], session),
                self.download: gr.DownloadButton('Download', value=None, interactive=False),
            }
        return gr.skip()

    def _suited_to(self, session: EditSession, model: str) -> str:
        """The model with whose photos this one goes best; the chosen one where it knows none, as
        methods do, and one such where a photo is unlike all that the others know."""
        fit = {
            name: controller.log_likelihood(session)
            for name, controller in self._controllers.items()
        }
        if math.isinf(fit[model]):
            return model
        best = max(fit, key=fit.get)
        return next(
            (
                name
                for name in (best, *self._controllers)
                if not self._controllers[name].doubt(session)
            ),
            best,
        )

    def on_model(
        self, model: str, session: EditSession | None, editor: dict | None, request: gr.Request
    ) -> Answer:
        """Another model: what it can be told, and what it knows."""
        controller = self._controllers[model]
        answer = {
            self.attributes: gr.CheckboxGroup(_switches(controller), value=[]),
            self.region: gr.Radio(**_regions(controller)),
            self.meaning: gr.Accordion(visible=controller.has_semantics),
            self.knows: _known(controller, session),
        }
        with said_on_page():
            if session is not None:
                session = session.unread()
                answer.update(
                    self._drawn(controller, session, editor, request)
                    if controller.has_semantics
                    else {self.session: session}
                )
        return answer

    def on_stroke(self, session: EditSession | None, editor: dict | None, tool: str) -> Answer:
        """A stroke, or what comes back of what was drawn by :meth:`_repainted`."""
        with said_on_page():
            done = self._any_controller.stroke(session, editor, tool)
            if np.array_equal(self._any_controller.painted(done, editor), done.hole):
                return {self.session: done}
            return self._repainted(done)
        # A tap that selects nothing goes away again.
        return self._repainted(session) if session else gr.skip()

    def on_undo(self, session: EditSession | None) -> Answer:
        """One stroke back."""
        with said_on_page():
            return self._repainted(self._any_controller.undo(session))
        return gr.skip()

    def on_clear(self, session: EditSession | None) -> Answer:
        """No hole; the photo stays."""
        with said_on_page():
            return self._repainted(self._any_controller.clear(session))
        return gr.skip()

    def on_read(
        self, model: str, session: EditSession | None, editor: dict | None, request: gr.Request
    ) -> Answer:
        """What the networks read."""
        with said_on_page():
            controller = self._controllers[model]
            session = controller.read(session, editor)
            on = [name for name, value in session.read.items() if value > 0.5]
            return {
                **self._drawn(controller, session, editor, request),
                self.attributes: gr.CheckboxGroup(switch_labels(session.read), value=on),
            }
        return gr.skip()

    def on_add_region(
        self,
        model: str,
        session: EditSession | None,
        editor: dict | None,
        strokes: dict | None,
        region: str,
        request: gr.Request,
    ) -> Answer:
        """Strokes become a region that is told."""
        with said_on_page():
            controller = self._controllers[model]
            session = controller.add_region(session, strokes, region)
            return self._drawn(controller, session, editor, request)
        return gr.skip()

    def on_clear_regions(
        self, model: str, session: EditSession | None, editor: dict | None, request: gr.Request
    ) -> Answer:
        """No region is told any more."""
        with said_on_page():
            controller = self._controllers[model]
            return self._drawn(controller, controller.clear_regions(session), editor, request)
        return gr.skip()

    def on_restore(
        self,
        model: str,
        session: EditSession | None,
        editor: dict | None,
        strokes: dict | None,
        region: str | None,
        tool: str,
        on: list[str],
        request: gr.Request,
        progress: gr.Progress = _PROGRESS,
    ) -> Iterator[Answer]:
        """The result; strokes that were not yet looked at, or not yet added, count as well."""
        with said_on_page(), TemporaryDirectory() as folder:
            controller = self._controllers[model]
            result = controller.restore(
                session,
                editor,
                on,
                folder,
                strokes,
                region,
                tool,
                lambda *done: progress(done, unit='parts'),
            )
            self._storage.make_room(result.path.stat().st_size)
            path = Path(self.download.move_resource_to_block_cache(result.path))
            shown = self._with_copy(session).copy, self._storage.write(result.shown)
            self._storage.give(request.session_hash, path, *shown)
            yield {
                self.slider: tuple(map(str, shown)),
                self.download: gr.DownloadButton(
                    f'Download {path.name}', value=path, interactive=True
                ),
            }
            return
        yield gr.skip()

    @property
    def _any_controller(self) -> InpaintingController:
        """What the model has no part in."""
        return next(iter(self._controllers.values()))

    def _with_copy(self, session: EditSession) -> EditSession:
        """One file for all that follows: the browser keeps it, and nobody writes it again, unless
        it had to go."""
        if session.copy is not None and self._storage.keep(session.copy):
            return session
        return replace(session, copy=self._storage.write(session.shown))

    def _repainted(self, session: EditSession) -> Answer:
        session = self._with_copy(session)
        layer = self._storage.write(paint_layer(session.hole, _HOLE))
        return {self.session: session, self.editor: editor_value(session.copy, layer)}

    def _drawn(
        self,
        controller: InpaintingController,
        session: EditSession,
        editor: dict | None,
        request: gr.Request,
    ) -> Answer:
        hole = controller.painted(session, editor)
        regions = self._storage.write(session.regions(hole, len(controller.regions)))
        self._storage.give(request.session_hash, regions)
        return {self.session: session, self.strokes: editor_value(regions)}


def _switches(controller: InpaintingController) -> list[tuple[str, str]]:
    return [(readable(name), name) for name in controller.attributes]


def _known(controller: InpaintingController, session: EditSession | None) -> str:
    """Markdown: what the model knows, and a warning where the photo is something else."""
    return '\n\n'.join(filter(None, (controller.knows, session and controller.doubt(session))))


def _regions(controller: InpaintingController) -> dict[str, Any]:
    names = [(readable(name), name) for name in controller.regions]
    return dict(choices=names, value=names[-1][1] if names else None)
