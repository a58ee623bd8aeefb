# Does a person get what they ask for? Attributes and regions told for holes in rendered faces.
_base_ = ['../_base_/datasets/faces.py', '../_base_/names/faces.py', '../_base_/runtime.py']
title = 'Does a person get what they ask for?'
size = 128
regions = [*_base_.regions, *_base_.accessories]
attribute_regions = _base_.accessory_regions
test_dataloader = dict(dataset=dict(size=size, length=2000, labels=['attributes', 'regions']))
# Of other backbones or widths, seeds and training sets than Wa and Ws, and trained at 64 px.
embedders = '{{ fileDirname }}/../embedders'
judge = dict(
    type='AttributeEmbedder',
    config=f'{embedders}/attribute_faces_judge.py',
    checkpoint='work_dirs/attribute_faces_judge',
    attributes=_base_.attributes,
)
region_judge = dict(
    type='SegmentationEmbedder',
    config=f'{embedders}/segmentation_faces_regions_judge.py',
    checkpoint='work_dirs/segmentation_faces_regions_judge',
    classes=regions,
    # As in its loss.
    class_weight=[1, 1, 3, 3, 3, 3, 2, 3, 4, 3, 1, 3, 2],
)
judge_size = 64
# Faces for each attribute: the first whose hole has at least half of where the attribute shows.
cases = 100
min_overlap = 0.5
# Beside the random holes those that hold all of a part, for the attributes that show there. The
# margins are wide enough for a mustache and the frames of glasses. A box around the hair would be
# a hole for the face as well.
whole_parts = dict(
    mouth=dict(
        mask=dict(
            type='PartMask',
            parts=['upper_lip', 'inner_mouth', 'lower_lip'],
            classes=regions,
            margin=0.05,
        ),
        attributes=['Mouth_Slightly_Open', 'Mustache', 'Smiling', 'Wearing_Lipstick'],
    ),
    eyes=dict(
        mask=dict(
            type='PartMask',
            parts=['left_brow', 'right_brow', 'left_eye', 'right_eye'],
            classes=regions,
            margin=0.06,
        ),
        attributes=['Bushy_Eyebrows', 'Eyeglasses'],
    ),
    hair=dict(
        mask=dict(
            type='PartMask', parts=['hair', 'hat'], classes=regions, margin=0.05, shape='region'
        ),
        attributes=[
            'Bangs',
            'Black_Hair',
            'Blond_Hair',
            'Brown_Hair',
            'Gray_Hair',
            'Wavy_Hair',
            'Wearing_Hat',
        ],
    ),
)
# What there is to reach: the same holes, drawn as told.
drawn = dict(type='DrawAttribute')
# Sex and age show all over the face, in its outline, brows, skin and folds: what a hole leaves of
# it tells them, whatever is said. Means are given without these and with them.
all_over = ['Male', 'Young']
tied = _base_.tied_attributes
notes = [
    'Read by networks that had no part in the restoration, trained on other images. "Before": '
    'restored without a word. Shift: how far the probability moves towards what is told, in '
    'percentage points, mean ± standard error over the faces.',
    'Random holes: rectangles with sides of 40 to 80 px at 128 px; for each attribute the first '
    'faces whose hole has at least half of where it shows. Mouth, eyes, hair: the hole holds all '
    'of that part, that for the hair the hat as well.',
    'Told and read so: how often what is told is read, the mean of told present and told '
    'absent. Without a word it would be 50 % for every attribute, as one of the two is always '
    'read.',
    'Drawn and read so: the same where the hole holds the face drawn again as told, the best that '
    'a restoration can look like. What is seen of an attribute beside the hole speaks against it, '
    'there too; a generator that is told something exaggerates, and can be read more often.',
    'Leakage, other attributes: how far the readings of the attributes that were not told move, '
    'mean absolute change of the probability (0 to 1) against the image restored without a word. '
    'Attributes that are tied to the told one are left out, as a face that is drawn cannot have '
    'both, or cannot lack both: bangs and a hat; black, blond, brown and gray hair; gray hair and '
    'youth; sex, mustache, beard and lipstick. "With tied ones" is over all others; edits.json '
    'has each of them.',
    'Leakage, pixels elsewhere: mean absolute change, as a share of 255, of the pixels in the '
    'hole that are outside the regions where the told attribute shows. Pixels outside the hole '
    'never change. Some of it is what was asked for: frames of glasses and bangs reach beyond '
    'their regions, a smile lifts the cheeks.',
    'Regions: the map is told for all of the hole; mIoU over the pixels of the holes, with the '
    'map that is read in the restored image, at 64 px. Another face: the regions of another test '
    'face in the place of the hole. The original images are the ceiling: what the network reads '
    'where nothing is missing; that of another face is what it reads where the hole holds the '
    'other face itself, which does not fit its surroundings any better.',
]
pictured = ['Eyeglasses', 'Smiling', 'Bangs', 'Wearing_Lipstick', 'Black_Hair', 'Rosy_Cheeks']
