# 18 attributes as CelebA names them, 11 parts as Helen has them, and what a face may wear.
attributes = [
    'Bangs',
    'Big_Nose',
    'Black_Hair',
    'Blond_Hair',
    'Brown_Hair',
    'Bushy_Eyebrows',
    'Eyeglasses',
    'Gray_Hair',
    'Male',
    'Mouth_Slightly_Open',
    'Mustache',
    'No_Beard',
    'Rosy_Cheeks',
    'Smiling',
    'Wavy_Hair',
    'Wearing_Hat',
    'Wearing_Lipstick',
    'Young',
]
regions = [
    'background',
    'face_skin',
    'left_brow',
    'right_brow',
    'left_eye',
    'right_eye',
    'nose',
    'upper_lip',
    'inner_mouth',
    'lower_lip',
    'hair',
]
accessories = ['eyeglasses', 'hat']
# Where an attribute shows, for evaluation.
_brows = ['left_brow', 'right_brow']
_eyes = ['left_eye', 'right_eye']
_mouth = ['upper_lip', 'inner_mouth', 'lower_lip']
attribute_regions = dict(
    Bangs=['hair'],
    Big_Nose=['nose'],
    Black_Hair=['hair'],
    Blond_Hair=['hair'],
    Brown_Hair=['hair'],
    Bushy_Eyebrows=_brows,
    Eyeglasses=_eyes,
    Gray_Hair=['hair'],
    Male=['face_skin'],
    Mouth_Slightly_Open=_mouth,
    Mustache=_mouth,
    No_Beard=_mouth,
    Rosy_Cheeks=['face_skin'],
    Smiling=_mouth,
    Wavy_Hair=['hair'],
    Wearing_Hat=['hair'],
    Wearing_Lipstick=_mouth,
    Young=['face_skin'],
)
# The same, where eyeglasses and hats are regions.
accessory_regions = dict(
    attribute_regions,
    Eyeglasses=[*_eyes, 'eyeglasses'],
    Wearing_Hat=['hair', 'hat'],
)
# No two of a group are free of each other: a face that is drawn never has both, or never lacks
# both. Where one is told, the other has to change.
tied_attributes = [
    ['Bangs', 'Wearing_Hat'],
    ['Black_Hair', 'Blond_Hair', 'Brown_Hair', 'Gray_Hair'],
    ['Gray_Hair', 'Young'],
    ['Male', 'Mustache', 'No_Beard', 'Wearing_Lipstick'],
]
