# Rows that need no training.
classical = [
    dict(name='Mean colour',
         model=dict(type='TrainingFree', generator=dict(type='MeanColour'))),
    dict(name='Telea', model=dict(type='TrainingFree', generator=dict(type='Telea'))),
    dict(name='Navier-Stokes',
         model=dict(type='TrainingFree', generator=dict(type='NavierStokes'))),
    dict(name='PatchMatch', model=dict(type='TrainingFree', generator=dict(type='PatchMatch'))),
]
