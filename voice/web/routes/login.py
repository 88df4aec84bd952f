"""Logging in and out, and a new password of one's own."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from voice.store.access_faults import PasswordChangedError
from voice.store.accounts_port import Account
from voice.store.sessions_port import SessionId
from voice.web import sessions
from voice.web.buckets import Buckets, Rate
from voice.web.drawers import Message
from voice.web.forms import Form, local_path, read_form
from voice.web.guard import AsPerson, open_to_all
from voice.web.notices import drawers_of, keep
from voice.web.oidc.farewells import Farewells
from voice.web.peers import neighbourhood
from voice.web.port import PasswordFault, Proof
from voice.web.refusals import LOGIN, refuse
from voice.web.rendering import house_of, render, visitor_of

# How often one address may be wrong about a password. All of an office can have one;
# each account has a lock of its own beside it.
RATE = Rate(0.5, 50)
# By this a browser is known again; it lets nobody in.
_MARK = "kand"
_A_YEAR = 365 * 24 * 60 * 60
# Who came by way of the identity provider is logged in there still.
_HERE_ALONE = "har"

routes = APIRouter(include_in_schema=False)


@routes.get(LOGIN)
@open_to_all
async def ask(request: Request) -> Response:
    """Show where one logs in."""
    if visitor_of(request) is not None:
        return RedirectResponse("/", 303)
    till = request.query_params.get("till", "")
    return login_page(request, till, is_out="ut" in request.query_params)


@routes.post(LOGIN)
@open_to_all
async def log_in(request: Request) -> Response:
    """Let somebody in, or say that it was not right, whatever it was."""
    house, form = house_of(request), await read_form(request)
    till = form.text("till")
    if not sessions.is_token_before(request, form.text("before")):
        return login_page(request, till, form.blamed(form="login.again"), 403)
    address = neighbourhood(request.scope["client"][0])
    if _tries(request).wait(address, house.now().timestamp()):
        raise HTTPException(429, headers={"Retry-After": "5"})
    # Not `text`: a password may begin or end with a blank.
    password = next(iter(form.all("password")), "")
    mark = sessions.brought(request, _MARK)
    proof = await house.gate.check(form.text("login"), password, house.now(), mark)
    if proof is None:
        return login_page(request, till, form.blamed(form="login.wrong"), 401)
    _tries(request).give_back(address)
    answer = await let_in(request, proof.account, local_path(till) or "/")
    if not await house.gate.holds(proof):
        # It was changed in between, by whoever wants nobody in by the old one.
        await house.store.sessions.end_all(proof.account.login)
        return login_page(request, till, form.blamed(form="login.wrong"), 401)
    _remember(request, answer, proof)
    return answer


@routes.post("/logga-ut")
async def log_out(request: Request, visitor: AsPerson) -> Response:
    """End the session."""
    account = await house_of(request).store.accounts.find(visitor.login)
    came = account is not None and account.identity is not None
    answer = RedirectResponse(f"{LOGIN}?ut={_HERE_ALONE if came else ''}", 303)
    await sessions.end(request, answer)
    _keep_farewell(request, visitor.session, answer)
    return answer


@routes.get("/losenord")
async def ask_password(request: Request, visitor: AsPerson) -> Response:
    """Show where one chooses a new password."""
    return render(request, "password.html")


@routes.post("/losenord")
async def change_password(request: Request, visitor: AsPerson) -> Response:
    """Give the visitor a new password, and another session."""
    house, form = house_of(request), await read_form(request)
    old, new, again = (
        next(iter(form.all(name)), "")
        for name in ("password", "new_password", "again_password")
    )
    if new != again:
        return _not_changed(request, form.blamed(again_password="password.unlike"))
    if _tries(request).wait(visitor.login, house.now().timestamp()):
        return refuse(request, 429)
    mark = sessions.brought(request, _MARK)
    proof = await house.gate.check(visitor.login, old, house.now(), mark)
    if proof is None:
        return _not_changed(request, form.blamed(password="password.wrong"))
    _tries(request).give_back(visitor.login)
    try:
        changed = await house.gate.change(proof, new, house.now())
    except PasswordChangedError:
        return _not_changed(request, form.blamed(password="password.wrong"))
    if isinstance(changed, PasswordFault):
        return _not_changed(request, form.blamed(new_password=changed))
    answer = RedirectResponse("/", 303)
    id = await sessions.begin(request, changed.account, answer)
    keep(request, id, Message("password.changed"))
    _remember(request, answer, changed)
    return answer


async def let_in(
    request: Request, account: Account, page: str, proof: str = ""
) -> Response:
    """Begin a session, and bring a form along that waited for it.

    The proof is the token by which an identity provider has told who it is.
    """
    now = house_of(request).now()
    token, drawers = sessions.token_before(request), drawers_of(request)
    waiting = drawers.take(token, None, now, of_stranger=True)
    form = waiting.form if waiting else None
    if waiting and waiting.login != account.login:
        # It was somebody else's, at the same keyboard.
        form = None
    answer = RedirectResponse(form.page if form else page, 303)
    id = await sessions.begin(request, account, answer)
    farewells_of(request).put(id, proof, now)
    if form is not None:
        keep(request, id, Message("forms.is_kept"), form)
    return answer


def login_page(
    request: Request,
    till: str,
    form: Form | None = None,
    status: int = 200,
    is_out: bool = False,
) -> Response:
    """Show where one logs in, with a token that its form must bring back."""
    if form is not None:
        request.state.form = form
    token = sessions.token_before(request)
    till = local_path(till) or "/"
    page = render(
        request,
        "login.html",
        status,
        before=token,
        till=till,
        is_out=is_out,
        is_in_elsewhere=request.query_params.get("ut") == _HERE_ALONE,
        has_provider=bool(house_of(request).settings.oidc.issuer),
    )
    sessions.keep_token(request, page, token)
    return page


def _remember(request: Request, answer: Response, proof: Proof) -> None:
    """Let a browser know again that somebody has logged in there."""
    settings = house_of(request).settings
    sessions.give(answer, settings, _MARK, proof.mark, _A_YEAR)


def farewells_of(request: Request) -> Farewells:
    """Return by what those who are logged in can take leave elsewhere."""
    farewells: Farewells = request.app.state.farewells
    return farewells


def _keep_farewell(request: Request, session: SessionId, answer: Response) -> None:
    """Let the browser that logs out here take leave of the provider after that."""
    now, farewells = house_of(request).now(), farewells_of(request)
    if token := farewells.take(session, now):
        before = sessions.token_before(request)
        farewells.put(before, token, now)
        sessions.keep_token(request, answer, before)


def _not_changed(request: Request, form: Form) -> Response:
    request.state.form = form
    return render(request, "password.html", 422)


def _tries(request: Request) -> Buckets:
    tries: Buckets = request.app.state.tries
    return tries
