"""audit, put together."""

from services import audit
from services.audit import (
    accountability_api,
    api,
    holdings,
    pages,
    public_pages,
    reactions,
    readings,
    report_api,
    report_pages,
    report_timers,
    result_pages,
    standing,
    supervision_api,
    timers,
    yearly_api,
)
from services.audit.accountability_case import commands as case_commands
from services.audit.accountability_case import sanction_commands
from services.audit.accountability_lead import commands as lead_commands
from services.audit.annual_report import commands as annual_report_commands
from services.audit.appraisal import commands as appraisal_commands
from services.audit.complaint import commands as complaint_commands
from services.audit.earlier_report import commands as earlier_report_commands
from services.audit.feedback import commands as feedback_commands
from services.audit.heads import Heads
from services.audit.inspection import commands as inspection_commands
from services.audit.ledger import LedgerWriter
from services.audit.report_figures import commands as report_figures_commands
from services.audit.report_round import commands as round_commands
from services.audit.result_export import commands as export_commands
from services.audit.rooms import BENCH, NAV
from services.audit.service_register import commands as register_commands
from services.audit.supervisor import commands as supervisor_commands
from services.audit.supplies import SUPPLIES
from services.audit.unit_appraisal import commands as unit_appraisal_commands
from services.audit.unit_report import commands as unit_report_commands
from services.audit.views.accountability_cases import accountability_cases
from services.audit.views.accountability_leads import accountability_leads
from services.audit.views.annual_reports import annual_reports, earlier_reports, report_figures
from services.audit.views.appraisals import appraisals, unit_appraisals
from services.audit.views.complaints import complaints
from services.audit.views.excellence import excellence
from services.audit.views.exports import exports
from services.audit.views.feedbacks import feedbacks
from services.audit.views.inspection_results import inspection_results
from services.audit.views.inspections import inspections
from services.audit.views.registers import registers
from services.audit.views.supervisors import supervisors
from services.audit.views.unit_reports import unit_reports
from shared.kernel.service import Service

service = Service(
    name="audit",
    title="监督",
    about=audit.__doc__ or "",
    routers=(api.router, supervision_api.router, accountability_api.router, standing.api, yearly_api.router, report_api.router),
    pages=(
        pages.router,
        public_pages.FEEDBACK.router("audit"),
        public_pages.COMPLAIN.router("audit"),
        public_pages.router,
        result_pages.router,
        standing.router,
        report_pages.router,
        BENCH.router,
    ),
    nav=NAV,
    views=(
        feedbacks,
        supervisors,
        complaints,
        inspections,
        inspection_results,
        exports,
        accountability_cases,
        accountability_leads,
        excellence,
        registers,
        unit_reports,
        appraisals,
        unit_appraisals,
        annual_reports,
        report_figures,
        earlier_reports,
    ),
    timers=(
        timers.unanswered_feedback,
        timers.unconcluded_complaints,
        timers.problems_not_put_right,
        timers.missed_case_deadlines,
        timers.missed_leads,
        timers.reports_to_remind,
        timers.missed_reports,
        timers.missed_plans,
        report_timers.annual_reports_to_open,
        report_timers.annual_reports_near,
        report_timers.missed_annual_reports,
    ),
    reads={
        "audit.Feedback": "audit.read_feedback",
        "audit.Supervisor": "audit.read_supervisor",
        "audit.Complaint": "audit.read_complaint",
        "audit.Inspection": "audit.read_inspection",
        "audit.ResultExport": "audit.export_results",
        "audit.AccountabilityCase": "audit.read_accountability",
        "audit.AccountabilityLead": "audit.read_accountability",
        "audit.ServiceRegister": "audit.read_register",
        "audit.ReportRound": "audit.call_reports",
        "audit.UnitReport": "audit.read_unit_report",
        "audit.Appraisal": "audit.read_appraisal",
        "audit.UnitAppraisal": "audit.read_appraisal",
        "audit.AnnualReport": "audit.read_report",
        "audit.ReportFigure": "audit.read_report",
        "audit.EarlierReport": "audit.read_report",
    },
    ledger=LedgerWriter,
    duties={"heads": lambda running: Heads(running.settings, running.dsn)},
    supplies=SUPPLIES,
)

DECLARED = (
    complaint_commands,
    export_commands,
    feedback_commands,
    holdings,
    inspection_commands,
    supervisor_commands,
    case_commands,
    sanction_commands,
    lead_commands,
    reactions,
    readings,
    register_commands,
    round_commands,
    unit_report_commands,
    appraisal_commands,
    unit_appraisal_commands,
    annual_report_commands,
    report_figures_commands,
    earlier_report_commands,
)
"""Importing these is what registers their commands and reactions, and what they hold."""
