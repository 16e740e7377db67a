"""Names that people and tools give to columns, as data: what each usually means and how strongly.

A name is compared without case and marks (``case:concept:name`` and ``Case Concept Name`` are
``caseconceptname``). Weights run from 0 (no sign) to 1 (nearly always).
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _weights(weight: float, names: str) -> dict[str, float]:
    return dict.fromkeys(names.split(), weight)


ENTITY: Mapping[str, float] = {
    **_weights(
        1.0,
        """userid customerid householdid studentid idstudent caseconceptname distinctid personid memberid
        clientid contactid subscriberid playerid patientid visitorid userpseudoid customeruid useruid
        customernumber customerno memberno leadid profileid masterid buyerid shopperid guestid
        passengerid employeeid learnerid viewerid fullvisitorid domainuserid iduser idcustomer idclient""",
    ),
    **_weights(
        0.85,
        """user customer person member client contact patient student household visitor case caseid
        accountid companyid orgid organizationid subscriptionid cid uid custid cust""",
    ),
    **_weights(0.7, "anonymousid deviceid cookieid cookie email emailaddress msisdn phone"),
    **_weights(0.4, "id account device company name ticketid"),
    **_weights(0.3, "sessionid usersession session visitid"),
}
"""Whose journey a row belongs to."""

EVENT: Mapping[str, float] = {
    **_weights(
        1.0,
        """event eventname eventtype activity activityname conceptname action eventaction eventlabel
        interaction interactiontype touchpoint""",
    ),
    **_weights(0.85, "actiontype step stepname task taskname milestone eventtitle eventkind"),
    **_weights(0.6, "type kind operation registrationtype handling stage screen screenname"),
    **_weights(0.4, "name status state page pagename pageurl category label channel"),
}
"""What happened."""

TIME: Mapping[str, float] = {
    **_weights(
        1.0,
        """timestamp eventtime eventtimestamp timetimestamp occurredat happenedat eventdate datetime
        eventdatetime time ts transactiontimestamp transactiontime transactiondate orderdate ordertime
        orderedat purchasedate purchasetime purchasedat invoicedate derivedtstamp collectortstamp
        dvcecreatedtstamp eventts timestampms epoch unixtime""",
    ),
    **_weights(
        0.9,
        """date day createdat created createdtime createddate datesubmitted submittedat submittedon
        originaltimestamp loggedat recordedat visitstarttstamp visitdate usagedate churndate
        redemptiondate dateregistration signupdate completetime completetimestamp""",
    ),
    **_weights(0.6, "startdate starttime starttimestamp startedat start receivedat sentat"),
    **_weights(0.3, "week month year period dayofyear"),
}
"""When it happened; ``_at``, ``date`` and ``time`` inside a name count a little by themselves."""

NOT_THIS_TIME = (
    "end deadline planned due expir birth updat modif close etl unreg".split()  # noqa: SIM905
)
"""Words inside a name that make another time: not that of the event."""

VALUE: Mapping[str, float] = {
    **_weights(
        1.0,
        """revenue amount value dollars sales salesvalue totalprice totalamount orderamount ordervalue
        ordertotal netrevenue netamount netsales turnover paid payment amountpaid purchaseamount
        transactionamount amountusd amounteur revenueusd revenueeur grandtotal income gmv""",
    ),
    **_weights(0.85, "price total subtotal grossamount grossrevenue spend mrr mrramount trtotal"),
    **_weights(0.4, "unitprice listprice budget arr arramount"),
}
"""Money received."""

COST: Mapping[str, float] = {
    **_weights(1.0, "cost costs variablecost costamount totalcost cogs costusd costeur"),
    **_weights(0.5, "fee fees shippingcost expense"),
}
"""Money paid for it."""

CURRENCY: Mapping[str, float] = _weights(1.0, "currency currencycode cur ccy")
"""Three-letter codes."""

MESSAGE: Mapping[str, float] = _weights(
    1.0, "messageid eventid insertid dollarinsertid eventuuid msgid uuid hitid eventkey rowid"
)
"""The id that a sender gives to one message, so that sending it twice changes nothing."""

BUYING = (
    "purchase order paid payment buy bought transaction subscri renew invoice sale refund".split()  # noqa: SIM905
)
"""Words in event names that go with money being received."""

ORDER_SIGNS = ("order", "transaction", "basket", "invoice", "purchase", "cart")
"""Words in column names that say rows are orders."""


def plain(name: str) -> str:
    """Return a column's name without case and marks, ``$`` spelled out."""
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("$", "dollar"))


def weight(words: Mapping[str, float], name: str) -> float:
    """Return how strongly a name carries a meaning; the last part of a nested name a little less."""
    whole = words.get(plain(name), 0.0)
    leaf = words.get(plain(name.rsplit(".", 1)[-1]), 0.0) * 0.95 if "." in name else 0.0
    return max(whole, leaf)
