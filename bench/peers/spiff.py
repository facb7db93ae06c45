"""SpiffWorkflow in memory: three steps a case, nothing kept, no HTTP; prints cases a second."""

import sys
import time
from pathlib import Path

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

STEPS = 3


def main(seconds: float) -> None:
    """Begin a case, do what waits until nothing does, and again."""
    parser = BpmnParser()
    parser.add_bpmn_file(str(Path(__file__).with_name("three.bpmn")))
    spec = parser.get_spec("three")
    cases, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        case = BpmnWorkflow(spec)
        case.do_engine_steps()
        done = 0
        while waiting := case.get_tasks(state=TaskState.READY, manual=True):
            waiting[0].run()
            case.do_engine_steps()
            done += 1
        if done != STEPS or not case.is_completed():
            raise RuntimeError(f"{done} steps were done")
        cases += 1
    print(cases / (time.perf_counter() - began))


if __name__ == "__main__":
    main(float(sys.argv[1]))
