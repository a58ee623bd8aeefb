# Table III: do restored queries find what the originals find?
title = 'Table III: retrieval mAP'
columns = {'Restored queries': [dict(key='retrieval/mAP', title='mAP %', better='larger')]}
paper = dict(
    source='Table III of arXiv 1908.04503, DF.FC2 (VGG-16), 128 px hole in 256 px',
    columns=['Paris mAP %', 'Oxford mAP %', 'Caltech256 mAP %'],
    rows={
        'Masked': [76.23, 71.82, 84.28],
        'CE': [83.82, 80.88, 89.73],
        'GL': [88.79, 83.42, 92.06],
        'PConv': [93.21, 87.27, 95.14],
        'GntIpt': [91.65, 87.36, 93.32],
        'BoostGAN': [96.53, 93.68, 97.40],
    })
