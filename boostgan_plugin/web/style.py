"""How the page looks; fonts are those of the system, so that nothing is fetched."""

import gradio as gr

from boostgan_plugin.visualization import class_colours

_FONTS = ('system-ui', '-apple-system', 'Segoe UI', 'Roboto', 'Helvetica', 'Arial', 'sans-serif')
_SHEET = """
.gradio-container .main { max-width: 1240px !important; padding: 10px 16px !important; }
.gradio-container main { padding: 0 !important; }
footer { display: none !important; }
#title h1 { margin: 0; font-size: 1.3rem; }
#title p, #how p, #knows p, #promise p { margin: 0; font-size: .85rem; }
#title p, #how p, #promise p { color: var(--body-text-color-subdued); }
#examples .grid-container {
  grid-template-columns: repeat(4, minmax(0, 46px)); grid-auto-rows: auto; height: auto; gap: 4px;
  padding: 0;
}
#examples .grid-wrap { padding: 0; height: auto; min-height: 0; overflow: hidden; }
#examples button { aspect-ratio: 1; height: auto; }
/* What undoes or clears all, with the photo, has better buttons below. */
#editor .separator ~ *, #editor .separator, #strokes .separator ~ *, #strokes .separator {
  display: none;
}
#tool .wrap { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; }
#tool label { justify-content: center; padding: 8px 4px; }
#attributes .wrap, #region .wrap { gap: 4px; }
#attributes label, #region label { padding: 3px 8px; font-size: .8rem; }
#tool label, #attributes label, #region label { position: relative; }
#tool input, #attributes input, #region input {
  position: absolute; opacity: 0; pointer-events: none;
}
#tool label > span, #attributes label > span, #region label > span { margin-left: 0; }
#region label { gap: 5px; }
#region label::before {
  content: ''; width: 12px; height: 12px; border-radius: 3px; flex: none;
  box-shadow: 0 0 0 1px #0004;
}
@media (max-width: 700px) {
  .gradio-container .main { padding: 6px 10px 70px !important; }
  #title p { display: none; }
  #choose { flex-wrap: nowrap; }
  #editor { height: 410px !important; }
  #attributes label, #region label { padding: 8px 11px; }
  /* Within reach of a thumb, wherever the page is. */
  /* All of the second column lies below what is in reach of the thumb. */
  #all > .column { position: relative; z-index: 1; }
  #all > .column:first-child { z-index: 2; }
  #actions {
    position: fixed; left: 0; right: 0; bottom: 0; z-index: 40; flex-wrap: nowrap;
    padding: 8px 10px;
    background: var(--body-background-fill); border-top: 1px solid var(--border-color-primary);
  }
  #actions button { min-height: 46px; }
  /* Nothing to see yet, and nothing to do. */
  #download:disabled { display: none; }
  #result:has([data-testid="empty"]), #result:has(.empty) { display: none; }
}
"""
#: There is room for all that can be said.
ON_OPEN = """() => {
  if (innerWidth > 700) document.querySelector('#meaning button.label-wrap:not(.open)')?.click();
}"""
#: On a phone the result is further down.
SHOW_RESULT = """() => {
  const result = document.querySelector('#result'), box = result.getBoundingClientRect();
  if (box.bottom > innerHeight) result.scrollIntoView({behavior: 'smooth', block: 'start'});
}"""


def theme() -> gr.themes.Base:
    """The colours and the fonts."""
    return gr.themes.Soft(
        primary_hue='teal',
        neutral_hue='slate',
        font=_FONTS,
        font_mono=('ui-monospace', 'monospace'),
        text_size='sm',
        spacing_size='sm',
        radius_size='md',
    )


def sheet(regions: int) -> str:
    """CSS; beside each of so many regions stands its colour in the overlay."""
    return _SHEET + '\n'.join(
        f'#region label:nth-child({number})::before {{ background: rgb{tuple(colour)}; }}'
        for number, colour in enumerate(class_colours(regions)[:, ::-1].tolist(), 1)
    )
