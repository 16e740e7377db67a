"""What would everybody who was asked have answered? Answers weighted for who does not answer."""

from pathworth.measure.responses.answer import AnswerShare, Balance, Estimated, Mean, Responses
from pathworth.measure.responses.responses import responses

__all__ = ["AnswerShare", "Balance", "Estimated", "Mean", "Responses", "responses"]
