"""What every refusal of the API has."""

import json
import re


def is_a_problem(answer):
    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    assert answer["Content-Type"] == "application/problem+json", answer
    document = json.loads(answer.content, parse_constant=refuse)
    assert document["status"] == answer.status_code
    assert re.search("[一-鿿]", document["detail"]), document
    return document["code"]
