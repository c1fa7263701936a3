"""What watching the service adds to the site."""

from datetime import timedelta

from lms.frame.plugins import Check, Job, Plugin, Setting
from lms.monitoring.checks import find_late_letters, find_no_worker, find_refusals
from lms.monitoring.jobs import beat
from lms.monitoring.rules import BEAT, METRICS_FROM, read_networks
from lms.monitoring.views import bp

PLUGIN = Plugin(
    name="monitoring",
    title="Monitoring",
    blueprints=(bp,),
    settings=(
        Setting(
            METRICS_FROM,
            "the addresses or networks that may read /metrics, with commas between them: 10.0.0.5, 10.1.0.0/16",
            (),
            read_networks,
        ),
    ),
    jobs=(Job(BEAT, "Note that the worker is there", beat, every=timedelta(minutes=1)),),
    checks=(
        Check("monitoring.worker", "the worker is there", find_no_worker),
        Check("monitoring.letters", "no email is more than an hour late", find_late_letters),
        Check("monitoring.refusals", "mail servers take the emails of the last hour", find_refusals),
    ),
)
