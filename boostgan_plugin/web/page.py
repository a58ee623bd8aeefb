"""The page: a photo on the left, what was read of it in the middle, the result on the right."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import gradio as gr
from PIL import Image

from boostgan_plugin.apis.inferencer import InpaintingInferencer
from boostgan_plugin.datasets.face_renderer import render_face

from .desk import Desk, write_result
from .limits import FORMATS, Limits
from .style import sheet, theme
from .work import Work, readable, shown_copy, switch_labels

#: Faces to try at once.
EXAMPLES = (40000005, 40000002, 40000001, 40000008)
_EXAMPLE_SIDE = 256
_HOLE, _STROKE = '#ff2d8a', '#ffd400'
#: Requests that may wait; who comes later is told to try again.
_WAITING = 16
#: Files of people are looked through this often, and deleted at this age, in seconds.
_DELETE = (600, 3600)

#: Component -> new value, or that nothing changes.
Answer = dict[Any, Any]


def serve(inferencer: InpaintingInferencer, limits: Limits, host: str, port: int | None) -> None:
    """Serve the page until the process is interrupted; then all files of people are gone.

    Args:
        port: default the first free one from 7860 on.
    """
    # Gradio itself decodes what is painted: Pillow refuses at twice this.
    Image.MAX_IMAGE_PIXELS = int(limits.megapixels * 1e6)
    with TemporaryDirectory(prefix='boostgan_web_') as folder:
        os.environ['GRADIO_TEMP_DIR'] = folder
        page = build_page(Desk(inferencer, limits), write_examples(Path(folder)))
        page.queue(api_open=False, max_size=_WAITING, default_concurrency_limit=1)
        _, address, _ = page.launch(
            server_name=host, server_port=port, share=False, quiet=True, prevent_thread_lock=True,
            max_file_size=int(limits.upload_mb * 2**20), footer_links=[], enable_monitoring=False,
            ssr_mode=False, theme=theme(), css=sheet(inferencer.classes))
        print(f'The page is at {address} (end with Ctrl-C)', flush=True)
        page.block_thread()


def build_page(desk: Desk, examples: Sequence[Path]) -> gr.Blocks:
    """Everything on the page and what its buttons do.

    Args:
        desk: does the work.
        examples: pictures to try; the first one is there when the page opens.
    """
    with gr.Blocks(title='BoostGAN inpainting', analytics_enabled=False, delete_cache=_DELETE
                   ) as page:
        layout = _Page(desk, examples)
        page.load(layout.on_visit, None, layout.opened, api_visibility='private')
    return page


def write_examples(folder: Path) -> list[Path]:
    """Faces that the package draws, as files."""
    paths = [folder / f'face_{number}.png' for number in EXAMPLES]
    for number, path in zip(EXAMPLES, paths):
        cv2.imwrite(str(path), render_face(number, _EXAMPLE_SIDE).image)
    return paths


@contextmanager
def said_on_page() -> Iterator[None]:
    """Errors that are meant for a person become messages on the page, and are done with."""
    try:
        yield
    except (ValueError, OSError) as error:
        gr.Warning(escape(str(error)))


class _Page:
    """Components, as attributes, and what happens, as methods."""

    def __init__(self, desk: Desk, examples: Sequence[Path]) -> None:
        self._desk = desk
        self._examples = examples
        reads = bool(desk.attributes or desk.regions)
        self.work = gr.State(time_to_live=_DELETE[1])
        gr.Markdown('# Semantic inpainting\nPaint over a part of a photo; it is restored from its '
                    'surroundings, and from what you say should be there.', elem_id='title')
        with gr.Row():
            with gr.Column(min_width=300):
                self._lay_out_photo()
            with gr.Column(min_width=300, visible=reads):
                self._lay_out_meaning()
            with gr.Column(min_width=300):
                self._lay_out_result(4 if reads else 3)
        self.opened = [self.work, self.editor, self.strokes, self.attributes, self.slider,
                       self.download]
        self._connect()

    # What is where ------------------------------------------------------------------------------

    def _lay_out_photo(self) -> None:
        _step('1 · Photo', 'Choose one of yours, or one of these drawn faces.')
        with gr.Row(equal_height=True):
            self.upload = gr.UploadButton(
                'Choose a photo', elem_id='upload', size='md', min_width=100,
                file_types=[f'.{name.lower()}' for name in (*FORMATS, 'jpg', 'tif')])
            self.gallery = gr.Gallery(
                list(self._examples), elem_id='examples', columns=len(self._examples), rows=1,
                show_label=False, allow_preview=False, buttons=[], object_fit='cover', scale=2,
                min_width=200, height=60, container=False)
        _step('2 · Hole', 'Paint over what is to be replaced.')
        self.editor = _editor('editor', _HOLE, 465)

    def _lay_out_meaning(self) -> None:
        _step('3 · Meaning', 'See what the networks read; change what you like.')
        self.read = gr.Button('Read', elem_id='read', size='md')
        self.attributes = gr.CheckboxGroup(
            self._switches(), elem_id='attributes', interactive=True,
            label='Attributes: switch what shall be otherwise')
        names = [(readable(name), name) for name in self._desk.regions]
        self.region = gr.Radio(names, value=names[-1][1] if names else None, elem_id='region',
                               label='Regions: choose one, paint where it shall be')
        self.strokes = _editor('strokes', _STROKE, 300)
        with gr.Row():
            self.tell = gr.Button('Add region', elem_id='tell', size='sm')
            self.forget = gr.Button('Clear regions', elem_id='forget', size='sm')

    def _lay_out_result(self, number: int) -> None:
        _step(f'{number} · Result', 'Restore, drag to compare, download in full size.')
        self.restore = gr.Button('Restore', elem_id='restore', variant='primary', size='md')
        self.slider = gr.ImageSlider(elem_id='result', label='Before and after', format='png',
                                     interactive=False, buttons=['fullscreen'], height=440)
        self.download = gr.DownloadButton('Download', elem_id='download', interactive=False,
                                          size='md')
        gr.Markdown('All pixels outside the hole stay as they are, bit for bit, also of 16 bits '
                    'and with transparency. Files are deleted after an hour.',
                    elem_classes='step')

    def _switches(self) -> list[tuple[str, str]]:
        return [(readable(name), name) for name in self._desk.attributes]

    def _connect(self) -> None:
        drawn = [self.work, self.strokes]
        quick = dict(api_visibility='private', show_progress='hidden')
        # The networks serve one request at a time.
        slow = dict(api_visibility='private', concurrency_id='networks', concurrency_limit=1)
        self.upload.upload(self.on_upload, self.upload, self.opened, **quick)
        self.gallery.select(self.on_example, None, self.opened, **quick)
        self.read.click(self.on_read, [self.work, self.editor], [*drawn, self.attributes], **slow)
        told = [self.work, self.editor, self.strokes, self.region]
        self.tell.click(self.on_tell, told, drawn, **quick)
        self.forget.click(self.on_forget, [self.work, self.editor], drawn, **quick)
        self.restore.click(self.on_restore, [*told, self.attributes],
                           [self.slider, self.download], **slow)

    # What happens -------------------------------------------------------------------------------

    def on_visit(self) -> Answer:
        """Somebody opens the page."""
        return self.on_upload(self._examples[0])

    def on_example(self, event: gr.SelectData) -> Answer:
        """One of the examples."""
        return self.on_upload(self._examples[event.index])

    def on_upload(self, path: str | Path) -> Answer:
        """A photo to begin with."""
        with said_on_page():
            work = self._desk.open(path)
            return {self.work: work, self.editor: work.shown, self.strokes: work.shown,
                    self.attributes: gr.CheckboxGroup(self._switches(), value=[]),
                    self.slider: None,
                    self.download: gr.DownloadButton('Download', value=None, interactive=False)}
        return gr.skip()

    def on_read(self, work: Work | None, editor: dict | None) -> Answer:
        """What the networks read."""
        with said_on_page():
            work = self._desk.read(work, editor)
            on = [name for name, value in work.read.items() if value > 0.5]
            return {**self._drawn(work, editor),
                    self.attributes: gr.CheckboxGroup(switch_labels(work.read), value=on)}
        return gr.skip()

    def on_tell(self, work: Work | None, editor: dict | None, strokes: dict | None, region: str
                ) -> Answer:
        """Strokes become a region that is told."""
        with said_on_page():
            return self._drawn(self._desk.tell(work, strokes, region), editor)
        return gr.skip()

    def on_forget(self, work: Work | None, editor: dict | None) -> Answer:
        """No region is told any more."""
        with said_on_page():
            return self._drawn(self._desk.forget(work), editor)
        return gr.skip()

    def on_restore(self, work: Work | None, editor: dict | None, strokes: dict | None,
                   region: str | None, on: list[str]) -> Iterator[Answer]:
        """The result; strokes that were not yet added count as well."""
        with said_on_page(), TemporaryDirectory() as folder:
            picture = self._desk.restore(work, editor, on, strokes, region)
            path = write_result(picture, folder)
            # Gradio copies the file before it comes back here.
            yield {self.slider: (work.shown, shown_copy(picture)),
                   self.download: gr.DownloadButton(f'Download {path.name}', value=path,
                                                    interactive=True)}
            return
        yield gr.skip()

    def _drawn(self, work: Work, editor: dict | None) -> Answer:
        hole = self._desk.painted(work, editor)
        return {self.work: work, self.strokes: work.regions(hole, len(self._desk.regions))}


def _step(title: str, text: str) -> None:
    gr.Markdown(f'### {title}\n{text}', elem_classes='step')


def _editor(name: str, colour: str, height: int) -> gr.ImageEditor:
    """A place to paint on what the handlers put there."""
    return gr.ImageEditor(
        elem_id=name, show_label=False, sources=(), transforms=(), layers=False, buttons=[],
        format='png', height=height, brush=gr.Brush(32, [colour], colour, 'fixed'),
        eraser=gr.Eraser(32))
