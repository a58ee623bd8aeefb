# What the scenes of tools/dataset_converters/photo_scenes.py are labelled with.
attributes = [
    'sky', 'building', 'vegetation', 'rock', 'water', 'bird', 'mammal', 'small_animal', 'food',
    'flower', 'vehicle', 'object'
]
regions = [
    'scene', 'bird', 'mammal', 'small_animal', 'food', 'flower', 'vehicle', 'object'
]
