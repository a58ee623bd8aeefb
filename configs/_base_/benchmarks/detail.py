# How much fine detail there is in the hole: neither blur nor grain.
detail = dict(type='DetailEnergy')
detail_columns = [
    dict(key='detail/grey', title='detail in grey', better='one'),
    dict(key='detail/colour', title='detail in colour', better='one'),
]
detail_note = (
    'Detail: the energy of the Laplacian in the hole, restored by original; less than 1 is blur, '
    'more is grain or a pattern. Grey is luma, colour what is left without it.')
