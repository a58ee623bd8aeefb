from .runs import load_config, test, train

__all__ = ['load_config', 'test', 'train']
