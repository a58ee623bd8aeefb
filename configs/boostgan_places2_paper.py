# As boostgan_places2.py, with readers of the size of the paper's time and its
# three discriminators.
_base_ = ['./boostgan_places2.py', '_base_/models/paper_discriminators.py']
three = _base_.paper_discriminators
three.segmentation.segmentation_encoding = 'embedding'
model = dict(
    discriminator=dict(_delete_=True, **three),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_sun_paper.py',
        checkpoint='work_dirs/attribute_sun_paper'),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_ade20k_paper.py',
        checkpoint='work_dirs/segmentation_ade20k_paper'))
