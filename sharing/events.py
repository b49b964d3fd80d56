"""What the trail says happened in sharing/. The values are stored and sealed; never change one."""

from enum import StrEnum


class Event(StrEnum):
    REGISTER_IMPORTED = "register.imported"
