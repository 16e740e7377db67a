"""Files that tell no people become numbers by the day."""

from pathworth.collect.daily.importing import DailyGroup, import_group, is_daily, read_group
from pathworth.collect.daily.sniffing import sniff_daily

__all__ = ["DailyGroup", "import_group", "is_daily", "read_group", "sniff_daily"]
