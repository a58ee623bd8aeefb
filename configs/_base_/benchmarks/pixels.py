# How near the pixels are.
whole = [
    dict(key='pixel/l1', title='l1 %', better='smaller'),
    dict(key='pixel/l2', title='l2 %', better='smaller'),
    dict(key='pixel/psnr', title='PSNR dB', better='larger'),
    dict(key='pixel/ssim', title='SSIM', better='larger'),
]
hole = [
    dict(key='pixel/l1_hole', title='l1 %', better='smaller'),
    dict(key='pixel/l2_hole', title='l2 %', better='smaller'),
    dict(key='pixel/psnr_hole', title='PSNR dB', better='larger'),
    dict(key='pixel/ssim_hole', title='SSIM', better='larger'),
]
columns = {'Restored image': whole, 'Inside the hole alone': hole}
