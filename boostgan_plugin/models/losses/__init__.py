from .boostgan_loss import BoostGANLoss

__all__ = ['BoostGANLoss']
