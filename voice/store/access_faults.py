"""What can be wrong with who may log in and what is asked by other programs."""

from voice.store.accounts_port import Login
from voice.store.hooks_port import HookId
from voice.store.port import StoreError


class UnknownAccountError(StoreError):
    """Nobody may log in by this name."""

    def __init__(self, login: Login) -> None:
        super().__init__(
            f"There is no account {login} that may log in: "
            f"add it with `telefonist user add {login} --role person`."
        )


class IdentityTakenError(StoreError):
    """An identity would be that of two accounts."""

    def __init__(self, one: Login, other: Login) -> None:
        super().__init__(
            f"{one} and {other} would be the same person to the identity provider: "
            f"remove one with `telefonist user remove {one}`."
        )


class PasswordChangedError(StoreError):
    """A password is another by now than the one that somebody knew."""

    def __init__(self, login: Login) -> None:
        super().__init__(
            f"The password of {login} was changed meanwhile: log in by the new one."
        )


class KeyTakenError(StoreError):
    """There is a key of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a key {name} already: remove it with "
            f"`telefonist key remove {name}`, or choose another name."
        )


class UnknownHookError(StoreError):
    """Nothing is called by this id."""

    def __init__(self, id: HookId) -> None:
        super().__init__(
            f"There is no hook {id}: `telefonist hook list` shows those there are."
        )
