"""How far a job has come, in words."""

from __future__ import annotations

from ui.jobs import Job
from ui.language import Language


def progress_lines(t: Language, job: Job) -> str:
    """One line a stage, the present one last and in bold."""
    if job.state == "waiting":
        return t("upload.waiting")
    if not job.stages:
        return t("upload.starting")
    lines = [stage_line(t, job, at) for at in range(len(job.stages))]
    return "\n".join(f"- {line}" for line in lines)


def stage_line(t: Language, job: Job, at: int) -> str:
    """One stage: done, or how much of it."""
    name, done, total = job.stages[at]
    present = at == len(job.stages) - 1 and not job.finished
    line = t("upload.stage_now" if present else "upload.stage_done", stage=t.name("stages", name))
    if total is not None and total > 1:
        line += " " + t("upload.steps", done=t.number(done), total=t.number(total))
    return line
