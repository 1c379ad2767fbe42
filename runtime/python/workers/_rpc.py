"""Values of calls between Workers."""

from _pinwheel.values import from_js as python_from_rpc
from _pinwheel.values import to_plain_js as python_to_rpc

__all__ = ["python_from_rpc", "python_to_rpc"]
