"""The base of the phone gateway's own errors; `detail` says in words what to do."""


class VoiceError(Exception):
    """A failure with a name. Its text is for the operator, never for a caller."""


class WrongWav(VoiceError):
    """A WAV that is not 8 kHz, mono, 16-bit."""


class ModelMissing(VoiceError):
    """A speech model is not where the settings say, or could not be fetched."""


class CannotSpeak(VoiceError):
    """The synthesiser gave no audio for a sentence."""


class FrontDoorDown(VoiceError):
    """The front door did not answer, or not in time, or with an error."""


class HungUp(VoiceError):
    """The caller is no longer on the line."""
