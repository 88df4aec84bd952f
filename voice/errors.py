"""The root of every error that the house expects, and the names of all others."""


class VoiceError(Exception):
    """Something foreseen went wrong; the text says what, and what to do about it."""


def where(error: BaseException) -> str:
    """Name a fault by its kind and where it was raised, without its own words.

    Those of a fault that was not foreseen can hold what somebody said.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    at = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
    return f"{type(error).__name__} at {at}"
