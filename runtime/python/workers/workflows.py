"""Errors of Workflows."""


class NonRetryableError(Exception):
    """Raised in a step, it fails the Workflow at once: the step is not tried again."""
