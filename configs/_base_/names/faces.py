# 18 attributes as CelebA names them, 11 parts as Helen has them.
attributes = [
    'Bangs', 'Big_Nose', 'Black_Hair', 'Blond_Hair', 'Brown_Hair', 'Bushy_Eyebrows', 'Eyeglasses',
    'Gray_Hair', 'Male', 'Mouth_Slightly_Open', 'Mustache', 'No_Beard', 'Rosy_Cheeks', 'Smiling',
    'Wavy_Hair', 'Wearing_Hat', 'Wearing_Lipstick', 'Young'
]
regions = [
    'background', 'face_skin', 'left_brow', 'right_brow', 'left_eye', 'right_eye', 'nose',
    'upper_lip', 'inner_mouth', 'lower_lip', 'hair'
]
