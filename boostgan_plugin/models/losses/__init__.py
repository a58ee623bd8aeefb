from .boostgan_loss import BoostGANLoss
from .boostgan_plus_loss import BoostGANPlusLoss
from .semantic_consistency import SemanticConsistencyLoss
from .semantic_perceptual import SemanticPerceptualLoss

__all__ = ['BoostGANLoss', 'BoostGANPlusLoss', 'SemanticConsistencyLoss', 'SemanticPerceptualLoss']
