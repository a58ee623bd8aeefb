# 20 scenes of Places365 and SUN, 40 objects of SUN; docs/data.md tells what they stand for.
attributes = [
    'scene_beach', 'scene_bedroom', 'scene_bridge', 'scene_castle', 'scene_coast',
    'scene_corridor', 'scene_desert', 'scene_dining_room', 'scene_field', 'scene_forest',
    'scene_highway', 'scene_kitchen', 'scene_lake', 'scene_living_room', 'scene_mountain',
    'scene_office', 'scene_park', 'scene_river', 'scene_skyscraper', 'scene_street',
    'wall', 'window', 'floor', 'ceiling', 'door', 'chair', 'table', 'cabinet', 'bed', 'sofa',
    'armchair', 'desk', 'shelf', 'lamp', 'curtain', 'cushion', 'painting', 'mirror', 'rug',
    'plant', 'flower', 'book', 'stairs', 'column', 'railing', 'fence', 'streetlight',
    'building', 'sky', 'tree', 'grass', 'ground', 'sand', 'road', 'sidewalk', 'mountain',
    'rock', 'water', 'car', 'person'
]
