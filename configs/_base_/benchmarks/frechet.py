# How far what is restored is from photographs.
frechet = dict(type='FrechetDistance', features=dict(type='EfficientNetLiteFeatures'))
what_they_show = [
    dict(key='frechet/distance', title='Fréchet distance (EfficientNet-lite0)', better='smaller'),
]
