"""`/api/cases`: case files."""

from cloudcourt.api.access import STAFF
from cloudcourt.api.answers import CaseList, Nothing
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.case import Case, NewCase
from cloudcourt.domain.ids import CaseId
from cloudcourt.domain.ports import StaffMember

routes = RouteTable()


@routes.route("GET", "/api/cases", body=Nothing, returns=CaseList, access=STAFF, summary="All case files.")
async def list_cases(call: Call[Nothing, StaffMember]) -> CaseList:
    """Newest first."""
    return CaseList(cases=await call.house.cases.cases())


@routes.route("POST", "/api/cases", body=NewCase, returns=Case, access=STAFF, status=201, summary="Open a case file.")
async def open_case(call: Call[NewCase, StaffMember]) -> Case:
    """Raises AlreadyExists when the case number is taken."""
    return await call.house.cases.add_case(call.body, at=call.house.clock.now())


@routes.route("GET", "/api/cases/{case_id}", body=Nothing, returns=Case, access=STAFF, summary="One case file.")
async def read_case(call: Call[Nothing, StaffMember]) -> Case:
    """Raises NotFound."""
    return await call.house.cases.case(CaseId(call.named("case_id")))
