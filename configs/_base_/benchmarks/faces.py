# The five systems of the paper, and ours, on rendered faces.
configs = '{{ fileDirname }}/../..'
systems = [
    dict(name='CE', config=f'{configs}/peers/context_encoder_faces.py'),
    dict(name='GL', config=f'{configs}/peers/global_local_faces.py'),
    dict(name='PConv', config=f'{configs}/peers/partial_conv_faces.py'),
    dict(name='GntIpt', config=f'{configs}/peers/contextual_attention_faces.py'),
    dict(name='BoostGAN', config=f'{configs}/boostgan_faces.py'),
    dict(name='BoostGAN+', config=f'{configs}/boostgan_plus_faces.py'),
]
