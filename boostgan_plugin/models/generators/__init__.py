from .classical import MeanColour, Telea
from .semantic_generator import SemanticGenerator

__all__ = ['MeanColour', 'SemanticGenerator', 'Telea']
