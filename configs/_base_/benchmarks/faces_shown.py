# What restored faces show, by the eyes of networks that guided nobody.
_base_ = ['../names/faces.py', './detail.py']
embedders = '{{ fileDirname }}/../../embedders'
shown = [
    dict(
        type='AttributeConsistency',
        judge=dict(
            type='AttributeEmbedder', config=f'{embedders}/attribute_faces_judge.py',
            checkpoint='work_dirs/attribute_faces_judge', attributes=_base_.attributes),
        regions=_base_.attribute_regions, classes=_base_.regions),
    dict(
        type='SegmentationConsistency',
        judge=dict(
            type='SegmentationEmbedder', config=f'{embedders}/segmentation_faces_judge.py',
            checkpoint='work_dirs/segmentation_faces_judge', classes=_base_.regions)),
    _base_.detail,
    dict(type='FrechetDistance', features=dict(type='EfficientNetLiteFeatures', size=64)),
]
what_they_show = [
    dict(key='attribute/agreement', title='attributes kept %', better='larger'),
    dict(key='attribute/agreement_hole', title='those in the hole %', better='larger'),
    dict(key='attribute/accuracy_hole', title='true in the hole %', better='larger'),
    dict(key='segmentation/mIoU_hole', title='hole mIoU kept %', better='larger'),
    dict(key='segmentation/mIoU_hole_true', title='hole mIoU true %', better='larger'),
    *_base_.detail_columns,
    dict(key='frechet/distance', title='Fréchet distance (EfficientNet-lite0, 64 px)',
         better='smaller'),
]
