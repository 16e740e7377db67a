"""Nothing of Spark is imported unless a cluster is asked, and without the extra that is told clearly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Gone(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("pyspark", "py4j"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.split(".")[0])

sys.meta_path.insert(0, Gone())
from pathworth import run
from pathworth.base.errors import NotSupported
from pathworth.cli import main
from pathworth.web import build_app

opened = run.init(sys.argv[1])
build_app(opened)
run.set_cluster(opened, master="spark://127.0.0.1:7077")
try:
    run.check_cluster(opened)
except NotSupported as error:
    print(error.code, error.hint)
"""


def test_all_but_a_cluster_goes_without_spark(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", WITHOUT, str(tmp_path / "shop")]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert said == "NO_SPARK Install it with: pip install 'pathworth[spark]'\n"
