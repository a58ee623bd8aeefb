# The five systems of the paper on a folder of photographs, 256 px.
configs = '{{ fileDirname }}/../..'
systems = [
    dict(name='CE', config=f'{configs}/peers/context_encoder_folder.py'),
    dict(name='GL', config=f'{configs}/peers/global_local_folder.py'),
    dict(name='PConv', config=f'{configs}/peers/partial_conv_folder.py'),
    dict(name='GntIpt', config=f'{configs}/peers/contextual_attention_folder.py'),
    dict(name='BoostGAN', config=f'{configs}/boostgan_folder.py'),
]
