"""The life of a job."""

from enum import StrEnum


class JobStatus(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Given up after `max_attempts`; staff may start it again."""
