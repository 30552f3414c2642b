"""The composition of what a signup needs, for the API and for the command that sweeps existing accounts.

Builds, and decides nothing; everything else is composed in `app.py`.
"""

from agegate.flows.enrol_swept import EnrolSwept
from agegate.flows.issue_token import IssueToken
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.meet_signups import MeetSignups
from agegate.flows.repeat_signup import RepeatSignup
from agegate.flows.show_ages import ShowAges
from agegate.flows.sign_up import SignUp
from agegate.house import House


def issue_token(house: House) -> IssueToken:
    """Issues tokens."""
    ages = ShowAges(JudgeAgain(house.rules, house.vault))
    issuer = house.settings.public_issuer
    return IssueToken(house.rules, house.digests, house.entropy, ages, house.places, issuer)


def sign_up(house: House, tokens: IssueToken) -> SignUp:
    """Signs up."""
    repeat = RepeatSignup(house.vault, house.sticky, house.settle)
    return SignUp(house.rules, house.vault, house.entropy, repeat, MeetSignups(repeat), tokens, house.audit)


def enrol_swept(house: House) -> EnrolSwept:
    """Enrols existing accounts."""
    return EnrolSwept(sign_up(house, issue_token(house)))
