"""What audit shows of its own events: complaints, inspections, appraisals, accountability, reports."""
