"""The composition root's part for reports: which call gets which flow. It builds, and decides nothing."""

from collections.abc import Callable
from datetime import datetime

from starlette.routing import BaseRoute

from agegate.flows.clear_subject import ClearSubject
from agegate.flows.contest_report import ContestReport
from agegate.flows.due import Due
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.let_silence_act import LetSilenceAct
from agegate.flows.receive_report import ReceiveReport
from agegate.flows.report_subject import ReportSubject
from agegate.flows.rule_report import RuleReport
from agegate.house import House
from agegate.store.transaction import Transaction
from agegate.web.counter import Counter
from agegate.web.origins import Origins
from agegate.web.report_form_routes import ReportFormRoutes
from agegate.web.report_routes import ReportRoutes


def report_routes(house: House, counter: Counter) -> list[BaseRoute]:
    """Every address about reports."""
    receive = ReceiveReport(house.cases)
    calls = ReportRoutes(counter, ReportSubject(house.cases), receive, contest_report(house), rule_report(house))
    form = ReportFormRoutes(counter, receive, house.settings.public_issuer, Origins(house.settings.trusted_proxies))
    return [*calls.routes(), *form.routes()]


def report_timers(house: House) -> dict[Due, Callable[[Transaction, str, datetime], None]]:
    """What the times of a report lead to."""
    silence = LetSilenceAct(house.purge, house.audit)
    return {
        Due.REPORT_UNANSWERED: silence.unanswered,
        Due.REPORT_ACCOUNT: silence.account_kept,
        Due.CONTEST_END: silence.contest_ends,
    }


def contest_report(house: House) -> ContestReport:
    """Contests cases, for calls and commands."""
    return ContestReport(house.vault, house.audit)


def rule_report(house: House) -> RuleReport:
    """Rules on cases, for calls and commands."""
    clear = ClearSubject(JudgeAgain(house.rules, house.vault), house.settle)
    return RuleReport(house.vault, house.purge, clear, house.audit)
