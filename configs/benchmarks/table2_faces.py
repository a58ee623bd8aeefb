# Table II on rendered faces.
_base_ = [
    '../_base_/benchmarks/table2.py', '../_base_/datasets/faces.py', '../_base_/runtime.py'
]
configs = '{{ fileDirname }}/..'
names = {0: '0', 0.01: '001', 0.1: '01', 1: '1'}
methods = [
    dict(name=f'λa = {a}, λs = {s}',
         config=f'{configs}/boostgan_faces.py' if (a, s) == (0.1, 0.1) else
         f'{configs}/ablations/faces_attribute_{names[a]}_segmentation_{names[s]}.py')
    for a, s in ((0, 0.01), (0, 0.1), (0, 1), (0.01, 0), (0.1, 0), (1, 0), (0.1, 0.01),
                 (0.1, 0.1), (0.1, 1), (0.01, 0.1), (1, 0.1))
]
test_cfg = dict()
notes = [
    'λ = 0 removes the discriminator of that level with its loss; the generator is given what Wa '
    'and Ws read in all rows.',
    'The standard deviation of BoostGAN over seeds in Table I says how much of a difference '
    'between rows may be chance.',
]
