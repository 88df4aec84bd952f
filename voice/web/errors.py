"""Why a question is not answered as it was asked."""

from voice.errors import VoiceError
from voice.web.forms import Form


class NotLoggedInError(VoiceError):
    """Somebody must log in first; what was typed is kept meanwhile."""

    def __init__(self, form: Form | None, was: str | None) -> None:
        super().__init__("Log in first.")
        self.form, self.was = form, was


class StaleFormError(VoiceError):
    """A form was made for an earlier session; what was typed is kept."""

    def __init__(self, form: Form) -> None:
        super().__init__("Open the page again.")
        self.form = form


class ChangedMeanwhileError(VoiceError):
    """What a form was made for has been changed by another, and stands no more."""

    def __init__(self) -> None:
        super().__init__("Open the page again, and look at what stands now.")


class TooManyViewersError(VoiceError):
    """More people follow calls than can be told of them."""

    def __init__(self) -> None:
        super().__init__("Too many follow what happens in calls: try again later.")
