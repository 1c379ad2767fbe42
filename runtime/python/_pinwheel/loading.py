import importlib.abc


class Loading(importlib.abc.Loader):
    """Loads a module as another loader does, and leaves no trace of itself in the module."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        module.__loader__ = module.__spec__.loader = self.loader
        self.loader.exec_module(module)
