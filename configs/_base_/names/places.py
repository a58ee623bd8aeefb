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
# The 150 classes of ADE20K, as mmseg names them.
regions = [
    'wall', 'building', 'sky', 'floor', 'tree', 'ceiling', 'road', 'bed ', 'windowpane',
    'grass', 'cabinet', 'sidewalk', 'person', 'earth', 'door', 'table', 'mountain', 'plant',
    'curtain', 'chair', 'car', 'water', 'painting', 'sofa', 'shelf', 'house', 'sea', 'mirror',
    'rug', 'field', 'armchair', 'seat', 'fence', 'desk', 'rock', 'wardrobe', 'lamp', 'bathtub',
    'railing', 'cushion', 'base', 'box', 'column', 'signboard', 'chest of drawers', 'counter',
    'sand', 'sink', 'skyscraper', 'fireplace', 'refrigerator', 'grandstand', 'path', 'stairs',
    'runway', 'case', 'pool table', 'pillow', 'screen door', 'stairway', 'river', 'bridge',
    'bookcase', 'blind', 'coffee table', 'toilet', 'flower', 'book', 'hill', 'bench',
    'countertop', 'stove', 'palm', 'kitchen island', 'computer', 'swivel chair', 'boat', 'bar',
    'arcade machine', 'hovel', 'bus', 'towel', 'light', 'truck', 'tower', 'chandelier',
    'awning', 'streetlight', 'booth', 'television receiver', 'airplane', 'dirt track',
    'apparel', 'pole', 'land', 'bannister', 'escalator', 'ottoman', 'bottle', 'buffet',
    'poster', 'stage', 'van', 'ship', 'fountain', 'conveyer belt', 'canopy', 'washer',
    'plaything', 'swimming pool', 'stool', 'barrel', 'basket', 'waterfall', 'tent', 'bag',
    'minibike', 'cradle', 'oven', 'ball', 'food', 'step', 'tank', 'trade name', 'microwave',
    'pot', 'animal', 'bicycle', 'lake', 'dishwasher', 'screen', 'blanket', 'sculpture', 'hood',
    'sconce', 'vase', 'traffic light', 'tray', 'ashcan', 'fan', 'pier', 'crt screen', 'plate',
    'monitor', 'bulletin board', 'shower', 'radiator', 'glass', 'clock', 'flag'
]
