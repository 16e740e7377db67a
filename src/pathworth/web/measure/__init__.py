"""Questions about journeys under the API."""

from fastapi import APIRouter

from pathworth.measure import ASKS
from pathworth.web.measure import choices, numbers
from pathworth.web.measure.asking import routes_of

router = APIRouter()
router.include_router(routes_of(ASKS))
router.include_router(choices.router)
router.include_router(numbers.router)

__all__ = ["router"]
