# As boostgan_places2.py, with networks of the size of the paper's time.
_base_ = './boostgan_places2.py'
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_sun_paper.py',
        checkpoint='work_dirs/attribute_sun_paper'),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_ade20k_paper.py',
        checkpoint='work_dirs/segmentation_ade20k_paper'))
