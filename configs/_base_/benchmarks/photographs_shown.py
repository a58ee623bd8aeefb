# What restored photographs show: is there detail, and how far are they from photographs?
_base_ = './detail.py'
shown = [
    _base_.detail,
    dict(type='FrechetDistance', features=dict(type='EfficientNetLiteFeatures')),
]
what_they_show = [
    *_base_.detail_columns,
    dict(key='frechet/distance', title='Fréchet distance (EfficientNet-lite0)', better='smaller'),
]
