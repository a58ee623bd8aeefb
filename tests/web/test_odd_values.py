"""What does not fit a function of the page is told who sent it, without a traceback."""

import asyncio

import pytest

pytest.importorskip('gradio', reason='the web page is an optional extra')

import gradio as gr  # noqa: E402

from boostgan_plugin.web.page import _refuse_odd_values  # noqa: E402


@pytest.mark.parametrize(('number', 'values'), [(0, ['other']), (0, []), (0, [[[]]]), (1, [])])
def test_odd_values_are_refused_and_good_ones_are_not(number, values):
    with gr.Blocks(analytics_enabled=False) as page:
        choice = gr.Radio(['one', 'two'])
        page.load(lambda chosen: dict(one='two')[chosen], choice, choice)
        page.load(None, js='() => {}')
    _refuse_odd_values(page)

    def call(number, values):
        return asyncio.run(page.process_api(page.fns[number], values))['data']

    with pytest.raises(gr.Error) as caught:
        call(number, values)
    assert not caught.value.print_exception
    assert call(0, ['one']) == ['two']
    with pytest.raises(KeyError):
        call(0, ['two'])
