"""A service that runs jobs and shows what they do on Tailrace: POST /runs/WORKSPACE/WORKFLOW starts one."""

import logging
import os

from flask import Flask
from flask.typing import ResponseReturnValue

from tailrace import SSEPublisher, TailraceHandler

sse = SSEPublisher(
    gateway_url=os.environ.get("TAILRACE_URL", "http://localhost:8080"),
    service_token=os.environ["TAILRACE_TOKEN"],
    service_name="l5-etl-service",
)
app = Flask(__name__)

# What the service itself logs is published, too, beside what it prints.
logging.basicConfig(level=logging.INFO)
logging.getLogger().addHandler(TailraceHandler(sse, "services", "l5-etl-service"))


@app.post("/runs/<workspace>/<workflow>")
def run(workspace: str, workflow: str) -> ResponseReturnValue:
    for step in ("extract", "transform", "load"):
        sse.publish_log(workspace, workflow, {"level": "INFO", "message": f"ETL step {step} completed"})
    app.logger.info("workflow %s of %s has run", workflow, workspace)
    return {"channel": f"logs:{workspace}:{workflow}"}, 202


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "5000")))
