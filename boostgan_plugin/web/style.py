"""How the page looks; fonts are those of the system, so that nothing is fetched."""

from collections.abc import Sequence

import gradio as gr

from boostgan_plugin.visualization import class_colours

_FONTS = ('system-ui', '-apple-system', 'Segoe UI', 'Roboto', 'Helvetica', 'Arial', 'sans-serif')
_SHEET = """
.gradio-container .main { max-width: 1500px !important; padding: 14px 20px !important; }
.gradio-container main { padding: 0 !important; }
footer { display: none !important; }
#title h1 { margin: 0; font-size: 1.4rem; }
#title p, .step p { margin: 0; color: var(--body-text-color-subdued); font-size: .85rem; }
.step h3 { margin: 0; font-size: 1.05rem; }
#examples .grid-container {
  grid-template-columns: repeat(4, minmax(0, 58px)); grid-auto-rows: auto; height: auto; gap: 4px;
  padding: 0;
}
#examples .grid-wrap { padding: 0; height: auto; min-height: 0; overflow: hidden; }
#examples button { aspect-ratio: 1; height: auto; }
#attributes .wrap, #region .wrap { gap: 4px; }
#attributes label, #region label { padding: 1px 7px; font-size: .78rem; }
#attributes input, #region input { position: absolute; opacity: 0; }
#attributes label > span, #region label > span { margin-left: 0; }
#region label { gap: 5px; }
#region label::before { content: ''; width: 11px; height: 11px; border-radius: 3px; flex: none; }
"""


def theme() -> gr.themes.Base:
    """The colours and the fonts."""
    return gr.themes.Soft(primary_hue='teal', neutral_hue='slate', font=_FONTS,
                          font_mono=('ui-monospace', 'monospace'), text_size='sm',
                          spacing_size='sm', radius_size='md')


def sheet(regions: Sequence[str]) -> str:
    """CSS; beside each region stands its colour in the overlay."""
    colours = class_colours(len(regions))[:, ::-1].tolist() if regions else []
    return _SHEET + '\n'.join(
        f'#region label:nth-child({number})::before {{ background: rgb{tuple(colour)}; }}'
        for number, colour in enumerate(colours, 1))
