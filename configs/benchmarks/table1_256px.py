# Table I at 256 px on a folder of photographs, --cfg-options data_root=FOLDER, or as in the paper:
# --cfg-options data=celebahq or data=places2.
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/paper_data.py', '../_base_/runtime.py']
title = _base_.table1.title
paper = _base_.table1.paper
methods = [*_base_.classical, *_base_.folder_systems]
test_evaluator = [dict(type='PixelMetrics'), *_base_.photographs_show]
columns = _base_.photographs_columns
test_cfg = dict()
of_baselines = 'PConv has its perceptual and style terms from EfficientNet-lite0.'
notes = [
    'All systems are trained on the same images, as many of them. Wa and Ws of boostgan_folder.py '
    'learn from these images, too, as photographs have no labels.',
    of_baselines,
    _base_.detail_note,
]
in_the_paper = [*_base_.classical, *_base_.baselines_256px]
celebahq = dict(name='BoostGAN', config=f'{_base_.configs}/boostgan_celebahq.py')
places2 = dict(name='BoostGAN', config=f'{_base_.configs}/boostgan_places2.py')
notes_of_paper = [
    'All systems are trained on the same images, as many of them; Wa and Ws on labelled sets of '
    'their own.',
    of_baselines,
    _base_.detail_note,
]
choices = dict(
    data=dict(
        celebahq=dict(_base_.celebahq, methods=[*in_the_paper, celebahq], notes=notes_of_paper),
        places2=dict(_base_.places2, methods=[*in_the_paper, places2], notes=notes_of_paper),
    )
)
