# 18 attributes as CelebA names them, 11 parts as Helen has them.
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
