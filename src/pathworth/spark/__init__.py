"""And on a cluster? The `Engine` port as Spark tasks: shards are theirs, kernels run in them, partials come back."""

from pathworth.spark.building import SparkBuilder
from pathworth.spark.checking import Machine, machines
from pathworth.spark.engine import SparkEngine
from pathworth.spark.jobs import Jobs
from pathworth.spark.session import session
from pathworth.spark.sharing import Files
from pathworth.spark.trial import Trial, free_port, trial
from pathworth.spark.troubles import clear_errors

__all__ = [
    "Files",
    "Jobs",
    "Machine",
    "SparkBuilder",
    "SparkEngine",
    "Trial",
    "clear_errors",
    "free_port",
    "machines",
    "session",
    "trial",
]
