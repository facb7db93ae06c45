"""三步审批 accept, examine, approve: each by one named person, the process row locked meanwhile."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process, Task

STEPS = ("accept", "examine", "approve")


def _page(request: HttpRequest, **_told: Any) -> HttpResponse:
    raise NotImplementedError("acts come through ``act``, as JSON")


class ThreeSteps(flow.Flow):  # type: ignore[misc]
    """审批."""

    process_class = Process
    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle(this.begin).Next(this.accept)
    accept = flow.View(_page).Assign(username="clerk").Next(this.examine)
    examine = flow.View(_page).Assign(username="clerk").Next(this.approve)
    approve = flow.View(_page).Assign(username="head").Next(this.end)
    end = flow.End()

    def begin(self, activation: Any) -> Any:
        """A case as it was filed."""
        return activation


def act(request: HttpRequest, process: int, step: str) -> JsonResponse:
    """One step by whoever asks: permission, lock, the text that was said, the next task."""
    with transaction.atomic():
        task = Task.objects.select_related("process", "owner").get(
            process_id=process, flow_task=getattr(ThreeSteps, step)
        )
        with task.activation() as activation:
            if not activation.start.has_perm(request.user):
                return JsonResponse({"code": "forbidden"}, status=403)
            activation.start(request)
            activation.task.data = {"text": request.body.decode()}
            activation.execute()
    return JsonResponse({"process": process, "step": step, "status": activation.task.status})
