# What semantics bring, on rendered faces: the same generator told more or less. With --cfg-options
# method=readers: trained and tested with Ws after so many steps of its training, which has to keep
# its checkpoints (--cfg-options default_hooks.checkpoint.max_keep_ckpts=-1).
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/faces.py', '../_base_/runtime.py']
configs = _base_.configs
# By name, the training.
trainings = {'BoostGAN': 'boostgan_faces', 'BoostGAN+': 'boostgan_plus_faces'}
methods = [
    row
    for name, training in trainings.items()
    for row in (
        dict(
            name=f'{name}, oracle',
            config=f'{configs}/{training}.py',
            model_options=dict(semantics='oracle'),
        ),
        dict(name=f'{name}, predicted', config=f'{configs}/{training}.py'),
        dict(
            name=f'{name}, none',
            config=f'{configs}/{training}.py',
            options={'model.semantics': 'none', 'model.teacher_forcing_prob': 0},
        ),
        dict(
            name=f'{name}, shuffled',
            config=f'{configs}/{training}.py',
            model_options=dict(semantics='shuffled'),
        ),
    )
]
_readers = 'work_dirs/segmentation_faces_plus'
_steps = [3000, 6000, 12_000]
choices = dict(
    method=dict(
        readers=dict(
            title='What a better Ws brings',
            methods=[
                dict(
                    name=f'Ws after {steps} steps',
                    config=f'{configs}/boostgan_plus_faces.py',
                    options={
                        'model.segmentation_embedder.checkpoint': f'{_readers}/iter_{steps}.pth'
                    },
                )
                for steps in _steps
            ],
            columns={
                '_delete_': True,
                'What Ws reads, and what comes of it': [
                    dict(
                        key='segmentation/mIoU_hole_predicted',
                        title='hole mIoU of Ws(x) %',
                        better='larger',
                    ),
                    *_base_.faces_columns['Inside the hole alone'],
                    *_base_.faces_columns['What they show'],
                ],
            },
            notes=[
                'Each row is a training of BoostGAN+ of its own, alike but for Ws.',
                _base_.detail_note,
            ],
        )
    )
)
test_evaluator = [dict(type='PixelMetrics'), *_base_.faces_show]
columns = _base_.faces_columns
test_cfg = dict()
title = 'What semantics bring'
notes = [
    'Oracle, predicted and shuffled are tests of one training, whose generator was given what Wa '
    'and Ws read off the corrupted image. Predicted: it still is. Oracle: what they read off the '
    'whole image, as if nothing were missing, which no use of it can have. Shuffled: what they '
    'read off another image, so how far the generator goes by what it is given.',
    'None is a training of its own, as long and on the same images, whose generator is given '
    'zeros. Its discriminators judge by the semantics of the original, as those of the others.',
    'Attributes and regions are read by networks of their own, trained on whole images of a split '
    'that nothing else sees (another backbone than Wa, another width than Ws). "Kept": as read in '
    'the original; "true": as labelled. An attribute is in the hole when at least half of the '
    'region where it shows is.',
    _base_.detail_note,
]
