"""A receipt as linked data (JSON-LD): ISO/IEC TS 27560 in the words of the Data Privacy Vocabulary.

Owns the mapping. Nothing is added that the receipt does not say; whether it holds is the verifier's question.
"""

from collections.abc import Mapping, Sequence

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "agegate": "urn:agegate:receipt:",
}
Facts = Mapping[str, object]
DECIDED = {"granted": "dpv:ConsentGiven", "refused": "dpv:ConsentRefused"}


def linked_receipt(receipt: Facts, entries: Sequence[Facts] = ()) -> dict[str, object]:
    """The record as JSON-LD."""
    notice, expressed, controller = (_part(receipt, name) for name in ("notice", "expressed_by", "controller"))
    principal = _part(receipt, "principal")
    later = [_part(entry, "event") | {"purposes": entry.get("purposes")} for entry in entries]
    return {
        "@context": CONTEXT,
        "@id": f"urn:agegate:receipt:{receipt['receipt_id']}",
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#receipt-record",
        "dct:identifier": receipt["receipt_id"],
        "dct:isPartOf": f"urn:agegate:record:{receipt['record_id']}",
        "dpv:hasDataSubject": {"@type": principal["type"], "dct:identifier": principal["ref"]},
        "dpv:isIndicatedBy": {"@type": expressed["type"], "dct:identifier": expressed["ref"]},
        "dpv:hasIndicationMethod": receipt["method"],
        "dpv:hasDataController": _controller(controller),
        "dpv:hasJurisdiction": receipt["jurisdiction"],
        "dpv:hasApplicableLaw": receipt["rules"],
        "dpv:hasNotice": _notice(notice),
        "dpv:hasProcess": [_process(each, receipt) for each in _list(receipt, "processing")],
        "dpv:hasConsentStatus": [_status(each) for each in (*_list(receipt, "events"), *later)],
        "agegate:disclosure": receipt.get("disclosure"),
        "agegate:withdrawal": receipt["withdrawal"],
        "agegate:environment": receipt.get("environment", "live"),
    }


def _controller(controller: Facts) -> dict[str, object]:
    return {
        "@type": "dpv:DataController",
        "dct:identifier": controller["id"],
        "dpv:hasName": controller["name"],
        "dpv:hasAddress": controller["address"],
        "dpv:hasContact": controller["contact"],
    }


def _notice(notice: Facts) -> dict[str, object]:
    return {
        "@type": "dpv:ConsentNotice",
        "@id": notice["url"],
        "dct:hasVersion": notice["version"],
        "dct:language": notice["language"],
        "agegate:sha256": notice["sha256"],
    }


def _process(each: Facts, receipt: Facts) -> dict[str, object]:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": each["purpose"],
        "dpv:hasPersonalData": each["categories"],
        "dpv:hasNecessity": each["necessity"],
        "dpv:hasLegalBasis": "dpv:Consent",
        "dpv:hasStorageCondition": {"dpv:hasDuration": each["retention"], "dpv:hasLocation": receipt["storage_places"]},
        "dpv:hasRecipient": receipt["recipients"],
        "dpv:hasConsentStatus": DECIDED.get(str(each["decision"]), "dpv:ConsentUnknown"),
    }


def _status(event: Facts) -> dict[str, object]:
    shown = {"@type": event["state"], "dct:date": event["at"]}
    return shown | ({"agegate:purposes": event["purposes"]} if event.get("purposes") else {})


def _part(facts: Facts, name: str) -> dict[str, object]:
    part = facts[name]
    return dict(part) if isinstance(part, Mapping) else {}


def _list(facts: Facts, name: str) -> list[Facts]:
    listed = facts[name]
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
