# How few photographs become many: squares of many sizes, other tones, holes of many shapes. Decoded
# once and kept.
load = dict(
    type='boostgan.LoadCrop',
    keep=True,
    crop=dict(type='boostgan.RandomSquareCrop', size=256, scale=(0.4, 1.0)),
)
tone = dict(type='boostgan.RandomTone')
holes = dict(
    type='RandomChoice',
    transforms=[
        [dict(type='boostgan.FreeFormMask', thickness=(0.08, 0.2))],
        [dict(type='boostgan.RandomRectangleMask', sides=(0.2, 0.55))],
        [dict(type='boostgan.BlobMask', sides=(0.2, 0.6))],
    ],
    prob=[0.4, 0.3, 0.3],
)
