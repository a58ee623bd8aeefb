# The five systems of the paper on CelebA-HQ, 256 px.
configs = '{{ fileDirname }}/../..'
systems = [
    dict(name='CE', config=f'{configs}/peers/context_encoder_celebahq.py'),
    dict(name='GL', config=f'{configs}/peers/global_local_celebahq.py'),
    dict(name='PConv', config=f'{configs}/peers/partial_conv_celebahq.py'),
    dict(name='GntIpt', config=f'{configs}/peers/contextual_attention_celebahq.py'),
    dict(name='BoostGAN', config=f'{configs}/boostgan_celebahq.py'),
]
