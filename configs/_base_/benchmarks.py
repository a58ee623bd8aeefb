# What tables have in common: rows, columns, and the paper's own numbers.
_base_ = './names/faces.py'
configs = '{{ fileDirname }}/..'

# Rows that need no training.
telea = dict(name='Telea', model=dict(type='TrainingFree', generator=dict(type='Telea')))
classical = [
    dict(name='Mean colour', model=dict(type='TrainingFree', generator=dict(type='MeanFill'))),
    telea,
    dict(
        name='Navier-Stokes', model=dict(type='TrainingFree', generator=dict(type='NavierStokes'))
    ),
    dict(name='PatchMatch', model=dict(type='TrainingFree', generator=dict(type='PatchMatch'))),
]
of_retrieval = [
    dict(name='Masked', model=dict(type='TrainingFree', generator=dict(type='MaskedBaseline'))),
    telea,
]

# The systems of the paper, and ours.
baselines = dict(
    CE='context_encoder', GL='global_local', PConv='partial_conv', GntIpt='contextual_attention'
)
faces_systems = [
    *(
        dict(name=name, config=f'{configs}/{baseline}/{baseline}_faces.py')
        for name, baseline in baselines.items()
    ),
    dict(name='BoostGAN', config=f'{configs}/boostgan_faces.py'),
    dict(name='BoostGAN+', config=f'{configs}/boostgan_plus_faces.py'),
]
baselines_256px = [
    dict(name=name, config=f'{configs}/{baseline}/{baseline}_folder.py')
    for name, baseline in baselines.items()
]
folder_systems = [*baselines_256px, dict(name='BoostGAN', config=f'{configs}/boostgan_folder.py')]

# How near the pixels are.
pixel_columns = {
    'Restored image': [
        dict(key='pixel/l1', title='l1 %', better='smaller'),
        dict(key='pixel/l2', title='l2 %', better='smaller'),
        dict(key='pixel/psnr', title='PSNR dB', better='larger'),
        dict(key='pixel/ssim', title='SSIM', better='larger'),
    ],
    'Inside the hole alone': [
        dict(key='pixel/l1_hole', title='l1 %', better='smaller'),
        dict(key='pixel/l2_hole', title='l2 %', better='smaller'),
        dict(key='pixel/psnr_hole', title='PSNR dB', better='larger'),
        dict(key='pixel/ssim_hole', title='SSIM', better='larger'),
    ],
}

# How much fine detail there is in the hole: neither blur nor grain.
detail = dict(type='DetailEnergy')
detail_columns = [
    dict(key='detail/grey', title='detail in grey', better='one'),
    dict(key='detail/colour', title='detail in colour', better='one'),
]
detail_note = (
    'Detail: the energy of the Laplacian in the hole, restored by original; less than 1 is blur, '
    'more is grain or a pattern. Grey is luma, colour what is left without it.'
)

# What restored photographs show: is there detail, and how far are they from photographs?
photographs_show = [
    detail,
    dict(type='FrechetDistance', features=dict(type='EfficientNetLiteFeatures')),
]
photographs_columns = {
    **pixel_columns,
    'What they show': [
        *detail_columns,
        dict(
            key='frechet/distance', title='Fréchet distance (EfficientNet-lite0)', better='smaller'
        ),
    ],
}

# What restored faces show, by the eyes of networks that guided nobody.
attribute_judge = dict(
    type='AttributeEmbedder',
    config=f'{configs}/embedders/attribute_faces_judge.py',
    checkpoint='work_dirs/attribute_faces_judge',
    attributes=_base_.attributes,
)
region_judge = dict(
    type='SegmentationEmbedder',
    config=f'{configs}/embedders/segmentation_faces_judge.py',
    checkpoint='work_dirs/segmentation_faces_judge',
    classes=_base_.regions,
)
faces_show = [
    dict(
        type='AttributeConsistency',
        judge=attribute_judge,
        regions=_base_.attribute_regions,
        classes=_base_.regions,
    ),
    dict(type='SegmentationConsistency', judge=region_judge),
    detail,
    dict(type='FrechetDistance', features=dict(type='EfficientNetLiteFeatures', size=64)),
]
faces_columns = {
    **pixel_columns,
    'What they show': [
        dict(key='attribute/agreement', title='attributes kept %', better='larger'),
        dict(key='attribute/agreement_hole', title='those in the hole %', better='larger'),
        dict(key='attribute/accuracy_hole', title='true in the hole %', better='larger'),
        dict(key='segmentation/mIoU_hole', title='hole mIoU kept %', better='larger'),
        dict(key='segmentation/mIoU_hole_true', title='hole mIoU true %', better='larger'),
        *detail_columns,
        dict(
            key='frechet/distance',
            title='Fréchet distance (EfficientNet-lite0, 64 px)',
            better='smaller',
        ),
    ],
}

# Table I: restoration quality. The paper's numbers are of its own data and sizes.
table1 = dict(
    title='Table I: quantitative comparison',
    paper=dict(
        source='Table I of arXiv 1908.04503, CelebA-HQ and Places2, 256 px, holes of 80 to 160 px',
        columns=[
            'CelebA-HQ l1 %',
            'l2 %',
            'PSNR dB',
            'SSIM',
            'Places2 l1 %',
            'l2 %',
            'PSNR dB',
            'SSIM',
        ],
        rows={
            'CE': [10.51, 2.92, 17.78, 0.906, 9.77, 2.69, 19.31, 0.798],
            'GL': [9.60, 2.57, 18.09, 0.923, 9.38, 2.21, 19.56, 0.812],
            'PConv': [9.33, 2.41, 18.61, 0.938, 8.36, 2.04, 21.79, 0.839],
            'GntIpt': [9.18, 2.28, 18.80, 0.940, 8.61, 2.10, 21.08, 0.836],
            'BoostGAN': [8.92, 2.19, 19.11, 0.943, 8.26, 1.97, 22.32, 0.845],
        },
    ),
)

# Table II: with and without each regularization.
pairs = [
    (0, 0.01),
    (0, 0.1),
    (0, 1),
    (0.01, 0),
    (0.1, 0),
    (1, 0),
    (0.1, 0.01),
    (0.1, 0.1),
    (0.1, 1),
    (0.01, 0.1),
    (1, 0.1),
]
table2 = dict(
    title='Table II: combinations of λa and λs',
    columns={
        'Restored image, and inside the hole alone': [
            dict(key='pixel/psnr', title='PSNR dB', better='larger'),
            dict(key='pixel/ssim', title='SSIM', better='larger'),
            dict(key='pixel/psnr_hole', title='hole PSNR dB', better='larger'),
            dict(key='pixel/ssim_hole', title='hole SSIM', better='larger'),
        ]
    },
    paper=dict(
        source='Table II of arXiv 1908.04503, Places2, 256 px; λa = λs = 0.1 has SSIM 0.845 in '
        'Table I',
        columns=['PSNR dB', 'SSIM'],
        rows={
            'λa = 0, λs = 0.01': [20.72, 0.831],
            'λa = 0, λs = 0.1': [21.21, 0.838],
            'λa = 0, λs = 1': [20.38, 0.832],
            'λa = 0.01, λs = 0': [21.06, 0.816],
            'λa = 0.1, λs = 0': [21.80, 0.828],
            'λa = 1, λs = 0': [21.54, 0.820],
            'λa = 0.1, λs = 0.01': [21.46, 0.835],
            'λa = 0.1, λs = 0.1': [22.32, 0.846],
            'λa = 0.1, λs = 1': [21.84, 0.840],
            'λa = 0.01, λs = 0.1': [21.62, 0.835],
            'λa = 1, λs = 0.1': [22.15, 0.838],
        },
    ),
    notes=[
        'λ = 0 removes the discriminator of that level with its loss; the generator is given what '
        'Wa and Ws read in all rows.',
        'The standard deviation of BoostGAN over seeds in Table I says how much of a difference '
        'between rows may be chance.',
    ],
)

# Table III: do restored queries find what the originals find?
table3 = dict(
    title='Table III: retrieval mAP',
    columns={'Restored queries': [dict(key='retrieval/mAP', title='mAP %', better='larger')]},
    paper=dict(
        source='Table III of arXiv 1908.04503, DF.FC2 (VGG-16), 128 px hole in 256 px',
        columns=['Paris mAP %', 'Oxford mAP %', 'Caltech256 mAP %'],
        rows={
            'Masked': [76.23, 71.82, 84.28],
            'CE': [83.82, 80.88, 89.73],
            'GL': [88.79, 83.42, 92.06],
            'PConv': [93.21, 87.27, 95.14],
            'GntIpt': [91.65, 87.36, 93.32],
            'BoostGAN': [96.53, 93.68, 97.40],
        },
    ),
)
