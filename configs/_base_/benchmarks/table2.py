# Table II: with and without each regularization.
title = 'Table II: combinations of λa and λs'
names = {0: '0', 0.01: '001', 0.1: '01', 1: '1'}
pairs = [(0, 0.01), (0, 0.1), (0, 1), (0.01, 0), (0.1, 0), (1, 0), (0.1, 0.01), (0.1, 0.1),
         (0.1, 1), (0.01, 0.1), (1, 0.1)]
columns = {'Restored image, and inside the hole alone': [
    dict(key='pixel/psnr', title='PSNR dB', better='larger'),
    dict(key='pixel/ssim', title='SSIM', better='larger'),
    dict(key='pixel/psnr_hole', title='hole PSNR dB', better='larger'),
    dict(key='pixel/ssim_hole', title='hole SSIM', better='larger'),
]}
paper = dict(
    source='Table II of arXiv 1908.04503, Places2, 256 px; λa = λs = 0.1 has SSIM 0.845 in Table I',
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
    })
notes = [
    'λ = 0 removes the discriminator of that level with its loss; the generator is given what Wa '
    'and Ws read in all rows.',
    'The standard deviation of BoostGAN over seeds in Table I says how much of a difference '
    'between rows may be chance.',
]
