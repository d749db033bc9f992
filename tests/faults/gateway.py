"""A poor gateway before the warehouse: it passes requests on, and spoils or doubles some."""

from flask import Flask, Response, request
from requests import Session

_DROPPED = {"connection", "content-length", "transfer-encoding", "host", "keep-alive"}


class Gateway:
    """Passes everything on to ``target``. The next batches get what is in ``plan``: a status to
    answer instead of the warehouse's own answer, or ``"twice"`` to pass the request on twice."""

    def __init__(self, target: str) -> None:
        self.plan: list[int | str] = []
        self._target, self._http = target, Session()
        self._http.trust_env = False
        self.app = Flask("tests.faults.gateway")
        self.app.add_url_rule(
            "/<path:path>", view_func=self._answer, methods=["GET", "POST", "PUT", "DELETE"]
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _answer(self, path: str) -> Response:
        is_batch = path.endswith("/orders/batch")
        fault = self.plan.pop(0) if is_batch and self.plan else None
        answer = self._pass_on(path)
        if fault == "twice":
            answer = self._pass_on(path)
        return Response("Bad gateway", fault) if isinstance(fault, int) else answer

    def _pass_on(self, path: str) -> Response:
        sent = {name: text for name, text in request.headers if name.lower() not in _DROPPED}
        got = self._http.request(
            request.method,
            f"{self._target}/{path}",
            params=request.args,
            headers=sent,
            data=request.get_data(),
            allow_redirects=False,
            timeout=20,
        )
        back = [(n, text) for n, text in got.headers.items() if n.lower() not in _DROPPED]
        return Response(got.content, got.status_code, back)
