"""A refusal as who asked understands it: a page for a person whose link opens nothing, a problem for everybody else."""

from starlette.requests import Request
from starlette.responses import Response

from bodymap.api.http import negotiation, problems
from bodymap.api.http.security_headers import BY_LINK
from bodymap.api.operation import HTML, PAGE_POLICY
from bodymap.errors import Gone, Unauthenticated
from bodymap.pages.closed_link import closed_link_html
from bodymap.service.links import PARAMETER
from bodymap.words import LANGUAGES


async def handle(request: Request, error: Exception) -> Response:
    """The answer to an error; a coroutine, which Starlette does not run in a thread."""
    return _page(request, error) if _is_for_a_person(request, error) else problems.respond(request, error)


def _is_for_a_person(request: Request, error: Exception) -> bool:
    """Whether a browser opened a link, as a page or in a frame."""
    operation = request.scope.get("bodymap.operation")
    if operation is None or not operation.linkable or PARAMETER not in request.query_params:
        return False
    offered = (problems.MEDIA_TYPE, negotiation.essence(HTML))
    return isinstance(error, Gone | Unauthenticated) and (
        negotiation.best(request.headers.get("accept"), offered) == offered[1]
    )


def _page(request: Request, error: Exception) -> Response:
    # What framed the link may frame this as well: it says nothing of anybody.
    request.scope[BY_LINK] = True
    lang = request.query_params.get("lang", "")
    page = closed_link_html("ended" if isinstance(error, Gone) else "altered", lang if lang in LANGUAGES else "en")
    status = problems.status_of(Gone if isinstance(error, Gone) else Unauthenticated)
    return Response(page, status, dict(PAGE_POLICY), media_type=HTML)
