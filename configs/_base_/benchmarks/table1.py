# Table I: restoration quality. The paper's numbers are of its own data and sizes.
_base_ = './pixels.py'
title = 'Table I: quantitative comparison'
paper = dict(
    source='Table I of arXiv 1908.04503, CelebA-HQ and Places2, 256 px, holes of 80 to 160 px',
    columns=['CelebA-HQ l1 %', 'l2 %', 'PSNR dB', 'SSIM',
             'Places2 l1 %', 'l2 %', 'PSNR dB', 'SSIM'],
    rows={
        'CE': [10.51, 2.92, 17.78, 0.906, 9.77, 2.69, 19.31, 0.798],
        'GL': [9.60, 2.57, 18.09, 0.923, 9.38, 2.21, 19.56, 0.812],
        'PConv': [9.33, 2.41, 18.61, 0.938, 8.36, 2.04, 21.79, 0.839],
        'GntIpt': [9.18, 2.28, 18.80, 0.940, 8.61, 2.10, 21.08, 0.836],
        'BoostGAN': [8.92, 2.19, 19.11, 0.943, 8.26, 1.97, 22.32, 0.845],
    })
