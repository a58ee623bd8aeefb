# Does a person get what they ask for? Attributes told for holes in rendered faces.
_base_ = ['../_base_/datasets/faces.py', '../_base_/names/faces.py', '../_base_/runtime.py']
size = 128
test_dataloader = dict(dataset=dict(size=size, length=2000))
# Of another backbone, seed and training set than Wa, and trained at 64 px.
judge = dict(
    type='AttributeEmbedder', config='{{ fileDirname }}/../embedders/attribute_faces_judge.py',
    checkpoint='work_dirs/attribute_faces_judge', attributes=_base_.attributes)
judge_size = 64
# Faces for each attribute: the first whose hole has at least half of where the attribute shows.
cases = 200
crossing = 0.5
pictured = ['Eyeglasses', 'Smiling', 'Bangs', 'Wearing_Lipstick', 'Black_Hair', 'Rosy_Cheeks']
