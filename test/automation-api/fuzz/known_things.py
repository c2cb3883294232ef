"""Leads made-up requests to things that exist: without it nearly all of them would ask for what never was.

schemathesis loads it by SCHEMATHESIS_HOOKS. STOREFLEET_KNOWN says what there is, as `known-things.ts` writes it.
"""

import json
import os
import re
import zlib

import schemathesis
from schemathesis.core import NOT_SET

KNOWN = json.loads(os.environ["STOREFLEET_KNOWN"])

# The last fitting line says what a parameter of a path names.
NAMES = [
    (r"/organizations/", "organization", "organizations"),
    (r"/stores/", "name", "stores"),
    (r"/operations/", "id", "operations"),
    (r"/people/", "id", "people"),
    (r"/members/", "id", "members"),
    (r"/invitations/", "id", "invitations"),
    (r"/keys/", "id", "keys"),
    (r"/webhooks/", "id", "webhooks"),
    (r"/webhooks/", "delivery", "deliveries"),
    (r"/sessions/", "id", "sessions"),
]


def names_for(path, parameter):
    fitting = [things for pattern, name, things in NAMES if name == parameter and re.search(pattern, path)]
    return KNOWN.get(fitting[-1], []) if fitting else []


def dice_of(case):
    """The same request gets the same things, so that what failed can be seen again."""
    return zlib.crc32(repr((case.method, case.path, case.path_parameters, case.query, case.body)).encode())


def who_sends(path, dice):
    """Whoever signs in or out by a request is signed in no more after it: they have cookies to lose."""
    if re.search(r"/(session|sessions)$", path):
        return KNOWN["spareCookies"][dice % len(KNOWN["spareCookies"])]
    if re.search(r"/v1/(sign-in|sign-up|invitations/accept)", path):
        return None
    return KNOWN["cookie"]


def fill_path(case, path, dice):
    for offset, parameter in enumerate(sorted(case.path_parameters or {})):
        things = names_for(path, parameter)
        if things and (dice >> offset) % 4 != 0:
            case.path_parameters[parameter] = things[(dice // 7 + offset) % len(things)]
    # One delivery belongs to one webhook.
    if "delivery" in (case.path_parameters or {}) and dice % 3 != 0 and KNOWN["deliveries"]:
        case.path_parameters["id"] = KNOWN["webhookOfDeliveries"]


def fill_body(case, path, dice):
    if not isinstance(case.body, dict):
        return
    # Limits that were set low would refuse the rest of the run.
    if path.endswith("/settings"):
        for name, value in case.body.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                case.body[name] = 100_000
    if dice % 3 == 0:
        return
    if "organization" in case.body:
        case.body["organization"] = KNOWN["organizations"][0]
    if path.endswith("/sign-in/password"):
        case.body.update(KNOWN["login"])
    if path.endswith("/invitations/accept") and KNOWN["tokens"]:
        case.body["token"] = KNOWN["tokens"][dice % len(KNOWN["tokens"])]
    if path.endswith("/api/v1/session") and KNOWN["signInTokens"]:
        case.body["token"] = KNOWN["signInTokens"][dice % len(KNOWN["signInTokens"])]


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path
    dice = dice_of(case)
    fill_path(case, path, dice)
    fill_body(case, path, dice)
    if isinstance(case.query, dict) and "organization" in (case.query or {}) and dice % 3 != 0:
        case.query["organization"] = KNOWN["organizations"][0]
    headers = {**(case.headers or {})}
    cookie = who_sends(path, dice)
    if cookie is not None:
        headers["Cookie"] = cookie
    # The same key for everything would be refused, and so would versions that never were.
    if "Idempotency-Key" in headers and dice % 4 != 0:
        headers["Idempotency-Key"] = f"key-{dice}"
    if "If-Match" in headers and dice % 4 != 0:
        del headers["If-Match"]
    # What changes something is sent as JSON, also when it says nothing.
    if case.method in ("POST", "PUT", "PATCH") and case.body is NOT_SET and dice % 8 != 0:
        case.body = {}
        case.media_type = "application/json"
        headers["Content-Type"] = "application/json"
    case.headers = headers
