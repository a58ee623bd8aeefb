# What GenerateColorLabels labels.
attributes = [
    'much_black', 'much_grey', 'much_white', 'much_red', 'much_orange', 'much_yellow',
    'much_green', 'much_blue', 'much_purple', 'much_pink', 'much_brown', 'bright', 'dark',
    'colourful', 'contrasty', 'detailed'
]
regions = [
    'black', 'grey', 'white', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown'
]
