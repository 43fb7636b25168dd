from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The HTTP kit. No tables, and no import of another app of ours."""

    name = "api"

    def ready(self) -> None:
        from django.core.signals import request_finished
        from django_tasks.signals import task_finished, task_started

        from api import request_log, tasks

        # After the last byte was sent: until then what is logged is about the request.
        request_finished.connect(request_log.forget)
        task_started.connect(tasks.name_task)
        task_finished.connect(tasks.forget_task)
