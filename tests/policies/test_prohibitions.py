"""禁止事项 written by hand: what nobody may do, each in its own sentence, whatever the matrix says.

The matrix is generated; this page is not. A line here names a role, an act, how the object stands
to the person, and what binds the person to it already; ``*`` tries every relation.
"""

import pytest

from registry.domain.areas import Relation
from registry.policies.access import Access

ACCESS = Access()
READING = (
    ".read", ".read_all", "audit.verify", "complaint.disclose", "expenditure.payee",
    "expenditure.compare", "year.rehearse", "export.made", "sql.run",
)  # fmt: skip
"""What changes nothing: names and digests shown in full, a year rehearsed and nothing closed, what
one reads taken away as a file."""
EVERYBODYS = {"complaint.register"}
"""What is no power over others: anybody may complain of whoever is over them."""

PROHIBITIONS: list[tuple[str, str, str, str, str]] = [
    # ---- who filed may not decide --------------------------------------------------------------
    ("a clerk may not approve what they filed", "street.clerk", "request.approve", "*", "none"),
    ("a head may not approve what they filed", "street.head", "request.approve", "own", "filed"),
    ("a head may not refuse what they filed", "street.head", "request.reject", "own", "filed"),
    ("a clerk may not accept what they filed", "street.clerk", "request.accept", "own", "filed"),
    ("a clerk may not return what they filed", "street.clerk", "request.return", "own", "filed"),
    ("nobody examines what they filed", "county.office", "task.examine", "own", "filed"),
    ("nobody gives an opinion on what they filed", "county.office", "task.opinion", "own", "filed"),
    ("the county's head may not decide what they filed", "county.head", "request.approve", "own",
     "filed"),
    ("nobody ends a case they filed as the deciding body", "county.head", "request.terminate",
     "own", "filed"),
    # ---- an applicant does not decide its own request ------------------------------------------
    ("an applicant's head may not approve it", "street.head", "request.approve", "own",
     "applicant"),
    ("an applicant's head may not refuse to accept it", "street.head", "request.not_accept", "own",
     "applicant"),
    ("an applicant's clerk may not examine it", "street.clerk", "task.examine", "own", "applicant"),
    ("an applicant's office may not give the opinion on it", "county.office", "task.opinion", "own",
     "applicant"),
    ("a department decides nothing", "dept.head", "request.approve", "*", "none"),
    ("a department accepts nothing", "dept.head", "request.accept", "*", "none"),
    # ---- what was there before -----------------------------------------------------------------
    ("no community fills in a stocktake", "community.worker", "existing.import", "*", "none"),
    ("no community settles its old stock", "community.head", "existing.settle", "*", "none"),
    ("no department settles what it asks", "dept.head", "existing.settle", "*", "none"),
    # ---- acts between the steps ----------------------------------------------------------------
    ("nobody passes on a case they filed", "county.office", "task.transfer", "own", "filed"),
    ("nobody assigns a case they filed", "county.head", "task.assign", "own", "filed"),
    ("an applicant adds nobody to its own case", "street.head", "task.add", "own", "applicant"),
    ("an applicant drops nobody from its own case", "street.head", "task.drop", "own", "applicant"),
    ("nobody sends back a case they filed", "county.head", "request.send_back", "own", "filed"),
    ("a clerk assigns no task to others", "street.clerk", "task.assign", "*", "none"),
    ("a department that was asked sends nothing back", "dept.head", "request.send_back", "*",
     "none"),
    ("a department that was asked adds nobody", "dept.head", "task.add", "*", "none"),
    ("a department gives no opinion on its own case", "dept.head", "task.opinion", "own",
     "applicant"),
    ("another body takes nothing back", "street.head", "task.take_back", "below", "none"),
    ("a clerk writes no wording for the body", "street.clerk", "phrase.share", "*", "none"),
    # ---- burden and publicity ------------------------------------------------------------------
    ("a department reads no community's burden", "dept.head", "burden.read", "*", "none"),
    ("a community reads no other's burden", "community.head", "burden.read", "other", "none"),
    ("a community takes down nothing of another's", "community.head", "posting.take_down", "below",
     "none"),
    ("a department takes nothing down from a community's wall", "dept.head", "posting.take_down",
     "*", "none"),
    # ---- certificates --------------------------------------------------------------------------
    ("a department registers no demand for a community", "dept.head", "certificate_demand.record",
     "*", "none"),
    ("the county puts right no community's register", "county.head", "certificate_demand.correct",
     "*", "none"),
    ("nobody answers a report about their own body", "street.head", "resident_report.answer",
     "own", "applicant"),
    ("a community is not shown who reported what", "community.head", "resident_report.read", "*",
     "none"),
    ("no department decides the review of its matter", "dept.head", "yearly_review.decide", "*",
     "none"),
    ("no office decides the review of its own matter", "county.head", "yearly_review.decide",
     "below", "applicant"),
    ("no street opens a year", "street.head", "yearly_review.open", "*", "none"),
    ("a department records no satisfaction", "dept.head", "satisfaction.record", "*", "none"),
    ("a department reads nobody's rating of it", "dept.head", "satisfaction.read", "*", "none"),
    ("a street rates for no community", "street.head", "satisfaction.rate", "below", "none"),
    ("the county rates in nobody's name", "county.head", "satisfaction.rate", "*", "none"),
    ("the public may not read a result by department", "resident", "evaluation.read", "*", "none"),
    ("the public takes no sheet of results", "resident", "evaluation.export", "*", "none"),
    ("a community reads no department's result", "community.head", "evaluation.read", "*", "none"),
    ("a department reads no other's result", "dept.head", "evaluation.read", "other", "none"),
    ("a department reads no result below it", "dept.head", "evaluation.read", "below", "none"),
    ("a clerk takes no sheet of results", "dept.clerk", "evaluation.export", "*", "none"),
    ("a department assesses only where it is the body that does", "dept.head",
     "satisfaction.assess", "below", "none"),
    ("a department ends no community's round", "dept.head", "code_round.close", "*", "none"),
    ("the county ends no community's round", "county.head", "code_round.close", "*", "none"),
    ("a community assesses no work", "community.head", "satisfaction.assess", "*", "none"),
    ("an official answers with no resident's code", "county.head", "code.answer", "*", "none"),
    ("the county counts no community's seal", "county.head", "seal_count.record", "*", "none"),
    ("a street registers for its own communities alone", "street.clerk",
     "certificate_demand.record", "other", "none"),
    ("a department does not read what communities were asked for", "dept.head",
     "certificate_demand.read", "*", "none"),
    ("a clerk does not answer for the department", "dept.clerk", "amendment_proposal.answer", "*",
     "none"),
    ("a department answers what was put to it alone", "dept.head", "amendment_proposal.answer",
     "other", "none"),
    ("a street proposes to amend no rule", "street.head", "amendment_proposal.send", "*", "none"),
    # ---- redress -------------------------------------------------------------------------------
    ("nobody but the community declines for it by its own act", "street.head", "declining.issue",
     "*", "none"),
    ("a department takes back no refusal", "dept.head", "declining.resume", "*", "none"),
    ("the county's head takes back no refusal", "county.head", "declining.resume", "*", "none"),
    ("a worker refuses no admitted matter", "community.worker", "presence.refuse", "*", "none"),
    ("a community answers no objection", "community.head", "objection.answer", "*", "none"),
    ("nobody answers an objection they entered", "street.head", "objection.answer", "own",
     "filed"),
    ("who asks answers no objection to it", "county.head", "objection.answer", "own", "applicant"),
    ("nobody verifies their own complaint", "county.office", "complaint.verify", "own", "filed"),
    ("nobody handles a complaint about their own body", "county.head", "complaint.handle", "own",
     "applicant"),
    ("nobody complained of reads who complained", "county.head", "complaint.disclose", "own",
     "applicant"),
    ("an auditor complained of does not read who complained", "auditor", "complaint.disclose",
     "below", "applicant"),
    ("a body above reads no complaint of another's", "county.head", "complaint.read", "below",
     "none"),
    ("a body above does not read who complained to another", "county.head", "complaint.disclose",
     "below", "none"),
    ("a clerk reprimands nobody", "county.office", "complaint.refer", "*", "none"),
    ("a clerk dismisses no complaint", "county.office", "complaint.dismiss", "*", "none"),
    ("the log's administrator does not read who complained", "audit.admin", "complaint.disclose",
     "*", "none"),
    # ---- what lives in a community -------------------------------------------------------------
    ("who pays does not agree to its own clearance", "dept.head", "clearance.agree", "*", "none"),
    ("who drew up a clearance does not dispute it for the community", "dept.head",
     "clearance.dispute", "*", "none"),
    ("a community does not let a clearance stand that it disputes", "community.head",
     "clearance.uphold", "*", "none"),
    ("nobody agrees to a clearance they drew up", "community.head", "clearance.agree", "own",
     "recorded"),
    ("a community does not say why its street holds money", "community.head", "hold.record", "*",
     "none"),
    ("who asks does not say that what it left behind is settled", "dept.head", "departure.settle",
     "*", "none"),
    ("a department accepts nothing that another asked for", "dept.head", "acceptance.give",
     "below", "none"),
    ("a department reserves no numbers for another", "dept.clerk", "form.reserve", "other", "none"),
    ("who reported what is done does not accept it", "street.head", "acceptance.give", "own",
     "recorded"),
    ("a clerk does not accept", "dept.clerk", "acceptance.give", "*", "none"),
    ("a street that asks reports nothing as done for the community", "street.clerk",
     "presence.report", "below", "applicant"),
    ("a street that asks settles nothing it left behind", "street.head", "departure.settle",
     "below", "applicant"),
    ("a street does not let stay what it asks itself", "street.head", "existing.settle", "below",
     "applicant"),
    ("a street takes no word by telephone on a board of its own", "street.clerk", "board.attest",
     "below", "applicant"),
    ("a community takes nothing out by itself", "community.head", "request.leave", "*", "none"),
    ("another street does not suspend", "street.head", "presence.suspend", "other", "none"),
    # ---- one person, one voice -----------------------------------------------------------------
    ("nobody votes twice in one step", "county.head", "request.approve", "own", "voted"),
    ("nobody gives a second opinion in one step", "county.office", "task.opinion", "own", "voted"),
    ("nobody answers a consultation twice", "community.head", "task.consult", "own", "voted"),
    ("nobody decides for a second body in one case", "county.head", "request.approve", "own",
     "elsewhere"),
    ("nobody ratifies for the body above what they said for another", "county.head",
     "request.ratify", "own", "elsewhere"),
    ("nobody gives the opinions of two bodies", "street.head", "task.opinion", "own", "elsewhere"),
    ("nobody signs an agreement for both sides", "community.head", "agreement.sign", "own",
     "signed"),
    # ---- who acts for whom ---------------------------------------------------------------------
    ("a clerk delegates no colleague's post", "street.clerk", "delegation.order", "*", "none"),
    ("a head delegates no post of another body", "street.head", "delegation.order", "below",
     "none"),
    ("nobody delegates a post of another body", "dept.head", "delegation.give", "other", "none"),
    ("an administrator of accounts acts for nobody", "sys.admin", "delegation.take", "*", "none"),
    ("who grants posts lends none", "sec.admin", "delegation.give", "*", "none"),
    ("the log's administrator acts for nobody", "audit.admin", "delegation.take", "*", "none"),
    ("an auditor acts for nobody", "auditor", "delegation.take", "*", "none"),
    ("the machine's operator delegates nothing", "cli", "delegation.give", "*", "none"),
    # ---- who drafts does not sign --------------------------------------------------------------
    ("a department's clerk may not submit", "dept.clerk", "request.submit", "*", "none"),
    ("a department's clerk may not sign an agreement", "dept.clerk", "agreement.sign", "*", "none"),
    ("a department's clerk may not order money", "dept.clerk", "voucher.order", "*", "none"),
    ("a department may not file for another", "dept.head", "request.submit", "below", "none"),
    ("a department may not withdraw another's request", "dept.head", "request.withdraw", "below",
     "none"),
    # ---- money: who records does not confirm ---------------------------------------------------
    ("finance's clerk may not confirm a dispatch", "finance.clerk", "voucher.confirm.dispatch", "*",
     "none"),
    ("finance's head may not record a dispatch", "finance.head", "voucher.dispatch", "*", "none"),
    ("who recorded a dispatch may not confirm it", "finance.head", "voucher.confirm.dispatch",
     "below", "recorded"),
    ("who recorded a street's arrival may not confirm it", "street.head",
     "voucher.confirm.street_arrival", "below", "recorded"),
    ("who recorded a community's arrival may not confirm it", "community.worker",
     "voucher.confirm.community_arrival", "own", "recorded"),
    ("who recorded a reversal may not confirm it", "finance.head", "voucher.confirm.reversal",
     "own", "recorded"),
    ("a cashier may not confirm an arrival", "community.cashier",
     "voucher.confirm.community_arrival", "*", "none"),
    ("a street does not confirm that a community has the money", "street.head",
     "voucher.confirm.community_arrival", "*", "none"),
    ("a department does not record that its own money arrived", "dept.head",
     "voucher.community_arrival", "*", "none"),
    ("who approved an expenditure does not confirm it", "community.head",
     "voucher.confirm.expenditure", "own", "approved"),
    ("who keeps the cash keeps no books", "community.head", "voucher.confirm.expenditure", "own",
     "cashier"),
    ("a community does not second its own use", "community.head", "expenditure.second", "*",
     "none"),
    ("who recorded it does not second it", "street.head", "expenditure.second", "below",
     "recorded"),
    ("a community does not review its own claim", "community.head", "claim.review", "*", "none"),
    ("who reviewed a claim does not have it paid", "street.clerk", "claim.reimburse", "below",
     "approved"),
    ("a department does not read whom a community paid by name", "dept.head", "expenditure.payee",
     "*", "none"),
    ("nobody but the auditor compares payees", "street.head", "expenditure.compare", "*", "none"),
    ("finance does not order a department's money", "finance.head", "voucher.order", "*", "none"),
    ("a department may not confirm another's reversal", "dept.head", "voucher.confirm.reversal",
     "below", "none"),
    ("a head of another body may not submit what the office recorded", "county.head",
     "request.submit_recorded", "below", "none"),
    # ---- places --------------------------------------------------------------------------------
    ("a street may not decide another street's", "street.head", "request.approve", "other", "none"),
    ("a street decides only what stands on its own desk", "street.head", "request.approve", "below",
     "none"),
    ("a street may not record another street's arrival", "street.clerk", "voucher.street_arrival",
     "other", "none"),
    ("a community may not read another community's", "community.worker", "request.read", "other",
     "none"),
    ("a community may not read another community's presences", "community.head", "presence.read",
     "other", "none"),
    ("a community may not start work in another", "community.head", "presence.start", "other",
     "none"),
    ("a community may not sign for another", "community.head", "agreement.sign", "other", "none"),
    ("a county's office may not read another county's", "county.office", "request.read", "other",
     "none"),
    ("a county's head may not decide another county's", "county.head", "request.approve", "other",
     "none"),
    ("a county may not publish another county's rules", "county.head", "pack.publish", "other",
     "none"),
    ("a city does not decide what its county has on the desk", "city.office", "request.approve",
     "below", "none"),
    ("a department may not read another department's", "dept.clerk", "request.read", "below",
     "none"),
    # ---- the community's own people ------------------------------------------------------------
    ("only the community's head starts work", "community.worker", "presence.start", "*", "none"),
    ("only the community's head signs", "community.worker", "agreement.sign", "*", "none"),
    ("a supervisor may not start work", "community.supervisor", "presence.start", "*", "none"),
    ("a station may not sign for the committee", "station.worker", "agreement.sign", "*", "none"),
    ("a street may not start work in a community", "street.head", "presence.start", "*", "none"),
    ("a department may not start work in a community", "dept.head", "presence.start", "*", "none"),
    # ---- after the decision --------------------------------------------------------------------
    ("who decided does not review it", "street.head", "review.decide", "own", "decided"),
    ("who filed does not review it", "county.head", "review.decide", "own", "filed"),
    ("an applicant does not review its own case", "street.head", "review.decide", "own",
     "applicant"),
    ("who took part in an annulled decision does not decide again", "street.head",
     "request.approve", "own", "decided"),
    ("nor refuses again", "street.head", "request.reject", "own", "decided"),
    ("a department reviews nothing", "dept.head", "review.decide", "*", "none"),
    ("a clerk asks for no review", "dept.clerk", "review.ask", "*", "none"),
    ("a department revokes nothing", "dept.head", "request.revoke", "*", "none"),
    ("a street does not revoke what another admitted", "street.head", "request.revoke", "other",
     "none"),
    ("a county does not revoke what a street admitted", "county.head", "request.revoke", "below",
     "none"),
    ("an applicant does not revoke its own admission", "street.head", "request.revoke", "own",
     "applicant"),
    ("a clerk proposes no revocation", "street.clerk", "revocation.propose", "*", "none"),
    ("a clerk is not heard in the department's place", "dept.clerk", "revocation.answer", "*",
     "none"),
    ("a clerk voids no number", "street.clerk", "decision.void", "*", "none"),
    ("a department voids no number", "dept.head", "decision.void", "*", "none"),
    ("a department corrects no decision", "dept.head", "decision.correct", "*", "none"),
    ("a department does not rewrite what was admitted", "dept.head", "request.correct", "*",
     "none"),
    ("a community changes nothing of a department's", "community.head", "request.change", "*",
     "none"),
    # ---- payments by the treasury --------------------------------------------------------------
    # ---- statements ----------------------------------------------------------------------------
    ("a department reads no statement", "dept.head", "bank.read", "*", "none"),
    ("a community matches no line itself", "community.cashier", "bank.match", "*", "none"),
    ("a street settles no other account than its own", "street.clerk", "bank.classify", "below",
     "none"),
    ("a street brings in no payment list", "street.clerk", "treasury.import", "*", "none"),
    ("an auditor settles no line", "auditor", "bank.classify", "*", "none"),
    ("finance reads no person's name on another's statement", "finance.head", "bank.names.read",
     "below", "none"),
    ("the office reads no person's name on a statement", "county.office", "bank.names.read", "*",
     "none"),
    ("nobody but a community notes work without an admission", "street.head", "unregistered.note",
     "*", "none"),
    ("nobody records what the treasury answered", "finance.head", "payment.hear", "*", "none"),
    # ---- opening balances, the closing of a year ------------------------------------------------
    ("no community brings in its own balances", "community.cashier", "opening.import", "*", "none"),
    ("who pays brings in no balances", "dept.head", "opening.import", "*", "none"),
    ("who asked for a reversal of what was opened with does not agree to it", "community.head",
     "opening.reverse_community", "own", "recorded"),
    ("a street does not sign for a community", "street.head", "opening.sign_community", "*",
     "none"),
    ("a community does not sign for a street", "community.head", "opening.sign_street", "*",
     "none"),
    ("finance signs no opening balance", "finance.head", "opening.sign_community", "*", "none"),
    ("who signed for the street does not sign for the community", "community.head",
     "opening.sign_community", "own", "recorded"),
    ("no street closes a year", "street.head", "year.close", "*", "none"),
    ("no community closes its year", "community.head", "year.close", "*", "none"),
    ("no office of admission closes a year", "county.head", "year.close", "*", "none"),
    ("nobody sends a payment by hand", "finance.clerk", "payment.send", "*", "none"),
    ("a clerk calls no payment back", "finance.clerk", "payment.void", "*", "none"),
    ("a payer calls no payment back", "dept.head", "payment.void", "*", "none"),
    ("who gets the money calls no payment back", "community.head", "payment.void", "*", "none"),
    ("the treasury's program calls no payment back", "treasury.system", "payment.void", "*",
     "none"),
    ("the treasury's program records no answer of its own", "treasury.system", "payment.hear", "*",
     "none"),
    ("the treasury's program confirms no dispatch", "treasury.system", "voucher.confirm.dispatch",
     "*", "none"),
    # ---- the joint conference ------------------------------------------------------------------
    ("who filed a case does not vote on it", "county.head", "conference.vote", "own", "filed"),
    ("who asks does not vote on what they ask", "dept.head", "conference.vote", "own", "applicant"),
    ("who voted for what a review annulled votes no more", "dept.head", "conference.vote", "own",
     "decided"),
    ("who decided does not vote on ratifying it", "county.head", "conference.vote", "own", "voted"),
    ("who filed a case does not enter what was decided", "county.head", "conference.close", "own",
     "filed"),
    ("who filed a case does not enter the votes on it", "county.head", "conference.record", "own",
     "filed"),
    ("who spoke for another body does not review", "county.head", "review.decide", "own",
     "elsewhere"),
    ("nobody votes for another body", "county.head", "conference.vote", "below", "none"),
    ("a member does not call the meeting", "dept.head", "conference.call", "*", "none"),
    ("a member does not close the meeting", "street.head", "conference.close", "*", "none"),
    ("a body above does not close another's meeting", "county.head", "conference.close", "below",
     "none"),
    ("an auditor does not vote", "auditor", "conference.vote", "*", "none"),
    ("the system's administrator does not vote", "sys.admin", "conference.vote", "*", "none"),
    # ---- rules ---------------------------------------------------------------------------------
    ("who proposed a pack may not publish it", "county.head", "pack.publish", "own", "proposed"),
    ("the office may not publish what it proposes", "county.office", "pack.publish", "*", "none"),
    ("a head may not propose the pack they are to publish", "county.head", "pack.propose", "*",
     "none"),
    ("a street writes no rule pack", "street.head", "pack.propose", "*", "none"),
    # ---- three administrators, none of whom does business --------------------------------------
    ("the system's administrator may not read cases", "sys.admin", "request.read", "*", "none"),
    ("the system's administrator may not read the log", "sys.admin", "event.read", "*", "none"),
    ("the system's administrator may not grant posts", "sys.admin", "post.grant", "*", "none"),
    ("the security administrator may not create accounts", "sec.admin", "person.create", "*",
     "none"),
    ("the system's administrator signs nobody out", "sys.admin", "session.end", "*", "none"),
    ("who reads the log signs nobody out", "audit.admin", "session.end", "*", "none"),
    ("no head of business signs anybody out", "county.head", "session.end", "*", "none"),
    ("no head of business makes a signing key", "county.head", "key.make", "*", "none"),
    ("the system administrator makes no signing key", "sys.admin", "key.make", "*", "none"),
    ("who reads the log revokes no signing key", "audit.admin", "key.revoke", "*", "none"),
    ("the county's office revokes no signing key", "county.office", "key.revoke", "*", "none"),
    ("a community puts no signing key aside", "community.head", "key.retire", "*", "none"),
    ("the security administrator may not read cases", "sec.admin", "request.read", "*", "none"),
    ("the log's administrator may not read cases", "audit.admin", "request.read", "*", "none"),
    ("the log's administrator may not grant posts", "audit.admin", "post.grant", "*", "none"),
    # ---- those who look ------------------------------------------------------------------------
    ("an inspector reads no case without an order", "inspector", "request.read", "below", "none"),
    ("an inspector reads no voucher unordered", "inspector", "voucher.read", "below", "none"),
    ("an inspector reads no document unordered", "inspector", "document.read", "below", "none"),
    ("an auditor may not read outside their own area", "auditor", "voucher.read", "other", "none"),
    ("an inspector lets nobody in", "inspector", "inspection.open", "*", "none"),
    ("an auditor lets no inspector in", "auditor", "inspection.open", "*", "none"),
    ("an inspector reads no finding", "inspector", "finding.read", "*", "none"),
    ("an inspector judges nothing", "inspector", "finding.qualify", "*", "none"),
    ("who keeps the log audits nothing", "audit.admin", "finding.verify", "*", "none"),
    ("the office settles no finding", "county.head", "finding.settle", "*", "none"),
    ("a unit dismisses no finding about itself", "dept.head", "finding.dismiss", "*", "none"),
    ("an auditor answers for no unit", "auditor", "finding.answer", "*", "none"),
    ("an auditor reads not who read what", "auditor", "reading.read", "*", "none"),
    ("an auditor uploads nothing", "auditor", "document.upload", "*", "none"),
    ("the machine's operator may not decide a case", "cli", "request.approve", "*", "none"),
    ("the machine's operator may not read cases", "cli", "request.read", "*", "none"),
    ("nobody but the registry itself brings about what time brings", "county.head", "system.tick",
     "*", "none"),
    # ---- who changes what bodies there are, and who leaves -------------------------------------
    ("a street reorganises nothing", "street.head", "reorganisation.run", "*", "none"),
    ("the system's keeper looks at a plan and carries out none", "sys.admin",
     "reorganisation.run", "*", "none"),
    ("the county's office carries out no reorganisation", "county.office", "reorganisation.run",
     "*", "none"),
    ("a head hands over nobody of another body", "dept.head", "handover.run", "below", "none"),
    ("a clerk hands over nobody", "dept.clerk", "handover.run", "*", "none"),
    ("an auditor hands over nobody", "auditor", "handover.run", "*", "none"),
    # ---- walls: who put it up does not say that it is gone, nobody speaks for both sides -------
    ("a department does not attest that its board is gone", "dept.head", "board.attest", "*",
     "none"),
    ("nobody gives both sides' word on a board", "street.clerk", "board.attest", "below",
     "signed"),
    ("nobody gives both sides' word on an office", "community.head", "bureau.attest", "own",
     "signed"),
    ("a community orders nothing down", "community.head", "cleanup.order", "*", "none"),
    ("a clerk orders nothing down", "street.clerk", "cleanup.order", "*", "none"),
    ("the county does not attest for a street", "county.office", "board.attest", "*", "none"),
]  # fmt: skip


@pytest.mark.parametrize("line", PROHIBITIONS, ids=[p[0] for p in PROHIBITIONS])
def test_a_prohibition_holds(line: tuple[str, str, str, str, str]) -> None:
    sentence, role, act, relation, tie = line
    assert role in ACCESS.roles and act in ACCESS.acts, "a misspelt prohibition forbids nothing"
    for where in Relation if relation == "*" else [Relation(relation)]:
        ties = [] if tie == "none" else [tie]
        assert ACCESS.may([(role, where)], act, ties) is None, sentence


@pytest.mark.parametrize(
    "line", [p for p in PROHIBITIONS if p[4] != "none"], ids=lambda line: str(line[0])
)
def test_without_the_tie_the_same_person_may(line: tuple[str, str, str, str, str]) -> None:
    _, role, act, relation, _ = line
    assert ACCESS.may([(role, Relation(relation))], act) == role


def test_there_are_at_least_thirty_prohibitions_and_none_twice() -> None:
    assert len({p[0] for p in PROHIBITIONS}) == len(PROHIBITIONS) >= 30
    assert len({p[1:] for p in PROHIBITIONS}) == len(PROHIBITIONS)


def _acts(role: str) -> set[str]:
    """What a role may do without a project that lets it."""
    near = [r for r in Relation if r is not Relation.PROJECT]
    return {a for a in ACCESS.acts if any(ACCESS.may([(role, r)], a) for r in near)}


AUDITS = ("audit_project.", "finding.", "sample.", "issued_document.", "reading.", "proof.",
          "export.", "sql.")  # fmt: skip
"""Acts of an audit about what others did: none of them changes what was done."""


@pytest.mark.parametrize("role", ["auditor", "audit.admin"])
def test_an_auditor_may_do_no_act_but_reading_and_those_of_an_audit(role: str) -> None:
    others = {a for a in _acts(role) if not a.endswith(READING) and not a.startswith(AUDITS)}
    assert others == EVERYBODYS


def test_an_inspector_without_an_order_has_only_what_is_everybodys() -> None:
    public = {"area.read", "organisation.read", "list.read", "pack.read", "calendar.read",
              "instrument.read", "reorganisation.read", "colleague.read"}  # fmt: skip
    own = {"notice.read", "notice.read_all", "complaint.read"} | EVERYBODYS
    # What is taken away is what is read, and without an order nothing is (test_audit_taken_away).
    away = {"export.made"}
    assert _acts("inspector") == public | own | away | {"precheck.ask", "reading.recorded"}


def test_no_role_holds_both_recording_and_confirming_of_a_stage() -> None:
    stages = (
        "dispatch", "street_arrival", "community_arrival", "expenditure", "advance", "repayment",
        "refund", "surplus", "increase", "decrease", "reallocate",
    )  # fmt: skip
    for stage in stages:
        both = [r for r in ACCESS.roles
                if {f"voucher.{stage}", f"voucher.confirm.{stage}"} <= _acts(r)]  # fmt: skip
        assert both == [], stage


def test_no_community_street_or_department_changes_how_its_money_is_kept() -> None:
    assert {r for r in ACCESS.roles if "custody.change" in _acts(r)} == {
        "county.office", "finance.head", "cli"
    }  # fmt: skip


def test_the_three_administrators_share_no_power_but_reading() -> None:
    powers = [_acts(r) for r in ("sys.admin", "sec.admin", "audit.admin")]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        shared = {a for a in powers[one] & powers[other] if not a.endswith(READING)}
        assert shared == EVERYBODYS


def test_nobody_acts_in_an_area_that_is_not_theirs() -> None:
    everywhere = {
        (role, act) for role in ACCESS.roles if role not in ("cli", "system") for act in ACCESS.acts
        if ACCESS.may([(role, Relation.OTHER)], act) and not act.endswith(".read")
    }  # fmt: skip
    assert {one for one in everywhere if one[1] != "precheck.ask"} == {
        ("resident", "code.answer"),
        ("resident", "resident_report.tell"),
    }
