from .boostgan_loss import BoostGANLoss
from .semantic_consistency import SemanticConsistencyLoss

__all__ = ['BoostGANLoss', 'SemanticConsistencyLoss']
