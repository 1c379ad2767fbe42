import importlib.abc


class Loading(importlib.abc.Loader):
    """Wraps a loader, and leaves no trace in the modules that it loads."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        module.__loader__ = module.__spec__.loader = self.loader
        self.loader.exec_module(module)
