_base_ = ['./attribute_celeba_paper.py', '../_base_/names/places.py']
data_root = 'data/sun2012'
train_dataloader = dict(dataset=dict(dataset=dict(pipeline=_base_.train_pipeline)))
model = dict(
    data_preprocessor=dict(num_classes=len(_base_.attributes)),
    head=dict(num_classes=len(_base_.attributes)),
)
